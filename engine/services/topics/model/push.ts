import { Type, type Static } from "typebox";
import { records, subspace } from "../../../kernel/subspace.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { errors } from "../errors.ts";

export const PUSH_PLATFORMS = [
  "ADM",
  "APNS",
  "APNS_SANDBOX",
  "APNS_VOIP",
  "APNS_VOIP_SANDBOX",
  "BAIDU",
  "GCM",
  "MACOS",
  "MACOS_SANDBOX",
  "MPNS",
  "WNS",
];

const SettingTexts = Type.Record(Type.String(), Type.String());

/** An app as a push platform knows it. Its credentials are kept and never shown. */
export const PushApplication = Type.Object({
  version: Type.Literal(1),
  account: Type.String(),
  region: Type.String(),
  platform: Type.String(),
  name: Type.String(),
  isEnabled: Type.Boolean(),
  settings: SettingTexts,
  secrets: SettingTexts,
});
export type PushApplication = Static<typeof PushApplication>;

/** A device with the app on it. */
export const Device = Type.Object({
  version: Type.Literal(1),
  account: Type.String(),
  region: Type.String(),
  platform: Type.String(),
  application: Type.String(),
  id: Type.String(),
  isEnabled: Type.Boolean(),
  /** The platform's name for it. */
  token: Type.String(),
  userData: Type.Optional(Type.String()),
});
export type Device = Static<typeof Device>;

export const applicationSpace = subspace<[account: string, region: string, platform: string, name: string]>(
  "topics",
  "application",
);
export const applicationRecords = records<PushApplication, [string, string, string, string]>(applicationSpace);
export const deviceSpace = subspace<
  [account: string, region: string, platform: string, application: string, id: string]
>("topics", "device");
export const deviceRecords = records<Device, [string, string, string, string, string]>(deviceSpace);
/** A device has one record for each of its tokens. */
export const deviceTokenSpace = subspace<
  [account: string, region: string, platform: string, application: string, token: string]
>("topics", "deviceToken");

export const ApplicationName = { platform: Type.String(), application: Type.String() };
export interface ApplicationRef {
  readonly platform: string;
  readonly application: string;
}
export const DeviceName = { ...ApplicationName, device: Type.String() };
export interface DeviceRef extends ApplicationRef {
  readonly device: string;
}

export async function requireApplication(tx: Reader, ctx: Scope, ref: ApplicationRef): Promise<PushApplication> {
  const found = await applicationRecords.get(tx, ctx.account, ctx.region, ref.platform, ref.application);
  if (found === undefined) throw errors.ApplicationNotFound({ application: ref.application });
  return found;
}

export const findDevice = (tx: Reader, { account, region }: Scope, { platform, application, device }: DeviceRef) =>
  deviceRecords.get(tx, account, region, platform, application, device);

export async function requireDevice(tx: Reader, ctx: Scope, ref: DeviceRef): Promise<Device> {
  const found = await findDevice(tx, ctx, ref);
  if (found === undefined) throw errors.DeviceNotFound({ device: ref.device });
  return found;
}

/**
 * A device that takes messages.
 * Errors: `DeviceNotFound`, `DeviceDisabled`; `ApplicationNotFound`, `ApplicationDisabled`
 */
export async function requireReachableDevice(tx: Reader, scope: Scope, ref: DeviceRef): Promise<Device> {
  const device = await requireDevice(tx, scope, ref);
  const application = await requireApplication(tx, scope, ref);
  if (!application.isEnabled) throw errors.ApplicationDisabled({ application: ref.application });
  if (!device.isEnabled) throw errors.DeviceDisabled({ device: ref.device });
  return device;
}

const USER_DATA_BYTES_MAX = 2048;

/** Refuses what no device has: no token, or more data than it may carry. */
export function checkDevice({ token, userData = "" }: { readonly token?: string; readonly userData?: string }): void {
  if (token === "") throw errors.DeviceInvalid({ field: "token", reason: "cannot be empty" });
  if (Buffer.byteLength(userData) > USER_DATA_BYTES_MAX)
    throw errors.DeviceInvalid({
      field: "userData",
      reason: `must be at most ${USER_DATA_BYTES_MAX} bytes long in UTF-8 encoding`,
    });
}

export function putApplication(tx: Transaction, record: PushApplication): void {
  applicationRecords.put(tx, record, record.account, record.region, record.platform, record.name);
}

export function putDevice(tx: Transaction, device: Device): void {
  const { account, region, platform, application, id, token } = device;
  deviceRecords.put(tx, device, account, region, platform, application, id);
  tx.set(deviceTokenSpace.key(account, region, platform, application, token), id);
}

export function removeDevice(tx: Transaction, device: Device): void {
  const { account, region, platform, application, id, token } = device;
  deviceRecords.remove(tx, account, region, platform, application, id);
  tx.delete(deviceTokenSpace.key(account, region, platform, application, token));
}

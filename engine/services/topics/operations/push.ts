import { Type } from "typebox";
import type { Transaction } from "../../../kernel/store.ts";
import { operationUsing } from "../../operation.ts";
import { push } from "../delivery/people.ts";
import { errors } from "../errors.ts";
import { checkContent, type Content, type Published } from "../model/message.ts";
import {
  ApplicationName,
  applicationRecords,
  applicationSpace,
  checkDevice,
  Device,
  DeviceName,
  type DeviceRef,
  deviceRecords,
  deviceSpace,
  deviceTokenSpace,
  PUSH_PLATFORMS,
  PushApplication,
  putApplication,
  putDevice,
  removeDevice,
  requireApplication,
  requireDevice,
} from "../model/push.ts";
import type { Ports, TopicContext } from "../ports.ts";
import { Next, PageInput, pageOf } from "./pages.ts";

const operation = operationUsing<Ports>();
const Nothing = Type.Object({});
const Texts = Type.Record(Type.String(), Type.String());
const applicationChange = {
  isEnabled: Type.Optional(Type.Boolean()),
  settings: Type.Optional(Texts),
  secrets: Type.Optional(Texts),
};
const APPLICATION_NAME = /^[A-Za-z0-9_.-]{1,256}$/;

/** Many records are deleted with an application; more than this at once would be a transaction too large. */
const DEVICES_MAX = 10_000;

/** Sends a message to one device: it is kept where `listSentMessages` shows it. */
export async function publishToDevice(tx: Transaction, ref: DeviceRef, content: Content, ctx: TopicContext) {
  checkContent(content);
  const published: Published = { ...content, id: ctx.ids.uuid(), atMs: ctx.clock.nowMs() };
  await push(tx, ctx, ref, published);
  return { messageId: published.id };
}

export const pushOperations = {
  createPushApplication: operation({
    summary: "Registers an app of a push platform; the same again changes its settings.",
    input: Type.Object({ ...ApplicationName, ...applicationChange }),
    output: PushApplication,
    effects: "write",
    errors: ["ApplicationInvalid"],
    async run(tx, { platform, application: name, isEnabled = true, settings = {}, secrets = {} }, ctx) {
      const { account, region } = ctx;
      if (!PUSH_PLATFORMS.includes(platform)) throw errors.ApplicationInvalid({ field: "platform", reason: platform });
      if (!APPLICATION_NAME.test(name)) throw errors.ApplicationInvalid({ field: "application", reason: name });
      const record = { version: 1 as const, account, region, platform, name, isEnabled, settings, secrets };
      putApplication(tx, record);
      return record;
    },
  }),
  getPushApplication: operation({
    summary: "An app with its settings.",
    input: Type.Object(ApplicationName),
    output: PushApplication,
    effects: "read",
    errors: ["ApplicationNotFound"],
    run: (tx, input, ctx) => requireApplication(tx, ctx, input),
  }),
  updatePushApplication: operation({
    summary: "Changes settings of an app and leaves the others.",
    input: Type.Object({ ...ApplicationName, ...applicationChange }),
    output: PushApplication,
    effects: "write",
    errors: ["ApplicationNotFound"],
    async run(tx, { isEnabled, settings, secrets, ...name }, ctx) {
      const found = await requireApplication(tx, ctx, name);
      const updated = {
        ...found,
        isEnabled: isEnabled ?? found.isEnabled,
        settings: { ...found.settings, ...settings },
        secrets: { ...found.secrets, ...secrets },
      };
      putApplication(tx, updated);
      return updated;
    },
  }),
  listPushApplications: operation({
    summary: "The apps, in pages of a hundred.",
    input: Type.Object(PageInput),
    output: Type.Object({ applications: Type.Array(PushApplication), next: Next }),
    effects: "read",
    errors: ["PageTokenInvalid"],
    async run(tx, { next }, { account, region }) {
      const prefix = ["topics", "application", account, region];
      const { entries, ...rest } = await pageOf<PushApplication>(
        tx, applicationSpace.range(account, region), prefix, next);
      return { applications: entries.map(({ value }) => value), ...rest };
    },
  }),
  deletePushApplication: operation({
    summary: "Deletes an app and its devices; one that is gone is no error.",
    input: Type.Object(ApplicationName),
    output: Nothing,
    effects: "write",
    errors: [],
    async run(tx, { platform, application }, { account, region }) {
      const devices = await deviceRecords.page(tx, [account, region, platform, application], { limit: DEVICES_MAX });
      for (const device of devices) removeDevice(tx, device);
      applicationRecords.remove(tx, account, region, platform, application);
      return {};
    },
  }),
  createDevice: operation({
    summary: "Registers a device of an app; the same token again is answered with the device that exists.",
    input: Type.Object({
      ...ApplicationName,
      token: Type.String(),
      userData: Type.Optional(Type.String()),
      isEnabled: Type.Optional(Type.Boolean()),
    }),
    output: Device,
    effects: "write",
    errors: ["ApplicationNotFound", "DeviceInvalid", "DeviceExists"],
    async run(tx, { token, userData, isEnabled, ...name }, ctx) {
      checkDevice({ token, ...(userData !== undefined && { userData }) });
      const { account, region, platform, name: application } = await requireApplication(tx, ctx, name);
      const known = await tx.get<string>(deviceTokenSpace.key(account, region, platform, application, token));
      const existing = known && (await deviceRecords.get(tx, account, region, platform, application, known));
      if (existing) {
        const isSame = existing.userData === userData && (isEnabled ?? existing.isEnabled) === existing.isEnabled;
        if (!isSame) throw errors.DeviceExists({ device: existing.id });
        return existing;
      }
      const device: Device = {
        version: 1,
        account,
        region,
        platform,
        application,
        id: ctx.ids.uuid(),
        isEnabled: isEnabled ?? true,
        token,
        ...(userData !== undefined && { userData }),
      };
      putDevice(tx, device);
      return device;
    },
  }),
  getDevice: operation({
    summary: "A device with its settings.",
    input: Type.Object(DeviceName),
    output: Device,
    effects: "read",
    errors: ["DeviceNotFound"],
    run: (tx, input, ctx) => requireDevice(tx, ctx, input),
  }),
  updateDevice: operation({
    summary: "Changes settings of a device and leaves the others.",
    input: Type.Object({
      ...DeviceName,
      token: Type.Optional(Type.String()),
      userData: Type.Optional(Type.String()),
      isEnabled: Type.Optional(Type.Boolean()),
    }),
    output: Device,
    effects: "write",
    errors: ["DeviceNotFound", "DeviceInvalid"],
    async run(tx, { token, userData, isEnabled, ...name }, ctx) {
      checkDevice({ ...(token !== undefined && { token }), ...(userData !== undefined && { userData }) });
      const found = await requireDevice(tx, ctx, name);
      const updated: Device = {
        ...found,
        token: token ?? found.token,
        isEnabled: isEnabled ?? found.isEnabled,
        ...(userData !== undefined && { userData }),
      };
      removeDevice(tx, found);
      putDevice(tx, updated);
      return updated;
    },
  }),
  listDevices: operation({
    summary: "The devices of an app, in pages of a hundred.",
    input: Type.Object({ ...ApplicationName, ...PageInput }),
    output: Type.Object({ devices: Type.Array(Device), next: Next }),
    effects: "read",
    errors: ["ApplicationNotFound", "PageTokenInvalid"],
    async run(tx, { next, ...name }, ctx) {
      const { account, region, platform, name: application } = await requireApplication(tx, ctx, name);
      const range = deviceSpace.range(account, region, platform, application);
      const prefix = ["topics", "device", account, region, platform, application];
      const { entries, ...rest } = await pageOf<Device>(tx, range, prefix, next);
      return { devices: entries.map(({ value }) => value), ...rest };
    },
  }),
  deleteDevice: operation({
    summary: "Deletes a device; one that is gone is no error.",
    input: Type.Object(DeviceName),
    output: Nothing,
    effects: "write",
    errors: [],
    async run(tx, { platform, application, device: id }, { account, region }) {
      const device = await deviceRecords.get(tx, account, region, platform, application, id);
      if (device) removeDevice(tx, device);
      return {};
    },
  }),
};

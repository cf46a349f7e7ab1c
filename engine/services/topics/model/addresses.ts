import type { Scope } from "../../context.ts";
import type { DeviceRef } from "./push.ts";
import type { Place } from "./topic.ts";

const QUEUE_ADDRESS = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):([0-9]{12}):([A-Za-z0-9_.-]{1,80})$/;

/** The queue of an endpoint: an address in the form of SQS, or the name of one in the caller's own place. */
export function queueOf(endpoint: string, { account, region }: Scope): Place | undefined {
  const [, itsRegion, itsAccount, name] = QUEUE_ADDRESS.exec(endpoint) ?? [];
  if (itsRegion !== undefined && itsAccount !== undefined && name !== undefined)
    return { account: itsAccount, region: itsRegion, name };
  return /^[A-Za-z0-9_.-]{1,80}$/.test(endpoint) ? { account, region, name: endpoint } : undefined;
}

export const queueAddress = ({ account, region, name }: Place): string => `arn:aws:sqs:${region}:${account}:${name}`;

const DEVICE_ADDRESS = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):([0-9]{12}):endpoint\/([^/]+)\/([^/]+)\/([^/]+)$/;

/** The device of an endpoint, and where its application is registered. */
export function deviceOf(endpoint: string): { readonly scope: Scope; readonly device: DeviceRef } | undefined {
  const [, region, account, platform, application, device] = DEVICE_ADDRESS.exec(endpoint) ?? [];
  if (region === undefined || account === undefined || platform === undefined) return undefined;
  if (application === undefined || device === undefined) return undefined;
  return { scope: { account, region }, device: { platform, application, device } };
}

import type { Scope } from "../../context.ts";
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

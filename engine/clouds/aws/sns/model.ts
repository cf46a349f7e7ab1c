import { isObject } from "../../../platform/is-object.ts";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { WireCall } from "../binding.ts";

interface Place {
  readonly account: string;
  readonly region: string;
}

export const invalidParameter = (text: string) =>
  new AwsFailure({ code: "InvalidParameter", status: 400, message: `Invalid parameter: ${text}` });

export const topicArn = ({ account, region }: Place, name: string) => `arn:aws:sns:${region}:${account}:${name}`;
export const subscriptionArn = (one: Place & { readonly topic: string; readonly id: string }) =>
  `${topicArn(one, one.topic)}:${one.id}`;

const ARN = /^arn:aws[a-z-]*:sns:([a-z0-9-]+):([0-9]{12}):([^:]+)$/;
const SUBSCRIPTION_ARN = /^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[^:]+):([^:]+)$/;

export interface TopicRef {
  readonly topic: string;
  readonly owner: string;
  readonly region: string;
}

function refOf(arn: string): TopicRef | undefined {
  const found = ARN.exec(arn);
  if (found === null) return undefined;
  return { region: found[1] as string, owner: found[2] as string, topic: found[3] as string };
}

/** The topic of an ARN, which must be in the region that is asked. */
export function topicOf(arn: string, call: WireCall, parameter = "TopicArn"): TopicRef {
  const ref = refOf(arn);
  if (ref === undefined || ref.region !== call.region) throw invalidParameter(parameter);
  return ref;
}

/** The same for a link that anybody follows: its region is the ARN's. */
export function linkedTopicOf(arn: string): TopicRef {
  const ref = refOf(arn);
  if (ref === undefined) throw invalidParameter("TopicArn");
  return ref;
}

/** The subscription of an ARN, in whatever region: links are followed by anybody. */
export function subscriptionOf(arn: string): TopicRef & { readonly subscription: string } {
  const [, topic = "", subscription] = SUBSCRIPTION_ARN.exec(arn) ?? [];
  const ref = refOf(topic);
  if (ref !== undefined && subscription !== undefined) return { ...ref, subscription };
  const parts = arn.split(":").length;
  throw invalidParameter(
    parts < 6 ? `SubscriptionArn Reason: An ARN must have at least 6 elements, not ${parts}` : "SubscriptionArn",
  );
}

/** `app/GCM/shop` and `endpoint/GCM/shop/<id>`: what stands behind the account. */
const APPLICATION = /^app\/([^/]+)\/([^/]+)$/;
const ENDPOINT = /^endpoint\/([^/]+)\/([^/]+)\/([^/]+)$/;

export function applicationOf(arn: string, parameter = "PlatformApplicationArn") {
  const [, platform, application] = APPLICATION.exec(refOf(arn)?.topic ?? "") ?? [];
  if (platform === undefined || application === undefined) throw invalidParameter(`${parameter} Reason: ${NO_ARN}`);
  return { platform, application };
}
const NO_ARN = "The ARN does not have the form of its resource";

export function deviceOf(arn: string, parameter = "EndpointArn") {
  const [, platform, application, device] = ENDPOINT.exec(refOf(arn)?.topic ?? "") ?? [];
  if (platform === undefined || application === undefined || device === undefined)
    throw invalidParameter(`${parameter} Reason: ${NO_ARN}`);
  return { platform, application, device };
}
export const isDeviceArn = (arn: string) => ENDPOINT.test(refOf(arn)?.topic ?? "");

export const applicationArn = (one: Place & { readonly platform: string; readonly name: string }) =>
  topicArn(one, `app/${one.platform}/${one.name}`);
export const deviceArn = (
  one: Place & { readonly platform: string; readonly application: string; readonly id: string },
) => topicArn(one, `endpoint/${one.platform}/${one.application}/${one.id}`);

const QUEUE_ARN = /^arn:aws[a-z-]*:sqs:([a-z0-9-]+):([0-9]{12}):([^:]+)$/;
export const queueArn = ({ account, region, name }: Place & { readonly name: string }) =>
  `arn:aws:sqs:${region}:${account}:${name}`;
export function queueOfArn(arn: unknown): (Place & { readonly name: string }) | undefined {
  const [, region, account, name] = typeof arn === "string" ? (QUEUE_ARN.exec(arn) ?? []) : [];
  return region !== undefined && account !== undefined && name !== undefined ? { account, region, name } : undefined;
}

/** An endpoint as listings show it: with the name in a web address, and not its password. */
export const withoutPassword = (endpoint: string): string =>
  endpoint.replace(/^(https?:\/\/[^/@:]*):[^/@]*@/, "$1:****@");

/** FIFO sequence numbers have twenty digits, so that their text sorts as they do. */
const SEQUENCE_BASE = 10_000_000_000_000_000_000n;
export const sequenceNumber = (sequence: number) => String(SEQUENCE_BASE + BigInt(sequence));

export const nextToken = (next: string | undefined) => (next === undefined ? {} : { NextToken: next });
export const pageFrom = (token: string | undefined) => (token === undefined ? {} : { next: token });

/** A JSON object, or the refusal of it. */
export function jsonObject(text: string, refuse: () => AwsFailure): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  throw refuse();
}

export function booleanOf(text: string, refuse: () => AwsFailure): boolean {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw refuse();
}

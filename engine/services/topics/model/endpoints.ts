import type { Reader } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";
import { errors } from "../errors.ts";
import type { TopicContext } from "../ports.ts";
import { deviceOf, queueAddress, queueOf } from "./addresses.ts";
import { findDevice } from "./push.ts";
import type { Protocol } from "./subscription.ts";
import type { Topic } from "./topic.ts";

const PHONE_NUMBER = /^\+?[0-9]{2,20}$/;
const EMAIL = /^[^@\s]+@[^@\s]+$/;

type Fault = (endpoint: string, scope: Scope) => string | undefined;
const webFault =
  (scheme: string): Fault =>
  (endpoint) =>
    endpoint.startsWith(`${scheme}://`) && URL.canParse(endpoint) ? undefined : `it does not begin with ${scheme}://`;
const emailFault: Fault = (endpoint) => (EMAIL.test(endpoint) ? undefined : "it is no email address");
const addressFault: Fault = (endpoint) => (endpoint.startsWith("arn:") ? undefined : "it is no address");

/** What is wrong with an endpoint of each protocol. */
const FAULTS: Readonly<Record<Protocol, Fault>> = {
  queue: (endpoint, scope) => (queueOf(endpoint, scope) ? undefined : "it is no queue's address"),
  http: webFault("http"),
  https: webFault("https"),
  email: emailFault,
  "email-json": emailFault,
  sms: (endpoint) => (PHONE_NUMBER.test(endpoint) ? undefined : "it is no phone number"),
  push: (endpoint) => (deviceOf(endpoint) ? undefined : "it is no device's address"),
  function: addressFault,
  stream: addressFault,
};

/** A queue may be called by its name alone; an address is what is kept. */
export function normalEndpoint(protocol: Protocol, endpoint: string, scope: Scope): string {
  const queue = protocol === "queue" ? queueOf(endpoint, scope) : undefined;
  return queue === undefined ? endpoint : queueAddress(queue);
}

export function checkEndpoint(protocol: Protocol, endpoint: string, topic: Topic, ctx: TopicContext): void {
  const reason = FAULTS[protocol](endpoint, ctx);
  if (reason !== undefined) throw errors.EndpointInvalid({ protocol, endpoint, reason });
  if (protocol === "function" && ctx.ports.functions === undefined) throw errors.ProtocolUnavailable({ protocol });
  if (protocol === "stream" && ctx.ports.streams === undefined) throw errors.ProtocolUnavailable({ protocol });
  if (topic.isFifo && protocol !== "queue") throw errors.StandardOnly({ protocol });
  if (!topic.isFifo && protocol === "queue" && endpoint.endsWith(".fifo"))
    throw errors.EndpointInvalid({ protocol, endpoint, reason: "a FIFO queue cannot follow a standard topic" });
}

/** Messages to a device that is not there would never arrive. */
export async function requireEndpoint(tx: Reader, protocol: Protocol, endpoint: string): Promise<void> {
  const address = protocol === "push" ? deviceOf(endpoint) : undefined;
  if (address === undefined || (await findDevice(tx, address.scope, address.device)) !== undefined) return;
  throw errors.EndpointMissing({ endpoint });
}

/** Whether the caller may speak for the endpoint, so that nobody has to be asked. */
export function isSelfConfirming(protocol: Protocol, endpoint: string, ctx: Scope): boolean {
  if (protocol === "queue") return queueOf(endpoint, ctx)?.account === ctx.account;
  return protocol === "sms" || protocol === "push" || protocol === "function" || protocol === "stream";
}

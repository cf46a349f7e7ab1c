import type { Transaction } from "../../../kernel/store.ts";
import { ServiceError } from "../../errors.ts";
import { recordSent } from "../model/sent.ts";
import type { Subscription } from "../model/subscription.ts";
import type { TopicContext } from "../ports.ts";

/** A message that did not reach its subscriber. */
export interface Lost {
  readonly body: string;
  readonly messageId: string;
  readonly problem: string;
  /** What the endpoint answered, if it answered at all. */
  readonly code?: string | undefined;
  readonly group?: string | undefined;
}

/** The code of what a service of the engine refuses. */
export const REFUSED = "400";
const text = (value: string) => ({ type: "String", value });

/** What could not be delivered goes to the subscription's dead-letter queue; without one it is recorded as lost. */
export async function giveUp(
  tx: Transaction,
  subscription: Subscription,
  lost: Lost,
  ctx: TopicContext,
): Promise<void> {
  const { body, messageId, problem, code, group } = lost;
  const queue = subscription.settings.deadLetter;
  const record = (failure: string) =>
    recordSent(tx, subscription, {
      protocol: subscription.protocol,
      to: subscription.endpoint,
      body,
      messageId,
      atMs: ctx.clock.nowMs(),
      topic: subscription.topic,
      failure,
    });
  if (queue === undefined) return record(problem);
  try {
    const attributes = {
      RequestID: text(ctx.requestId),
      ErrorMessage: text(problem),
      ...(code !== undefined && { ErrorCode: text(code) }),
    };
    const inLine = { group: group ?? subscription.id, deduplicationId: messageId };
    const target = await ctx.ports.queues.find(tx, queue);
    await ctx.ports.queues.deliver(tx, queue, { body, attributes, ...(target?.isFifo && inLine) }, ctx);
  } catch (failure) {
    if (!(failure instanceof ServiceError)) throw failure;
    await record(`${problem}; its dead-letter queue does not take it: ${failure.message}`);
  }
}

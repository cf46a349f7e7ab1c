import type { Transaction } from "../../kernel/store.ts";
import { recordChange } from "../../kernel/feed.ts";
import { eventFeed } from "../state/model.ts";
import type { Deployment } from "./deployment.ts";
import { requireLease } from "./lock.ts";
import type { EventDetails, StackEvent } from "./stack-event.ts";

export const eventOf = (deployment: Pick<Deployment, "stack" | "id" | "parts">, details: EventDetails): StackEvent => ({
  version: 1,
  stack: deployment.stack,
  deploymentId: deployment.id,
  atMs: deployment.parts.clock.nowMs(),
  ...details,
});

/** Adds to the stack's log; show it to listeners only after the commit. */
export function appendEvent(tx: Transaction, deployment: Pick<Deployment, "scope" | "stack">, event: StackEvent): void {
  recordChange(tx, eventFeed(deployment.scope, deployment.stack), event);
}

/** Keeps an event that stands on its own, and shows it. */
export async function keepEvent(deployment: Deployment, details: EventDetails): Promise<void> {
  const event = eventOf(deployment, details);
  await deployment.parts.store.transact(async (tx) => {
    await requireLease(tx, deployment.scope, deployment.stack, deployment.lease);
    appendEvent(tx, deployment, event);
  });
  deployment.emit(event);
}

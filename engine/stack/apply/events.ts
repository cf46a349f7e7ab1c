import type { Transaction } from "../../kernel/store.ts";
import { recordChange } from "../../kernel/feed.ts";
import { eventFeed } from "../state/model.ts";
import type { Deployment } from "./deployment.ts";
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

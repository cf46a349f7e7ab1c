import { expect, test } from "vitest";
import type { StackEvent } from "../../stack/apply/stack-event.ts";
import type { Action, ResourceChange } from "../../stack/plan/plan.ts";
import { stepsOf } from "./steps.ts";

const change = (logicalId: string, action: Action = "create"): ResourceChange => ({
  logicalId,
  type: "Queue",
  action,
  reasons: [],
  properties: [],
  dependencies: [],
});
const event = (logicalId: string, status: StackEvent["status"], more: Partial<StackEvent> = {}): StackEvent => ({
  version: 1,
  stack: "web",
  deploymentId: "d-1",
  atMs: 30,
  logicalId,
  status,
  ...more,
});

test("each resource that was to change has the last thing that became of it", () => {
  const cause = { logicalId: "B", code: "QueueNameTaken", message: "It is taken" };
  const changes = [change("A"), change("B"), change("C"), change("D", "none"), change("E")];
  const events = [
    event("A", "begun"),
    event("A", "done", { beganAtMs: 10 }),
    event("B", "retrying", { cause }),
    event("B", "failed", { beganAtMs: 20, cause }),
    event("C", "skipped"),
    event("A", "undone", { beganAtMs: 25 }),
  ];
  expect(stepsOf({ changes }, events)).toEqual([
    { logicalId: "A", type: "Queue", action: "create", status: "undone", elapsedMs: 5 },
    { logicalId: "B", type: "Queue", action: "create", status: "failed", elapsedMs: 10, cause },
    { logicalId: "C", type: "Queue", action: "create", status: "skipped" },
    { logicalId: "E", type: "Queue", action: "create", status: "skipped" },
  ]);
});

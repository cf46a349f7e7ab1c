import { expect, test } from "vitest";
import type { TerraformPlanJson, TerraformResourceChange } from "./plan-json.ts";
import { terraformPlan } from "./planned-changes.ts";

const queue = (name: string, change: Partial<TerraformResourceChange> & Pick<TerraformResourceChange, "change">) => ({
  address: `aws_sqs_queue.${name}`,
  mode: "managed" as const,
  type: "aws_sqs_queue",
  name,
  ...change,
});
const nowhere = () => undefined;
const planned = (json: Omit<TerraformPlanJson, "format_version">) =>
  terraformPlan({ format_version: "1.2", ...json }, nowhere);

test("each action of Terraform's has its word", () => {
  const changes = planned({
    resource_changes: [
      queue("a", { change: { actions: ["create"], after: { name: "a" } } }),
      queue("b", { change: { actions: ["update"], before: { delay: 1 }, after: { delay: 2 } } }),
      queue("c", { change: { actions: ["delete", "create"], before: {}, after: {} } }),
      queue("d", { change: { actions: ["create", "delete"], before: {}, after: {} } }),
      queue("e", { change: { actions: ["delete"], before: { id: "e-1" } } }),
      queue("f", { change: { actions: ["forget"], before: { id: "f-1" } } }),
      queue("g", { change: { actions: ["no-op"], before: {}, after: {}, importing: { id: "g-1" } } }),
      queue("h", { previous_address: "aws_sqs_queue.old", change: { actions: ["no-op"], before: {}, after: {} } }),
      queue("i", { change: { actions: ["no-op"], before: {}, after: {} } }),
      { ...queue("j", { change: { actions: ["read"] } }), mode: "data" },
    ],
  });
  expect(changes.changes.map(({ logicalId, action }) => `${logicalId} ${action}`)).toEqual([
    "aws_sqs_queue.a create",
    "aws_sqs_queue.b update",
    "aws_sqs_queue.c replace",
    "aws_sqs_queue.d replace",
    "aws_sqs_queue.e delete",
    "aws_sqs_queue.f retain",
    "aws_sqs_queue.g import",
    "aws_sqs_queue.h rename",
    "aws_sqs_queue.i none",
  ]);
  expect(changes.summary).toMatchObject({ create: 1, update: 1, replace: 2, delete: 1, retain: 1, rename: 1, none: 1 });
  expect(changes.changes[7]?.movedFrom).toBe("aws_sqs_queue.old");
  expect(changes.isEmpty).toBe(false);
});

test("differences are told as deep as they go, and what is sensitive or not known yet is not told", () => {
  const { changes } = planned({
    resource_changes: [
      queue("jobs", {
        change: {
          actions: ["update"],
          before: { tags: { team: "a", tier: null }, key: "old", name: "jobs", url: "u", list: [1, 2], none: null },
          after: { tags: { team: "b", tier: null }, key: "new", name: "jobs", list: [1, 3], none: "" },
          after_unknown: { url: true },
          before_sensitive: { key: true },
          after_sensitive: { key: true },
        },
      }),
    ],
  });
  const rest = { cause: "template", forcesReplacement: false };
  expect(changes[0]?.properties).toEqual([
    { path: "tags.team", old: "a", new: "b", isKnownAfterApply: false, isSensitive: false, ...rest },
    { path: "key", old: "****", new: "****", isKnownAfterApply: false, isSensitive: true, ...rest },
    { path: "url", old: "u", new: { knownAfterApply: "url" }, isKnownAfterApply: true, isSensitive: false, ...rest },
    { path: "list.1", old: 2, new: 3, isKnownAfterApply: false, isSensitive: false, ...rest },
  ]);
});

test("a replacement tells what forces it, and not all that a provider computes anew", () => {
  const { changes } = planned({
    resource_changes: [
      queue("jobs", {
        action_reason: "replace_because_cannot_update",
        change: {
          actions: ["delete", "create"],
          before: { id: "jobs", name: "jobs", arn: "arn:jobs" },
          after: { name: "more" },
          after_unknown: { id: true, arn: true },
          replace_paths: [["name"]],
        },
      }),
    ],
  });
  expect(changes[0]?.reasons).toEqual(["name cannot be changed in place"]);
  expect(changes[0]?.properties).toMatchObject([{ path: "name", old: "jobs", new: "more", forcesReplacement: true }]);
});

test("references of the configuration are dependencies, of each instance, within modules too", () => {
  const none = { actions: ["no-op"], before: {}, after: {} } as const;
  const { changes } = planned({
    resource_changes: [
      { ...queue("a", { change: none }), address: 'module.shop.aws_sqs_queue.a["x.y"]' },
      { ...queue("b", { change: none }), address: "module.shop.aws_sqs_queue.b" },
    ],
    configuration: {
      root_module: {
        module_calls: {
          shop: {
            module: {
              resources: [
                { address: "aws_sqs_queue.a" },
                { address: "aws_sqs_queue.b", expressions: { policy: [{ references: ["aws_sqs_queue.a", "var.x"] }] } },
              ],
            },
          },
        },
      },
    },
  });
  expect(changes.map(({ dependencies }) => dependencies)).toEqual([[], ['module.shop.aws_sqs_queue.a["x.y"]']]);
});

test("drift is told of what is gone, and of what the plan does something about", () => {
  const change = { actions: ["update"], before: { delay: 1 }, after: { delay: 5 } } as const;
  const drifted = (name: string) => queue(name, { change });
  const { drift } = planned({
    resource_changes: [
      queue("a", { change: { actions: ["update"], before: { delay: 5 }, after: { delay: 1 } } }),
      queue("b", { change: { actions: ["no-op"], before: {}, after: {} } }),
    ],
    resource_drift: [
      drifted("a"),
      drifted("b"),
      queue("c", { change: { actions: ["delete"], before: { id: "c-1" } } }),
    ],
  });
  expect(drift).toEqual([
    { logicalId: "aws_sqs_queue.a", type: "aws_sqs_queue", id: "", isGone: false, path: "delay", recorded: 1, live: 5 },
    { logicalId: "aws_sqs_queue.c", type: "aws_sqs_queue", id: "c-1", isGone: true },
  ]);
});

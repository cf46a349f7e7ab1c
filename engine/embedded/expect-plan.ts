import type { Action, Plan, ResourceChange } from "../stack/plan/plan.ts";
import { CloudStacks, type DeployOptions } from "./cloud-stacks.ts";
import type { Deployable } from "./deployable.ts";

/** What a plan is held against. */
export interface PlanExpectationOptions extends DeployOptions {
  /** What is deployed already: an app, a stack, a template as it was before. */
  readonly since?: Deployable;
  /** A cloud in which it is deployed; an empty one by default. Nothing in it is touched unless `since` is given. */
  readonly on?: CloudStacks;
}

/** What is expected of a plan. Each rejects with the whole plan when it is not so. */
export interface PlanExpectation {
  /** Nothing would be done. */
  toBeEmpty(): Promise<void>;
  toCreate(...logicalIds: readonly string[]): Promise<void>;
  toUpdate(...logicalIds: readonly string[]): Promise<void>;
  /** Made anew, and the old one deleted. */
  toReplace(...logicalIds: readonly string[]): Promise<void>;
  toDelete(...logicalIds: readonly string[]): Promise<void>;
  /** These stay as they are. */
  toLeave(...logicalIds: readonly string[]): Promise<void>;
}

/** `await expectPlan(app, { since: before }).toReplace("Orders")`: what deploying something would do. */
export function expectPlan(what: Deployable, options: PlanExpectationOptions = {}): PlanExpectation {
  const holds = async (expected: string, isSo: (changes: readonly ResourceChange[]) => boolean) => {
    const plans = await plansFor(what, options);
    if (!isSo(plans.flatMap(({ changes }) => changes))) throw new Error(`${expected}, but the plan is\n${told(plans)}`);
  };
  const to = (action: Action) => (...logicalIds: readonly string[]) =>
    holds(`expected to ${action === "none" ? "leave" : action} ${logicalIds.join(", ")}`, (changes) =>
      logicalIds.every((id) => changes.some((change) => change.logicalId === id && change.action === action)),
    );
  return {
    toBeEmpty: () => holds("expected nothing to do", (changes) => changes.every(({ action }) => action === "none")),
    toCreate: to("create"),
    toUpdate: to("update"),
    toReplace: to("replace"),
    toDelete: to("delete"),
    toLeave: to("none"),
  };
}

async function plansFor(what: Deployable, options: PlanExpectationOptions): Promise<readonly Plan[]> {
  const { since, on, ...more } = options;
  const cloud = on ?? (await CloudStacks.start());
  try {
    if (since !== undefined) await cloud.deploy(since, more);
    return await cloud.plans(what, more);
  } finally {
    if (!on) await cloud.stop();
  }
}

const told = (plans: readonly Plan[]): string =>
  plans
    .flatMap(({ stack, changes }) => [
      stack,
      ...changes.map(({ action, type, logicalId, properties }) => {
        const paths = action === "update" || action === "replace" ? properties.map(({ path }) => path) : [];
        return `  ${action} ${type} ${logicalId}${paths.length > 0 ? ` (${paths.join(", ")})` : ""}`;
      }),
    ])
    .join("\n");

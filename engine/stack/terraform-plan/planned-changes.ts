import type { SourceRange } from "../diagnostics/source-range.ts";
import {
  ACTIONS,
  type Action,
  type Drift,
  type OutputChange,
  type Plan,
  type PropertyChange,
  type ResourceChange,
} from "../plan/plan.ts";
import { attributeChanges } from "./attribute-changes.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { TerraformChange, TerraformPlanJson, TerraformResourceChange } from "./plan-json.ts";

/** What a plan of Terraform's has in common with one of ours. */
export type TerraformPlan = Pick<Plan, "changes" | "outputs" | "drift" | "summary" | "isEmpty">;

/** Where a resource is declared, by its address. */
export type PlaceOf = (address: string) => SourceRange | undefined;

/** A plan of Terraform's in the words of ours: addresses as logical ids, attributes as properties. Pure. */
export function terraformPlan(json: TerraformPlanJson, placeOf: PlaceOf): TerraformPlan {
  const managed = (json.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  const dependencies = dependenciesOf(json);
  const changes = managed.map((each) => resourceChange(each, placeOf, dependencies(each.address)));
  const outputs = Object.entries(json.output_changes ?? {}).flatMap(([name, change]) => outputChange(name, change));
  const summary = Object.fromEntries(
    ACTIONS.map((action) => [action, changes.filter((change) => change.action === action).length]),
  ) as Record<Action, number>;
  return {
    changes,
    outputs,
    drift: (json.resource_drift ?? []).filter(isTold(changes)).flatMap(drifts),
    summary,
    isEmpty: changes.every(({ action }) => action === "none") && outputs.length === 0,
  };
}

/** What Terraform calls no-op, forget and so on. */
export function actionOf({ change, previous_address: earlier }: TerraformResourceChange): Action {
  const { actions, importing } = change;
  if (actions.length > 1) return "replace";
  const [action = "no-op"] = actions;
  if (action === "create" || action === "delete") return action;
  if (action === "forget") return "retain";
  if (importing !== undefined) return "import";
  if (action === "update") return "update";
  return earlier === undefined ? "none" : "rename";
}

function resourceChange(
  each: TerraformResourceChange,
  placeOf: PlaceOf,
  dependencies: readonly string[],
): ResourceChange {
  const { address, previous_address: movedFrom, type, change } = each;
  const action = actionOf(each);
  const range = placeOf(address);
  const properties = action === "create" || action === "delete" ? [] : attributeChanges(change, action === "replace");
  const id = textOf(change.before, "id");
  const name = textOf(change.after, "name") ?? textOf(change.after, "bucket");
  return {
    logicalId: address,
    type,
    action,
    ...(movedFrom !== undefined && { movedFrom }),
    ...(id !== undefined && { id }),
    ...(name !== undefined && { name }),
    reasons: reasonsOf(each, properties),
    properties: properties.map((property) => ({ ...property, ...(range && { range }) })),
    dependencies,
    ...(range && { range }),
  };
}

/** What Terraform says of why, where the properties do not say it. */
const REASONS: Readonly<Record<string, string>> = {
  replace_because_tainted: "it is tainted: an earlier apply left it half-made",
  replace_by_request: "its replacement was asked for",
  replace_by_triggers: "what triggers its replacement has changed",
  delete_because_no_resource_config: "no longer in the configuration",
  delete_because_no_module: "its module is no longer in the configuration",
  delete_because_wrong_repetition: "the configuration counts it otherwise",
  delete_because_count_index: "the count is smaller",
  delete_because_each_key: "its key is no longer there",
  delete_because_no_move_target: "what it was moved to is not in the configuration",
};

function reasonsOf({ action_reason: reason }: TerraformResourceChange, properties: readonly PropertyChange[]) {
  if (reason === "replace_because_cannot_update") {
    const forcing = properties.filter(({ forcesReplacement }) => forcesReplacement);
    return forcing.map(({ path }) => `${path} cannot be changed in place`);
  }
  return reason === undefined ? [] : [REASONS[reason] ?? reason.replaceAll("_", " ")];
}

const textOf = (values: unknown, name: string): string | undefined => {
  const value = (values as Readonly<Record<string, unknown>> | null | undefined)?.[name];
  return typeof value === "string" && value !== "" ? value : undefined;
};

function outputChange(name: string, change: TerraformChange): OutputChange[] {
  const { actions, before, after, after_unknown: unknown } = change;
  if (actions[0] === "no-op") return [];
  const isSensitive = change.before_sensitive === true || change.after_sensitive === true;
  const shown = (value: unknown) => (isSensitive ? "****" : value);
  return [
    {
      name,
      ...(before !== undefined && before !== null && { old: shown(before) }),
      ...(after !== undefined && after !== null && { new: shown(after) }),
      isKnownAfterApply: unknown === true,
      isSensitive,
    },
  ];
}

/**
 * Terraform lists what any provider reads otherwise than it wrote it. What is gone is told, and what the plan does
 * something about.
 */
const isTold =
  (changes: readonly ResourceChange[]) =>
  ({ mode, address, change }: TerraformResourceChange): boolean =>
    mode === "managed" &&
    (change.actions.includes("delete") ||
      changes.some(({ logicalId, action }) => logicalId === address && action !== "none"));

function drifts({ address: logicalId, type, change }: TerraformResourceChange): Drift[] {
  const about = { logicalId, type, id: textOf(change.before, "id") ?? "" };
  if (change.actions.includes("delete")) return [{ ...about, isGone: true }];
  return attributeChanges(change, false).map(({ path, old, new: live }) => ({
    ...about,
    isGone: false,
    path,
    ...(old !== undefined && { recorded: old }),
    ...(live !== undefined && { live }),
  }));
}

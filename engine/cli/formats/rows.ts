import type { ResourceDrift } from "../../stack/plan/drift.ts";
import type { Action, OutputChange, PlannedValue, PropertyChange, ResourceChange } from "../../stack/plan/plan.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import { placeText, reasonsOf, UNKNOWN } from "../text/plan-words.ts";
import type { ShownPlan, StackReport, StepReport } from "./report.ts";

/** What a change does, as a word beside the resource. */
const WORDS: Readonly<Record<Action, string>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  retain: "keep without the stack",
  import: "import",
  rename: "rename",
  none: "unchanged",
};

export interface PropertyRow {
  readonly path: string;
  /** Absent when there is none. */
  readonly before?: string;
  readonly after?: string;
  readonly forcesReplacement: boolean;
  readonly remarks: readonly string[];
  readonly place: string;
}

/** One resource as tables show it, whether it is planned, was changed elsewhere, or was deployed. */
export interface ResourceRow {
  readonly logicalId: string;
  readonly type: string;
  readonly origin: "plan" | "drift";
  /** What happens to it; of a drift, what happened. */
  readonly action: Action;
  readonly words: string;
  /** Its id, or the name that it will have. */
  readonly detail: string;
  readonly properties: readonly PropertyRow[];
  readonly reasons: readonly string[];
  readonly place: string;
  readonly step?: StepReport;
}

/** The resources of a stack that something happens to, or happened to outside the stack. */
export function resourceRows({ plan, drift, steps = [] }: StackReport): ResourceRow[] {
  const byId = new Map(steps.map((step) => [step.logicalId, step]));
  const planned = (plan?.changes ?? [])
    .filter(({ action }) => action !== "none")
    .map((change) => plannedRow(change, plan as ShownPlan, byId.get(change.logicalId)));
  return [...planned, ...(drift?.resources ?? []).flatMap(driftedRow)];
}

function plannedRow(change: ResourceChange, plan: ShownPlan, step: StepReport | undefined): ResourceRow {
  const { logicalId, type, action, id, name, properties, range } = change;
  return {
    logicalId,
    type,
    origin: "plan",
    action,
    words: WORDS[action],
    detail: (action === "create" ? name : (id ?? name)) ?? "",
    // What a new resource is made with stands in the template.
    properties: action === "create" ? [] : properties.map((each) => propertyRow(each, plan.file)),
    reasons: reasonsOf(change, plan),
    place: placeText(plan.file, range),
    ...(step && { step }),
  };
}

const shown = (value: PlannedValue) => (value === undefined ? undefined : plannedText(value));

function propertyRow({ path, old, new: next, forcesReplacement, cause, range }: PropertyChange, file: string) {
  return sides(shown(old), shown(next), {
    path,
    forcesReplacement,
    remarks: [...(forcesReplacement ? ["forces replacement"] : []), ...(cause === "drift" ? ["changed outside"] : [])],
    place: placeText(file, range),
  });
}

const sides = (
  before: string | undefined,
  after: string | undefined,
  rest: Omit<PropertyRow, "before" | "after">,
): PropertyRow => ({ ...rest, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });

function driftedRow({ logicalId, type, id, status, properties }: ResourceDrift): ResourceRow[] {
  const head = { logicalId, type, origin: "drift", detail: id, reasons: [], place: "" } as const;
  if (status === "IN_SYNC") return [];
  if (status === "DELETED") return [{ ...head, action: "delete", words: "deleted outside the stack", properties: [] }];
  if (status === "NOT_CHECKED")
    return [{ ...head, action: "none", words: "not checked: this engine does not have the type", properties: [] }];
  const rows = properties
    .filter((each) => each.status !== "IN_SYNC")
    .map(({ path, recorded, live }) =>
      sides(shown(recorded), shown(live), { path, forcesReplacement: false, remarks: [], place: "" }),
    );
  return [{ ...head, action: "update", words: "changed outside the stack", properties: rows }];
}

export interface OutputRow {
  readonly name: string;
  readonly action: Action;
  readonly before?: string;
  readonly after?: string;
}

export function outputRow({ name, old, new: next, isKnownAfterApply }: OutputChange): OutputRow {
  const after = isKnownAfterApply ? UNKNOWN : shown(next);
  const before = shown(old);
  const action = before === undefined ? "create" : after === undefined ? "delete" : "update";
  return { name, action, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
}

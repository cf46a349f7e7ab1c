import { createHash } from "node:crypto";
import type { Problem, SourceRange, Span } from "../diagnostics/diagnostic.ts";
import { locator } from "../diagnostics/source.ts";
import { spanAt } from "../expressions/expression.ts";
import { canonicalJson, firstUnknown, type Value } from "../expressions/value.ts";
import type { OutputRecord } from "../state/model.ts";
import type { Template } from "../template/template.ts";
import { expand, isReadBack, type Difference } from "./differences.ts";
import type { Graph, Node, PlanInput } from "./graph.ts";
import { checkExports, evaluateOutputs, outputChanges } from "./outputs.ts";
import { buildGraph } from "./passes.ts";
import {
  ACTIONS,
  type Action,
  type Drift,
  type Plan,
  type PlannedSecrets,
  type PropertyChange,
  type ResourceChange,
} from "./plan.ts";
import { plannedEnvironment } from "./planned-environment.ts";
import { isSensitive, MASK } from "./sensitive.ts";

export interface PlanRequest {
  readonly file: string;
  readonly text: string;
  readonly secrets?: PlannedSecrets | undefined;
  /** Asked for beside the template's own. */
  readonly imports: Readonly<Record<string, string>>;
  /** Export name -> a stack that imports it. */
  readonly importers: ReadonlyMap<string, string>;
}

export interface Planned {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly problems: readonly Problem[];
}

/** Pure: the same input gives the same plan, byte for byte. */
export function makePlan(input: PlanInput, request: PlanRequest): Planned {
  const { scope, state, stack, template } = input;
  const graph = buildGraph(input);
  const problems: Problem[] = [...graph.problems];
  let outputs: Readonly<Record<string, OutputRecord>> = {};
  if (template) {
    outputs = evaluateOutputs(
      template,
      plannedEnvironment({ ...input, template }, graph.nodes, (each) => problems.push(each)),
    );
  }
  problems.push(...checkExports(template, outputs, state, stack, request.importers));
  const locate = locator(request.text);
  const changes = [...graph.nodes.values()].map((node) => resourceChange(node, template, locate));
  const summary = Object.fromEntries(
    ACTIONS.map((action) => [action, changes.filter((each) => each.action === action).length]),
  );
  const outputsChange = outputChanges(state.stack?.outputs ?? {}, outputs);
  const drift = [...graph.nodes.values()].flatMap((node) => driftOf(node, template));
  const body = {
    version: 1 as const,
    kind: template ? ("deploy" as const) : ("destroy" as const),
    account: scope.account,
    region: scope.region,
    stack,
    serial: state.stack?.serial ?? 0,
    file: request.file,
    template: request.text,
    parameters: shownParameters(input.given, request.secrets),
    ...(request.secrets && { secrets: request.secrets }),
    targets: input.targets,
    imports: request.imports,
    isRefreshed: input.live !== undefined,
    changes,
    outputs: plain(outputsChange),
    drift,
    summary: summary as Record<Action, number>,
    isEmpty: changes.every((each) => each.action === "none") && outputsChange.length === 0,
  };
  return { graph, plan: { ...body, hash: hashOf(body) }, problems };
}

const shownParameters = (given: Readonly<Record<string, string>>, secrets: PlannedSecrets | undefined) =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, secrets?.names.includes(name) ? MASK : value]));

export const hashOf = (body: Omit<Plan, "hash">): string =>
  createHash("sha256").update(canonicalJson(body)).digest("hex");

/** As JSON has it, with unknowns written out. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function resourceChange(
  node: Node,
  template: Template | undefined,
  locate: (span: Span) => SourceRange,
): ResourceChange {
  const { declaration, record, registered } = node;
  const name = [
    node.desired?.["Name"],
    registered?.type.nameProperty && node.desired?.[registered.type.nameProperty],
    record?.live["Name"],
    registered?.type.nameProperty && record?.live[registered.type.nameProperty],
  ].find((each) => typeof each === "string");
  return {
    logicalId: node.logicalId,
    type: declaration?.type ?? record?.type ?? "",
    action: node.action,
    ...(node.movedFrom !== undefined && { movedFrom: node.movedFrom }),
    ...(record && node.live !== "gone" && { id: record.id }),
    ...(typeof name === "string" && { name }),
    reasons: node.reasons,
    dependencies: node.dependencies,
    properties: shownDifferences(node).map((each) => propertyChange(node, each, template, locate)),
    ...(declaration && { range: locate(declaration.span) }),
  };
}

/** A new resource shows what it is made with, as differences from nothing. */
function shownDifferences(node: Node): readonly Difference[] {
  if (node.action !== "create" || !node.desired) return node.differences;
  return Object.entries(node.desired).map(([property, value]) => ({
    path: [property],
    old: undefined,
    new: value,
    cause: "template" as const,
    forcesReplacement: false,
  }));
}

function propertyChange(
  node: Node,
  { path, old, new: next, cause, forcesReplacement }: Difference,
  template: Template | undefined,
  locate: (span: Span) => SourceRange,
): PropertyChange {
  const sensitive = isSensitive(node, path[0] ?? "", template);
  const shown = (value: Value) => (sensitive ? MASK : plain(value));
  const declared = node.declaration && node.desired?.[path[0] ?? ""] !== undefined ? node.declaration : undefined;
  return {
    path: path.join("."),
    ...(old !== undefined && { old: shown(old) }),
    ...(next !== undefined && { new: shown(next) }),
    cause,
    forcesReplacement,
    isKnownAfterApply: firstUnknown(next) !== undefined,
    isSensitive: sensitive,
    ...(declared && { range: locate(spanAt(declared.properties, path)) }),
  };
}

function driftOf(node: Node, template: Template | undefined): Drift[] {
  const { record, live, registered } = node;
  if (!record || !live) return [];
  const head = { logicalId: node.logicalId, type: record.type, id: record.id };
  if (live === "gone") return [{ ...head, isGone: true }];
  const drifts: Drift[] = [];
  const visible = (values: { readonly [name: string]: Value }) =>
    Object.fromEntries(
      Object.entries(values).filter(([property]) => !registered || isReadBack(registered.type, property)),
    );
  expand([], visible(record.live), visible(live.properties), (path, recorded, actual) => {
    const shown = (value: Value) => (isSensitive(node, path[0] ?? "", template) ? MASK : plain(value));
    drifts.push({
      ...head,
      isGone: false,
      path: path.join("."),
      ...(recorded !== undefined && { recorded: shown(recorded) }),
      ...(actual !== undefined && { live: shown(actual) }),
    });
  });
  return drifts;
}

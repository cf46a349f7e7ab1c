import { createHash } from "node:crypto";
import type { Problem, Span } from "../diagnostics/diagnostic.ts";
import type { SourceRange } from "../diagnostics/source-range.ts";
import { locator } from "../diagnostics/source.ts";
import { spanAt } from "../expressions/expression.ts";
import { canonicalJson, firstUnknown } from "../expressions/value.ts";
import type { OutputRecord } from "../state/model.ts";
import { driftOf } from "./drift.ts";
import type { Difference } from "./differences.ts";
import type { Graph, Node, PlanInput } from "./graph.ts";
import { checkExports, evaluateOutputs, outputChanges } from "./outputs.ts";
import { buildGraph } from "./passes.ts";
import {
  ACTIONS,
  plainValue,
  type Action,
  type Plan,
  type PlannedSecrets,
  type PropertyChange,
  type ResourceChange,
} from "./plan.ts";
import { plannedEnvironment } from "./planned-environment.ts";
import { referencesOf } from "./references-of.ts";
import { MASK, secrecyOf, type Secrecy } from "./sensitive.ts";

export interface PlanRequest {
  readonly file: string;
  readonly text: string;
  readonly secrets?: PlannedSecrets | undefined;
  /** Asked for beside the template's own. */
  readonly imports: Readonly<Record<string, string>>;
  readonly renames: Readonly<Record<string, string>>;
  /** Export name -> a stack that imports it. */
  readonly importers: ReadonlyMap<string, string>;
}

export interface Planned {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly problems: readonly Problem[];
  readonly secrecy: Secrecy;
}

/** Pure: the same input gives the same plan, byte for byte. */
export function makePlan(input: PlanInput, request: PlanRequest): Planned {
  const { scope, state, stack, template } = input;
  const graph = buildGraph(input);
  const secrecy = secrecyOf({ template, nodes: graph.nodes, exports: state.exports });
  const problems: Problem[] = [...graph.problems];
  let outputs: Readonly<Record<string, OutputRecord>> = {};
  if (template) {
    const environment = plannedEnvironment({ ...input, template }, graph.nodes, (each) => problems.push(each));
    outputs = evaluateOutputs(template, environment, secrecy);
  }
  problems.push(...checkExports(template, outputs, state, stack, request.importers));
  const showing: Showing = { nodes: graph.nodes, secrecy, locate: locator(request.text) };
  const changes = [...graph.nodes.values()].map((node) => resourceChange(node, showing));
  const summary = Object.fromEntries(
    ACTIONS.map((action) => [action, changes.filter((each) => each.action === action).length]),
  );
  const outputsChange = outputChanges(state.stack?.outputs ?? {}, outputs);
  const drift = [...graph.nodes.values()].flatMap((node) => driftOf(node, secrecy));
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
    tags: input.tags,
    targets: input.targets,
    imports: request.imports,
    renames: request.renames,
    isRefreshed: input.live !== undefined,
    changes,
    outputs: outputsChange,
    drift,
    summary: summary as Record<Action, number>,
    isEmpty: changes.every((each) => each.action === "none") && outputsChange.length === 0,
  };
  return { graph, plan: { ...body, hash: hashOf(body) }, problems, secrecy };
}

const shownParameters = (given: Readonly<Record<string, string>>, secrets: PlannedSecrets | undefined) =>
  Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, secrets?.names.includes(name) ? MASK : value]),
  );

export const hashOf = (body: Omit<Plan, "hash">): string =>
  createHash("sha256").update(canonicalJson(body)).digest("hex");

/** What showing a node takes beside the node. */
interface Showing {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly secrecy: Secrecy;
  locate(span: Span): SourceRange;
}

function resourceChange(node: Node, showing: Showing): ResourceChange {
  const { locate } = showing;
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
    properties: shownDifferences(node).map((each) => propertyChange(node, each, showing)),
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
  { nodes, secrecy, locate }: Showing,
): PropertyChange {
  const [before, after] = [
    old === undefined ? undefined : secrecy.maskedBefore(node, path, old),
    next === undefined ? undefined : secrecy.masked(node, path, next),
  ];
  const references = referencesOf(node, path, nodes);
  const declared = node.declaration && node.desired?.[path[0] ?? ""] !== undefined ? node.declaration : undefined;
  return {
    path: path.join("."),
    ...(before !== undefined && { old: plainValue(before) }),
    ...(after !== undefined && { new: plainValue(after) }),
    cause,
    forcesReplacement,
    isKnownAfterApply: firstUnknown(next) !== undefined,
    isSensitive: before !== old || after !== next,
    ...(references.length > 0 && { references }),
    ...(declared && { range: locate(spanAt(declared.properties, path)) }),
  };
}

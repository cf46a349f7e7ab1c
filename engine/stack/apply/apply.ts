import { StoreUnavailable } from "../../kernel/store.ts";
import { invariant } from "../../platform/invariant.ts";
import type { Problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { parts } from "../expressions/expression.ts";
import { templateEnvironment, type KnownResource } from "../expressions/template-environment.ts";
import { firstUnknown, withoutUndefined } from "../expressions/value.ts";
import { evaluateOutputs } from "../plan/outputs.ts";
import type { Node, PlanInput } from "../plan/graph.ts";
import type { Action } from "../plan/plan.ts";
import type { Planned } from "../plan/make-plan.ts";
import type { FailureCause, OutputRecord, ResourceRecord, StackRecord } from "../state/model.ts";
import { cleanUp } from "./cleanup.ts";
import { commit } from "./commit.ts";
import type { Conclusion } from "./conclusion.ts";
import { failureOf, StepFailed, type Deployment } from "./deployment.ts";
import { eventOf, keepEvent } from "./events.ts";
import { keep } from "./keep.ts";
import { LeaseLost } from "./lock.ts";
import { finalProperties, requireAsPlanned, takeStep } from "./step.ts";
import { takeRenames } from "./renames.ts";
import { timingsOf, type StepTime, type Timings } from "./timings.ts";
import { undo, type Remaining } from "./undo.ts";
import { walk } from "./walk.ts";

export type Applied = Succeeded | Failed;

export interface Succeeded {
  readonly status: "deployed";
  readonly stack: StackRecord;
  readonly timings: Timings;
  /** What could not be removed outside the store yet. */
  readonly remaining: readonly Remaining[];
}

export interface Failed {
  readonly status: "rolled-back" | "rollback-failed" | "kept";
  readonly cause: FailureCause;
  readonly remaining: readonly Remaining[];
}

interface Application {
  readonly deployment: Deployment;
  readonly input: PlanInput;
  readonly planned: Planned;
  /** What is there by now, by logical id. */
  readonly records: Map<string, ResourceRecord>;
  readonly imports: Set<string>;
  /** Of the steps that were taken. */
  readonly times: Map<string, StepTime>;
}

/**
 * Carries a plan out: steps in parallel as their dependencies allow, then the commit; on a failure, all of it
 * backwards, unless its user wants to keep what was done.
 */
export async function apply(deployment: Deployment, input: PlanInput, planned: Planned): Promise<Applied> {
  const { clock } = deployment.parts;
  const startedAtMs = clock.nowMs();
  const application: Application = {
    deployment,
    input,
    planned,
    records: new Map(),
    imports: new Set(),
    times: new Map(),
  };
  const { stack, cause } = await carryOut(application).catch(async (error: unknown) => {
    // Nothing can be written any more, or somebody else does: the journal stays for whoever settles it.
    if (error instanceof LeaseLost || error instanceof StoreUnavailable) throw error;
    const message = error instanceof Error ? error.message : String(error);
    await giveUp(deployment, { code: "InternalError", message });
    throw error;
  });
  if (cause) return giveUp(deployment, cause);
  const dependenciesOf = (id: string) => planned.graph.nodes.get(id)?.dependencies ?? [];
  const timings = timingsOf(startedAtMs, clock.nowMs(), application.times, dependenciesOf);
  return { status: "deployed", stack, timings, remaining: stack.cleaning ? await cleanUp(deployment) : [] };
}

type Carried =
  | { readonly stack: StackRecord; readonly cause?: undefined }
  | { readonly stack?: undefined; readonly cause: FailureCause };

/** The commit's own steps are deletions, of what the stack had before. */
function whatGoes({ planned }: Application, logicalId: string | undefined) {
  const record = logicalId === undefined ? undefined : planned.graph.nodes.get(logicalId)?.record;
  return record ? { logicalId: record.logicalId, type: record.type, id: record.id, action: "delete" as const } : {};
}

async function carryOut(application: Application): Promise<Carried> {
  const { deployment, input } = application;
  await takeRenames(deployment, input);
  const cause = await takeSteps(application);
  if (cause) return { cause };
  try {
    return { stack: await commit(deployment, concluded(application)) };
  } catch (error) {
    const failure = failureOf(error, "");
    await keepEvent(deployment, { status: "failed", cause: failure, ...whatGoes(application, failure.logicalId) });
    return { cause: failure };
  }
}

/** What the deployment's policy says: back to where it began, or everything left as it is. */
export async function giveUp(deployment: Deployment, cause: FailureCause): Promise<Failed> {
  if ((deployment.interruption?.onFailure ?? deployment.onFailure) === "keep") {
    await keep(deployment, cause);
    return { status: "kept", cause, remaining: [] };
  }
  const remaining = await undo(deployment, cause);
  return { status: remaining.length === 0 ? "rolled-back" : "rollback-failed", cause, remaining };
}

const INTERRUPTED: FailureCause = { code: "Interrupted", message: "The deployment was interrupted." };

/** What the commit does, once everything else has succeeded. */
const GOING: ReadonlySet<Action> = new Set(["delete", "retain"]);

/** The first failure, or undefined when every step was taken. */
async function takeSteps(application: Application): Promise<FailureCause | undefined> {
  const {
    deployment,
    planned: { graph },
  } = application;
  const { clock } = deployment.parts;
  let cause: FailureCause | undefined;
  const declared = graph.order.filter((id) => !GOING.has(graph.nodes.get(id)?.action ?? "none"));
  const nodeOf = (id: string) => graph.nodes.get(id) as Node;
  const outcomes = await walk(
    declared,
    (id) => nodeOf(id).dependencies,
    deployment.concurrency,
    async (id) => {
      const node = nodeOf(id);
      const beganAtMs = clock.nowMs();
      try {
        application.records.set(id, await stepOf(application, node));
        if (node.action !== "none") application.times.set(id, { beganAtMs, endedAtMs: clock.nowMs() });
        return true;
      } catch (error) {
        const failure = failureOf(error, id);
        // What fails after an interruption (a step that stopped waiting for its next attempt) is not the first cause.
        cause ??= deployment.signal?.aborted ? INTERRUPTED : failure;
        await keepEvent(deployment, {
          status: "failed",
          logicalId: id,
          ...typeOf(node),
          action: node.action,
          beganAtMs,
          cause: failure,
        });
        return false;
      }
    },
    () => deployment.signal?.aborted !== true,
  );
  const skipped = declared.filter((id) => outcomes.get(id) === "skipped");
  if (skipped.length === 0 && cause === undefined) return undefined;
  for (const id of skipped) {
    const node = nodeOf(id);
    if (node.action !== "none")
      deployment.emit(eventOf(deployment, { status: "skipped", logicalId: id, ...typeOf(node), action: node.action }));
  }
  return cause ?? INTERRUPTED;
}

const typeOf = (node: Node) => ({ type: node.declaration?.type ?? node.record?.type ?? "" });

async function stepOf(application: Application, node: Node): Promise<ResourceRecord> {
  const { deployment, planned } = application;
  const { declaration, record, registered, logicalId } = node;
  if (node.action === "none" || node.action === "rename") {
    invariant(record, "what stays is recorded");
    if (!declaration) return record;
    const isAffected = node.dependencies.some((id) => planned.graph.nodes.get(id)?.action !== "none");
    const desired = isAffected ? propertiesOf(application, node) : node.desired;
    invariant(desired, "the properties of what is declared are worked out");
    if (isAffected) requireAsPlanned(node, desired);
    const live = node.live === "gone" ? undefined : node.live;
    return {
      ...record,
      properties: desired,
      live: live ? withoutUndefined(live.properties) : record.live,
      attributes: live ? withoutUndefined(live.attributes) : record.attributes,
      sensitive: planned.secrecy.paths(node),
      dependencies: node.dependencies,
      deletionPolicy: declaration.deletionPolicy,
      updateReplacePolicy: declaration.updateReplacePolicy,
    };
  }
  invariant(registered, "only known types are applied");
  deployment.emit(eventOf(deployment, { status: "begun", logicalId, type: registered.type.name, action: node.action }));
  const desired = propertiesOf(application, node);
  requireAsPlanned(node, desired);
  return takeStep(deployment, node, desired, planned.secrecy.paths(node));
}

const propertiesOf = (application: Application, node: Node) =>
  finalProperties(node, (report) => environmentOf(application, report), application.input.tags);

/** What expressions see now: resources as they are by this moment. */
function environmentOf(
  { input, records, imports, deployment }: Application,
  report: (problem: Problem) => void,
): Environment {
  const { template, scope, stack, parameters, state, registry } = input;
  invariant(template, "only a template has expressions");
  const exports = new Map([...state.exports].filter(([, each]) => each.stack !== deployment.stack));
  const resource = (logicalId: string): KnownResource | undefined => {
    const record = records.get(logicalId);
    const type = record && registry.get(record.type)?.type;
    return type && { ref: type.ref, attributes: record.attributes };
  };
  const { others } = state;
  const environment = templateEnvironment({ scope, stack, template, parameters, exports, others, resource, report });
  return {
    ...environment,
    exported(name) {
      imports.add(name);
      return environment.exported(name);
    },
  };
}

function concluded(application: Application): Conclusion {
  const {
    input,
    planned,
    records,
    imports,
  } = application;
  const { graph, plan } = planned;
  const dropped = [...graph.nodes.values()].flatMap((node) =>
    (node.action === "delete" || node.action === "retain") && node.record
      ? [{ record: node.record, isDeleted: node.action === "delete" }]
      : [],
  );
  let outputs = {};
  if (input.template) {
    const problems: Problem[] = [];
    const environment = environmentOf(application, (each) => problems.push(each));
    for (const node of graph.nodes.values()) if (node.declaration) importsOf(node, environment);
    outputs = knownOutputs(evaluateOutputs(input.template, environment, planned.secrecy));
    const [first] = problems;
    if (first) throw new StepFailed({ code: first.code, message: first.message });
  }
  const secretParameters = [...(input.template?.parameters.values() ?? [])].filter((each) => each.isSecret);
  return {
    plan,
    given: input.given,
    kept: records,
    // After a renaming every record is written again: others name it among their dependencies.
    recorded: input.renames.length > 0 ? new Map() : input.state.resources,
    dropped,
    formerNames: input.renames.map(({ from }) => from),
    outputs,
    imports: [...imports],
    secretParameters: secretParameters.map((each) => each.name),
    // One that its condition leaves out is not there.
    nested: (input.template?.nested ?? []).filter((each) =>
      [...records.keys()].some((logicalId) => logicalId.startsWith(`${each.logicalId}/`)),
    ),
  };
}

/** An output of what was not targeted has no value yet and is left out. */
const knownOutputs = (outputs: Readonly<Record<string, OutputRecord>>): Readonly<Record<string, OutputRecord>> =>
  Object.fromEntries(Object.entries(outputs).filter(([, output]) => !firstUnknown(output.value)));

/** Evaluates for the sake of the exports that are used: what stays as it is has not been evaluated yet. */
function importsOf(node: Node, environment: Environment): void {
  if (node.action !== "none" || !node.declaration) return;
  const { properties } = node.declaration;
  for (const part of parts(properties)) {
    if (part.kind !== "call" || part.function !== "Fn::ImportValue") continue;
    // Whole, since an import in a branch that is not taken is not one.
    evaluate(properties, environment);
    return;
  }
}

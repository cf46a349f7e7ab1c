import { invariant } from "../../platform/invariant.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { Problem } from "../diagnostics/diagnostic.ts";
import type { Environment } from "../expressions/environment.ts";
import {
  firstUnknown,
  isList,
  isMap,
  isUnknown,
  withoutUndefined,
  type Value,
} from "../expressions/value.ts";
import { maskTexts, secretTexts } from "../parameters/mask-texts.ts";
import { isStored, ReferenceUnresolved, resolveStored } from "../parameters/resolve-stored.ts";
import { checkProperties } from "../registry/check-properties.ts";
import type { Outside } from "../../services/resource-type.ts";
import type { RegisteredType } from "../registry/registry.ts";
import { desiredProperties } from "../plan/passes/changes.ts";
import type { Node } from "../plan/graph.ts";
import type { LiveState } from "../plan/live-state.ts";
import type { Tags } from "../plan/stack-tags.ts";
import {
  resourceRecords,
  type FailureCause,
  type Properties,
  type ResourceRecord,
  type StepEntry,
} from "../state/model.ts";
import { transactWatched } from "../watched.ts";
import { failureOf, resourceContext, StepFailed, type Deployment } from "./deployment.ts";
import { beforeLimit, timeLimit, withAttempts } from "./attempts.ts";
import { appendEvent, eventOf, keepEvent } from "./events.ts";
import { appendJournal } from "./journal.ts";
import { beginOutside } from "./outside.ts";
import { requireLease } from "./lock.ts";

/** The declared properties, now that everything they depend on is there. */
export function finalProperties(
  node: Node,
  environment: (report: (problem: Problem) => void) => Environment,
  tags: Tags,
): Properties {
  const { declaration, registered, logicalId } = node;
  invariant(declaration && registered, "only declared resources of known types are applied");
  const problems: Problem[] = [];
  const desired = desiredProperties(
    declaration,
    registered,
    environment((each) => problems.push(each)),
    tags,
    problems,
  );
  const [first] = problems;
  if (first) throw new StepFailed({ logicalId, code: first.code, message: first.message });
  const unknown = firstUnknown(desired);
  if (unknown) {
    throw new StepFailed({ logicalId, code: "AttributeWithoutValue", message: `${unknown.from} has no value.` });
  }
  return desired;
}

/**
 * What was known when the plan was made must still be so after what it depends on has changed; otherwise the plan did
 * not say what apply would do.
 */
export function requireAsPlanned(node: Node, desired: Properties): void {
  if (isAsPlanned(node.desired, desired)) return;
  throw new StepFailed({
    logicalId: node.logicalId,
    code: "PlanBroken",
    message: `A change of what ${node.logicalId} depends on changes it in another way than was planned; plan again.`,
  });
}

function isAsPlanned(planned: Value | undefined, final: Value | undefined): boolean {
  if (isUnknown(planned) || planned === final) return true;
  if (isList(planned) && isList(final))
    return planned.length === final.length && planned.every((each, index) => isAsPlanned(each, final[index]));
  if (!isMap(planned) || !isMap(final)) return false;
  const keys = Object.keys(planned);
  return keys.length === Object.keys(final).length && keys.every((key) => isAsPlanned(planned[key], final[key]));
}

/** One step: the handler's effect, the resource's record, the journal entry and the event, in one transaction. */
export async function takeStep(
  deployment: Deployment,
  node: Node,
  desired: Properties,
  sensitive: readonly string[],
): Promise<ResourceRecord> {
  const { parts, scope, stack, lease } = deployment;
  const { registered, logicalId } = node;
  invariant(registered, "only known types are applied");
  const given = await givenProperties(deployment, registered, logicalId, desired);
  const beganAtMs = parts.clock.nowMs();
  const limit = timeLimit(parts.clock, timeoutOf(deployment, registered));
  const outsideStep = await beginOutside(deployment, node, registered, given);
  const attempt = async () => {
    const outside = outsideStep && (await beforeLimit(parts.clock, limit, (signal) => outsideStep.bringAbout(signal)));
    const left = outside && { token: outsideStep?.token, outside };
    return transactWatched(parts, async (tx, watched) => {
      await requireLease(tx, scope, stack, lease);
      const before = await resourceRecords.get(tx, scope.account, scope.region, stack, logicalId);
      const work = () => effect(tx, { ...deployment, parts: watched }, node, registered, given, before, outside);
      const { state, entry } = await beforeLimit(parts.clock, limit, work);
      const record = {
        ...recordOf(node, desired, sensitive, state, before, entry.step === "replaced"),
        ...(outside && { outside }),
      };
      resourceRecords.put(tx, record, scope.account, scope.region, stack, logicalId);
      appendJournal(tx, deployment, { ...entry, ...left, dependencies: node.dependencies });
      const event = eventOf(deployment, {
        status: "done",
        logicalId,
        type: registered.type.name,
        id: state.id,
        action: node.action,
        beganAtMs,
      });
      appendEvent(tx, deployment, event);
      return { record, event };
    });
  };
  try {
    const { record, event } = await withAttempts(attempt, {
      clock: parts.clock,
      limit,
      signal: deployment.signal,
      onRetry: (error) =>
        keepEvent(deployment, {
          status: "retrying",
          logicalId,
          type: registered.type.name,
          action: node.action,
          cause: shownFailure(failureOf(error, logicalId), sensitive, given),
        }),
    });
    deployment.emit(event);
    return record;
  } catch (error) {
    throw new StepFailed(shownFailure(failureOf(error, logicalId), sensitive, given), error);
  }
}

/** What the service is given: the declared properties, with dynamic references resolved and then checked. */
async function givenProperties(
  { parts, scope }: Deployment,
  { type }: RegisteredType,
  logicalId: string,
  desired: Properties,
): Promise<Properties> {
  if (!isStored(desired)) return desired;
  try {
    const { value, secrets } = await resolveStored(desired, parts.storedValues, scope);
    const problems: Problem[] = [];
    const given = checkProperties(type.name, type.properties, value, () => ({ start: 0, end: 0 }), problems);
    const [first] = problems;
    if (!first) return given;
    throw new StepFailed({ logicalId, code: first.code, message: maskTexts(first.message, secrets) });
  } catch (error) {
    if (!(error instanceof ReferenceUnresolved)) throw error;
    throw new StepFailed({ logicalId, code: "CS1112", message: error.message });
  }
}

const valueAt = (value: Value, path: readonly string[]): Value | undefined =>
  path.reduce<Value | undefined>((at, key) => (isMap(at) ? at[key] : undefined), value);

/** A failure without the secrets that the service may have quoted. */
function shownFailure(failure: FailureCause, sensitive: readonly string[], given: Properties): FailureCause {
  const secrets = sensitive.flatMap((path) => secretTexts(valueAt(given, path.split("."))));
  return { ...failure, message: maskTexts(failure.message, secrets) };
}

const timeoutOf = (deployment: Deployment, { type }: RegisteredType): number | undefined =>
  deployment.stepTimeoutMs ?? type.timeoutMs;

async function effect(
  tx: Transaction,
  deployment: Deployment,
  node: Node,
  registered: RegisteredType,
  desired: Properties,
  before: ResourceRecord | undefined,
  outside: Outside | undefined,
): Promise<{ readonly state: LiveState; readonly entry: StepEntry }> {
  const { handlers, name: type } = registered.type;
  const { logicalId } = node;
  const kept = before && { before };
  const made = outside && { outside };
  if (node.action === "create") {
    const ctx = resourceContext(deployment, registered, logicalId, { ...made });
    const state = (await handlers.create(tx, desired, ctx)) as LiveState;
    return { state, entry: { step: "created", logicalId, type, id: state.id, ...kept } };
  }
  if (node.action === "import") return takeIn(tx, deployment, node, registered, desired);
  invariant(before, "what is updated or replaced is recorded");
  const old = deployment.parts.registry.get(before.type);
  const ctx = resourceContext(
    deployment,
    registered,
    logicalId,
    before.type === type && node.action === "replace" ? { replaces: before.id, ...made } : { ...made },
  );
  // Read as its own service reads it: a resource whose type changes may have come from another.
  const oldCtx = old && resourceContext(deployment, old, logicalId);
  const live = oldCtx && ((await old.type.handlers.read(tx, before.id, oldCtx)) as LiveState | undefined);
  if (!live) throw gone(logicalId, before.id);
  const liveBefore = withoutUndefined(live.properties);
  if (node.action === "replace") {
    const state = (await handlers.create(tx, desired, ctx)) as LiveState;
    return { state, entry: { step: "replaced", logicalId, type, id: state.id, ...kept, liveBefore } };
  }
  const state = (await handlers.update(
    tx,
    before.id,
    { ...desired, ...node.restored },
    before.properties,
    ctx,
  )) as LiveState;
  return { state, entry: { step: "updated", logicalId, type, id: before.id, ...kept, liveBefore } };
}

/** What exists already, as it is or changed to what is declared; nobody's declaration of it is known before this. */
async function takeIn(
  tx: Transaction,
  deployment: Deployment,
  { logicalId, record, differences }: Node,
  { type, service }: RegisteredType,
  desired: Properties,
): Promise<{ readonly state: LiveState; readonly entry: StepEntry }> {
  invariant(record, "what is imported was read while planning");
  const { id } = record;
  const ctx = resourceContext(deployment, { type, service }, logicalId);
  const live = (await type.handlers.read(tx, id, ctx)) as LiveState | undefined;
  if (!live) throw gone(logicalId, id);
  const liveBefore = withoutUndefined(live.properties);
  const entry: StepEntry = { step: "imported", logicalId, type: type.name, id, liveBefore };
  if (differences.length === 0) return { state: live, entry };
  const state = await type.handlers.update(tx, id, { ...liveBefore, ...desired }, liveBefore, ctx);
  return { state: state as LiveState, entry };
}

const gone = (logicalId: string, id: string) =>
  new StepFailed({
    logicalId,
    code: "ResourceGone",
    message: `${id} was deleted since the plan was made; plan again.`,
  });

function recordOf(
  node: Node,
  desired: Properties,
  sensitive: readonly string[],
  state: LiveState,
  before: ResourceRecord | undefined,
  isReplaced: boolean,
): ResourceRecord {
  const { declaration } = node;
  invariant(declaration, "only declared resources are recorded");
  const { replaced: earlier, ...old } = before ?? {};
  const predecessors = isReplaced ? [old as ResourceRecord, ...(earlier ?? [])] : before?.replaced;
  return {
    version: 1,
    logicalId: node.logicalId,
    type: declaration.type,
    id: state.id,
    properties: desired,
    live: withoutUndefined(state.properties),
    attributes: withoutUndefined(state.attributes),
    sensitive,
    dependencies: node.dependencies,
    deletionPolicy: declaration.deletionPolicy,
    updateReplacePolicy: declaration.updateReplacePolicy,
    ...(predecessors && predecessors.length > 0 && { replaced: predecessors }),
  };
}

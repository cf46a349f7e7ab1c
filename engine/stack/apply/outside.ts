import { invariant } from "../../platform/invariant.ts";
import type { Outside, OutsideCall, OutsideEffects, ResourceContext } from "../../services/resource-type.ts";
import type { Node } from "../plan/graph.ts";
import type { RegisteredType } from "../registry/registry.ts";
import type { BegunEntry, Properties, ResourceRecord, StepEntry } from "../state/model.ts";
import { resourceContext, StepFailed, type Deployment } from "./deployment.ts";
import { appendJournal } from "./journal.ts";
import { requireLease } from "./lock.ts";

type Effects = OutsideEffects<Properties, never>;
type Where = Pick<Deployment, "parts" | "scope" | "stack" | "id">;

/** A step's effect outside the store, as it was begun. */
export interface OutsideStep {
  readonly token: string;
  bringAbout(signal: AbortSignal): Promise<Outside>;
}

const effectsOf = (registered: RegisteredType | undefined): Effects | undefined =>
  registered?.type.outside as Effects | undefined;

function callOf(
  deployment: Where,
  registered: RegisteredType,
  logicalId: string,
  token: string,
  extra: Pick<ResourceContext, "isUndo"> = {},
): OutsideCall<never> {
  const ctx = resourceContext(deployment, registered, logicalId, extra);
  return { token, signal: new AbortController().signal, ctx };
}

/**
 * Journals that a step begins, when its type has effects outside the store. The token is the step's own: a deployment
 * that is resumed repeats it and finds what it had made.
 */
export async function beginOutside(
  deployment: Deployment,
  node: Node,
  registered: RegisteredType,
  given: Properties,
): Promise<OutsideStep | undefined> {
  const effects = effectsOf(registered);
  if (!effects) return undefined;
  const { logicalId, action, record } = node;
  if (action !== "create" && action !== "update" && action !== "replace")
    throw new StepFailed({
      logicalId,
      code: "NotImportable",
      message: `A ${registered.type.name} cannot be imported.`,
    });
  const token = `${deployment.id}-${logicalId}`;
  const { parts, scope, stack, lease } = deployment;
  const entry: BegunEntry = {
    step: "begun",
    action,
    token,
    logicalId,
    type: registered.type.name,
    dependencies: node.dependencies,
    ...(record && { before: record }),
  };
  await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    appendJournal(tx, deployment, entry);
  });
  const call = callOf(deployment, registered, logicalId, token);
  const current = action === "update" ? record?.outside : undefined;
  return {
    token,
    async bringAbout(signal) {
      if (!current) return effects.create(given, { ...call, signal });
      await effects.update(current, given, { ...call, signal });
      return current;
    },
  };
}

/** Takes back what a step did outside the store; a step that only began is settled by looking what it did. */
export async function undoOutside(deployment: Deployment, entry: StepEntry | BegunEntry): Promise<void> {
  const { registry } = deployment.parts;
  const registered = registry.get(entry.type);
  const effects = effectsOf(registered);
  if (registered && effects && entry.token !== undefined) {
    const call = callOf(deployment, registered, entry.logicalId, entry.token, { isUndo: true });
    const isUpdate = entry.step === "updated" || (entry.step === "begun" && entry.action === "update");
    if (!isUpdate) {
      const made = entry.step === "begun" ? await effects.find(call) : entry.outside;
      if (made) await effects.delete(made, call);
    } else {
      const { before } = entry;
      invariant(before?.outside, "what was updated outside the store was there before");
      // Undoing is a step of its own: with the token of the step it would count as that one's repetition.
      await effects.update(before.outside, before.properties, { ...call, token: `${entry.token}-undo` });
    }
  }
}

/** Removes what a resource left outside the store. */
export async function removeOutside(
  where: Where,
  { type, logicalId, outside, token }: { type: string; logicalId: string; outside: Outside; token: string },
): Promise<void> {
  const registered = where.parts.registry.get(type);
  const effects = effectsOf(registered);
  invariant(registered && effects, "what has effects outside the store has a type that knows them");
  await effects.delete(outside, callOf(where, registered, logicalId, token));
}

/** What goes outside the store with a record. */
export const outsideOf = (record: ResourceRecord, deploymentId: string) =>
  record.outside && {
    token: `${deploymentId}-${record.logicalId}-${record.id}-cleanup`,
    logicalId: record.logicalId,
    type: record.type,
    id: record.id,
    outside: record.outside,
  };

import { invariant } from "../../platform/invariant.ts";
import type { Transaction } from "../../kernel/store.ts";
import { equalValues } from "../expressions/value.ts";
import type { LiveState } from "../plan/live-state.ts";
import { isReadBack } from "../plan/differences.ts";
import type { RegisteredType } from "../registry/registry.ts";
import { resourceRecords, type Properties, type ResourceRecord, type StepEntry } from "../state/model.ts";
import { resourceContext, type Deployment } from "./deployment.ts";

/** One step backwards: what was created goes, what was updated gets its properties back. */
export async function reverse(tx: Transaction, deployment: Deployment, entry: StepEntry): Promise<void> {
  const { registry } = deployment.parts;
  const registered = registry.get(entry.type);
  invariant(registered, "a type that was applied is registered");
  if (entry.step === "renamed") return;
  if (entry.step === "imported") {
    invariant(entry.liveBefore, "what was imported has a state to go back to");
    return putBack(tx, deployment, registered, { ...entry, properties: {} }, entry.liveBefore);
  }
  const ctx = resourceContext(deployment, registered, entry.logicalId, { isUndo: true });
  if (entry.step !== "updated") await registered.type.handlers.delete(tx, entry.id, ctx);
  if (entry.step === "created") return;
  invariant(entry.before && entry.liveBefore, "what was updated or replaced has a state to go back to");
  // A successor may have taken something over from its predecessor (an attached volume), which goes back with the
  // properties.
  const old = registry.get(entry.before.type);
  invariant(old, "a type that was applied is registered");
  await putBack(tx, deployment, old, entry.before, entry.liveBefore);
}

async function putBack(
  tx: Transaction,
  deployment: Deployment,
  registered: RegisteredType,
  before: Pick<ResourceRecord, "logicalId" | "id" | "properties" | "outside">,
  liveBefore: Properties,
): Promise<void> {
  const outside = before.outside && { outside: before.outside };
  const ctx = resourceContext(deployment, registered, before.logicalId, { isUndo: true, ...outside });
  const { handlers } = registered.type;
  const live = (await handlers.read(tx, before.id, ctx)) as LiveState | undefined;
  if (!live) return;
  const unreadable = Object.entries(before.properties).filter(([property]) => !isReadBack(registered.type, property));
  if (equalValues(live.properties, liveBefore) && unreadable.length === 0) return;
  await handlers.update(tx, before.id, { ...liveBefore, ...Object.fromEntries(unreadable) }, live.properties, ctx);
}

/** The stack's record of the resource, as it was before the step. */
export async function putRecordBack(tx: Transaction, { scope, stack }: Deployment, entry: StepEntry): Promise<void> {
  const { account, region } = scope;
  const { before, logicalId } = entry;
  if (!before) return resourceRecords.remove(tx, account, region, stack, logicalId);
  // When two resources swap names, the other one may have taken this name back already.
  const hasOtherName = before.logicalId !== logicalId;
  const current = hasOtherName ? await resourceRecords.get(tx, account, region, stack, logicalId) : undefined;
  if (current?.id === entry.id) resourceRecords.remove(tx, account, region, stack, logicalId);
  resourceRecords.put(tx, before, account, region, stack, before.logicalId);
}

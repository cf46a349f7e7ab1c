import { invariant } from "../../platform/invariant.ts";
import { renamed } from "../plan/relocate.ts";
import type { PlanInput } from "../plan/graph.ts";
import { resourceRecords, type ResourceRecord } from "../state/model.ts";
import type { Deployment } from "./deployment.ts";
import { appendEvent, eventOf } from "./events.ts";
import { appendJournal } from "./journal.ts";
import { requireLease } from "./lock.ts";

/**
 * Before any other step, and all at once, so that two resources may swap their names: every renamed record goes on
 * under its new one. The resources themselves are not touched.
 */
export async function takeRenames(deployment: Deployment, { renames }: Pick<PlanInput, "renames">): Promise<void> {
  if (renames.length === 0) return;
  const { parts, scope, stack, lease } = deployment;
  const { account, region } = scope;
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  const nameOf = (logicalId: string) => names.get(logicalId) ?? logicalId;
  const events = await parts.store.transact(async (tx) => {
    await requireLease(tx, scope, stack, lease);
    const before: ResourceRecord[] = [];
    for (const { from } of renames) {
      const record = await resourceRecords.get(tx, account, region, stack, from);
      invariant(record, "what is renamed is recorded");
      resourceRecords.remove(tx, account, region, stack, from);
      before.push(record);
    }
    return before.map((record) => {
      const after = renamed(record, nameOf);
      const { logicalId, type, id } = after;
      resourceRecords.put(tx, after, account, region, stack, logicalId);
      appendJournal(tx, deployment, { step: "renamed", logicalId, type, id, before: record });
      const event = eventOf(deployment, { status: "done", logicalId, type, id, action: "rename" });
      appendEvent(tx, deployment, event);
      return event;
    });
  });
  for (const event of events) deployment.emit(event);
}

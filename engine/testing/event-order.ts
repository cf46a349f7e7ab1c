import type { StackEvent } from "../stack/apply/stack-event.ts";

/** What must be there before a resource and go after it, by logical id: in the stack as it was, and as it is to be. */
export interface Dependencies {
  readonly before: ReadonlyMap<string, readonly string[]>;
  readonly after: ReadonlyMap<string, readonly string[]>;
}

/**
 * Every place where a deployment's events break the order that dependencies give, in words; and how many steps were
 * under way at once.
 */
export function disorderOf(
  events: readonly StackEvent[],
  { before, after }: Dependencies,
): { readonly faults: readonly string[]; readonly atOnce: number } {
  const faults: string[] = [];
  const planned = new Set(events.flatMap((each) => (each.status === "begun" ? [each.logicalId ?? ""] : [])));
  const done = new Set<string>();
  const gone = new Set<string>();
  const undone = new Set<string>();
  const underWay = new Set<string>();
  let atOnce = 0;
  for (const { status, logicalId = "", action } of events) {
    if (status === "begun") {
      for (const each of after.get(logicalId) ?? [])
        if (planned.has(each) && !done.has(each)) faults.push(`${logicalId} begins before ${each} is done`);
      underWay.add(logicalId);
      atOnce = Math.max(atOnce, underWay.size);
    } else if (status === "done" && action === "delete") {
      for (const each of before.get(logicalId) ?? [])
        if (gone.has(each)) faults.push(`${each} goes before ${logicalId}, which stands on it`);
      gone.add(logicalId);
    } else if (status === "done" || status === "failed") {
      underWay.delete(logicalId);
      if (status === "done") done.add(logicalId);
    } else if (status === "undone") {
      for (const each of after.get(logicalId) ?? [])
        if (undone.has(each)) faults.push(`${each} is undone before ${logicalId}`);
      undone.add(logicalId);
    }
  }
  return { faults, atOnce };
}

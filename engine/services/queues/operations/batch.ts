import { errors } from "../errors.ts";

export const BATCH_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

export const BATCH_ERRORS = ["BatchEmpty", "BatchTooLarge", "BatchIdsNotDistinct", "BatchIdInvalid"] as const;

export function checkBatch(entries: readonly { readonly id: string }[]): void {
  if (entries.length === 0) throw errors.BatchEmpty();
  if (entries.length > BATCH_MAX) throw errors.BatchTooLarge({ count: entries.length, max: BATCH_MAX });
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (!ENTRY_ID.test(id)) throw errors.BatchIdInvalid({ id });
    if (seen.has(id)) throw errors.BatchIdsNotDistinct({ id });
    seen.add(id);
  }
}

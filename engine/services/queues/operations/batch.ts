import { Type } from "typebox";
import { ServiceError } from "../../errors.ts";
import { errors } from "../errors.ts";

export const BATCH_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

export const Failed = Type.Array(Type.Object({ id: Type.String(), error: Type.Unsafe<ServiceError>({}) }));
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

/** Does each entry in turn; what one is refused for does not keep the others. `perform` refuses before it writes. */
export async function performEach<E extends { readonly id: string }, R>(
  entries: readonly E[],
  perform: (entry: E) => Promise<R>,
) {
  const done: (R & { id: string })[] = [];
  const failed: { id: string; error: ServiceError }[] = [];
  for (const entry of entries) {
    try {
      done.push({ id: entry.id, ...(await perform(entry)) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      failed.push({ id: entry.id, error });
    }
  }
  return { done, failed };
}

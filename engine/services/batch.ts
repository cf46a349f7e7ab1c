import { Type } from "typebox";
import { defineErrors, ServiceError } from "./errors.ts";

const BATCH_MAX = 10;
const ENTRY_ID = /^[A-Za-z0-9_-]{1,80}$/;

/** What a batch as a whole is refused for: rows of the table of errors of each service that takes batches. */
export const batchErrors = defineErrors({
  BatchEmpty: { kind: "invalidInput", message: () => "A batch needs at least one entry." },
  BatchTooLarge: {
    kind: "invalidInput",
    message: (p: { count: number; max: number }) => `A batch of ${p.count}; the limit is ${p.max}.`,
  },
  BatchTooLong: {
    kind: "invalidInput",
    message: (p: { sizeBytes: number; limitBytes: number }) =>
      `The batch is ${p.sizeBytes} bytes; the limit is ${p.limitBytes}.`,
  },
  BatchIdsNotDistinct: { kind: "invalidInput", message: (p: { id: string }) => `Entry id ${p.id} occurs twice.` },
  BatchIdInvalid: {
    kind: "invalidInput",
    message: (p: { id: string }) => `"${p.id}" is no entry id: 1 to 80 letters, digits, hyphens and underscores.`,
  },
});
/** What `checkBatch` throws. */
export const BATCH_ERRORS = ["BatchEmpty", "BatchTooLarge", "BatchIdsNotDistinct", "BatchIdInvalid"] as const;

export function checkBatch(entries: readonly { readonly id: string }[]): void {
  if (entries.length === 0) throw batchErrors.BatchEmpty();
  if (entries.length > BATCH_MAX) throw batchErrors.BatchTooLarge({ count: entries.length, max: BATCH_MAX });
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (!ENTRY_ID.test(id)) throw batchErrors.BatchIdInvalid({ id });
    if (seen.has(id)) throw batchErrors.BatchIdsNotDistinct({ id });
    seen.add(id);
  }
}

/** `BatchTooLong` */
export function checkBatchBytes(sizesBytes: readonly number[], limitBytes: number): void {
  const sizeBytes = sizesBytes.reduce((sum, each) => sum + each, 0);
  if (sizeBytes > limitBytes) throw batchErrors.BatchTooLong({ sizeBytes, limitBytes });
}

/** The entries of a batch that were refused, each by itself. */
export const Failed = Type.Array(Type.Object({ id: Type.String(), error: Type.Unsafe<ServiceError>({}) }));

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

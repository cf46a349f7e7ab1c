import { Type } from "typebox";
import { ServiceError } from "./errors.ts";

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

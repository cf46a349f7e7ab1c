import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";

/** What another stack exports, or gives as its output, is not there (yet). */
const AWAITED: ReadonlySet<string> = new Set<Diagnostic["code"]>(["CS1107", "CS1116"]);

/** Whether all that is wrong with a stack is that another one was not deployed yet. */
export function awaitsOnlyOthers(problems: readonly { readonly severity: string; readonly code: string }[]): boolean {
  const errors = problems.filter(({ severity }) => severity === "error");
  return errors.length > 0 && errors.every(({ code }) => AWAITED.has(code));
}

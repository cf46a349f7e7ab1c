import type { Diagnostic } from "../stack/diagnostics/diagnostic.ts";
import { formatDiagnostic } from "../stack/diagnostics/format.ts";
import type { Source } from "../stack/diagnostics/source.ts";
import { Failure } from "./failure.ts";

/** A file of settings that cannot be used: where, why, and what was meant. */
export function settingsFailure(diagnostics: readonly Diagnostic[], sources: readonly Source[]): Failure {
  const [first] = diagnostics;
  const place = first?.range ? `${first.file}:${first.range.line}:${first.range.column}: ` : "";
  const more = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : "";
  const shown = diagnostics.flatMap((each) => {
    const text = sources.find(({ file }) => file === each.file)?.text;
    return formatDiagnostic(each, text).split("\n");
  });
  return new Failure(`${place}${first?.message ?? "the file cannot be used"}${more}`, shown);
}

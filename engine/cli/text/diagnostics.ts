import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import { formatDiagnostic } from "../../stack/diagnostics/format.ts";
import type { Colors } from "../output.ts";

/** All problems of a template, each with its line; then how many there are. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], sourceText: string, colors: Colors): string {
  const blocks = diagnostics.map((each) =>
    formatDiagnostic(each, sourceText)
      .replace(/^error\[/, `${colors.red("error")}[`)
      .replace(/^warning\[/, `${colors.yellow("warning")}[`),
  );
  const errors = diagnostics.filter((each) => each.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const counted = [
    errors && `${errors} ${errors === 1 ? "error" : "errors"}`,
    warnings && `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ];
  return [...blocks, counted.filter(Boolean).join(", ")].join("\n\n");
}

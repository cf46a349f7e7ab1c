import { documentsOf } from "./bundle.ts";
import type { Diagnostic } from "./diagnostic.ts";

/**
 * A diagnostic as text, with the line it is about and a caret under the place. Without colour; the command line adds
 * that. Shape: ``` error[CS1203] unknown property "CidrBlock" of VPC  web.yaml:7:7
 *   7 |       CidrBlock: 10.42.0.0/16
 *     |       ^^^^^^^^^ did you mean "CIDRBlock"?
 * ```
 */
export function formatDiagnostic(diagnostic: Diagnostic, sourceText = ""): string {
  const { code, severity, message, file, range, hint } = diagnostic;
  const place = range ? `  ${file ?? ""}:${range.line}:${range.column}` : "";
  const head = `${severity}[${code}] ${message}${place}`;
  // The text is the template's; what a program's line says is not known here.
  const isShown = range !== undefined && range.program === undefined;
  const document = isShown ? documentsOf(sourceText).find(({ name }) => name === range.file) : undefined;
  const line = range && document?.text.split("\n")[range.line - 1];
  if (!range || line === undefined) return hint === undefined ? head : `${head}\n  ${hint}`;
  const number = String(range.line);
  const end = range.endLine === range.line ? range.endColumn : line.length + 1;
  const carets = "^".repeat(Math.max(1, end - range.column));
  return [
    head,
    `  ${number} | ${line.trimEnd()}`,
    `  ${" ".repeat(number.length)} | ${" ".repeat(range.column - 1)}${carets}${hint === undefined ? "" : ` ${hint}`}`,
  ].join("\n");
}

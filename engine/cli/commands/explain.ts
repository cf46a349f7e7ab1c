import { CODES, type DiagnosticCode } from "../../stack/diagnostics/codes.ts";
import { PAGES } from "../../stack/diagnostics/pages/table.ts";
import { nearest } from "../../stack/diagnostics/suggestion.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { explainNested } from "./explain-nested.ts";
import { explainType } from "./explain-type.ts";
import { allTypes } from "./types.ts";
import { codePageText } from "../text/code-page.ts";
import { table } from "../text/table.ts";

/** The manual, offline: a diagnostic's code or a resource type; without a subject, all codes. */
export function explain(output: Output, subject: string | undefined): void {
  if (subject === undefined) return listCodes(output);
  const code = subject.toUpperCase();
  if (!isCode(code)) {
    if (explainType(output, subject) || explainNested(output, subject)) return;
    const meant = nearest(subject, [...Object.keys(CODES), ...allTypes().names]);
    throw new Failure(`There is nothing to explain called "${subject}".`, [
      meant === undefined ? "cloudstack explain lists what there is." : `Did you mean ${meant}?`,
    ]);
  }
  const page = { code, ...CODES[code], ...PAGES[code] };
  output.answer(page, () => codePageText(page, output.colors, output.width));
}

const isCode = (subject: string): subject is DiagnosticCode => Object.hasOwn(CODES, subject);

function listCodes(output: Output): void {
  const codes = Object.entries(CODES).map(([code, { severity, title }]) => ({ code, severity, title }));
  output.answer({ codes }, () =>
    [
      table(
        output.colors,
        ["code", "severity", "meaning"],
        codes.map((each) => [each.code, each.severity, each.title]),
      ),
      "",
      "One in detail: cloudstack explain CS1203. Resource types: cloudstack types",
    ].join("\n"),
  );
}

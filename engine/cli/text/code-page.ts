import type { CodePage } from "../../stack/diagnostics/pages/page.ts";
import type { Colors } from "../output.ts";

export interface ShownPage extends Partial<CodePage> {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly title: string;
}

/** A page of the manual: what the diagnostic means, what to do, and a template that yields it. */
export function codePageText(page: ShownPage, colors: Colors, width: number): string {
  const { code, severity, title, meaning = "", cure = "", example } = page;
  const colored = severity === "error" ? colors.red(severity) : colors.yellow(severity);
  const shown =
    typeof example === "object" ? example.template.trimEnd().split("\n") : example === undefined ? [] : [example];
  return [
    `${colored}[${code}] ${title}`,
    "",
    ...wrapped(meaning, width),
    "",
    colors.bold("What to do"),
    ...wrapped(cure, width),
    "",
    colors.bold("Example"),
    ...shown.map((line) => `  ${line}`),
  ].join("\n");
}

function wrapped(text: string, width: number): readonly string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line !== "" && line.length + word.length + 3 > width) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.map((line) => `  ${line}`);
}

import { visibleWithin } from "../visible.ts";

/** Texts of others within Markdown: they are shown as they are, and start no table cell, link, mention or markup. */

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));

const CODE_MAX = 160;
const PROSE_MAX = 600;

/** `` `name` ``; nothing for an empty text. */
export function code(text: string, lengthMax = CODE_MAX): string {
  if (text === "") return "";
  const shown = visibleWithin(text, lengthMax);
  const fence = "`".repeat(longestRun(shown) + 1);
  // A blank on both sides is taken away again; without it a text of backticks or blanks would lose its ends.
  const room = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return fence + room + shown + room + fence;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", "|": "&#124;" };

const MARKUP = /[&<|\\`*_{}[\]~$]|@(?=\w)|[#!](?=\d)/g;

/** A sentence. */
export const prose = (text: string, lengthMax = PROSE_MAX): string =>
  visibleWithin(text, lengthMax)
    .replace(MARKUP, (character) => {
      // An empty comment, so that nobody is called and no issue is linked.
      if (/[@#!]/.test(character)) return `${character}<!-- -->`;
      return ENTITIES[character] ?? `\\${character}`;
    });

/** Of a cell, also within code. */
export const cell = (markdown: string): string => markdown.replace(/\\?\|/g, "\\|");

/** Lines in a fence that none of them can close. */
export function fenced(language: string, lines: readonly string[]): { readonly open: string; readonly close: string } {
  const longest = lines.reduce((most, line) => Math.max(most, longestRun(line)), 0);
  const fence = "`".repeat(Math.max(3, longest + 1));
  return { open: `${fence}${language}\n`, close: `${fence}\n` };
}

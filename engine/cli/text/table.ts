import type { Colors } from "../output.ts";

// The terminal's colour codes take no room.
// oxlint-disable-next-line no-control-regex -- the escape character is what marks them
const COLOR_CODE = /\u001b\[[0-9;]*m/g;

export const visibleLength = (text: string): number => text.replace(COLOR_CODE, "").length;

export const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - visibleLength(text)));

/** Columns as wide as their longest cell, two blanks apart; the last cell of a row is ragged. */
export function alignColumns(rows: readonly (readonly string[])[], indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.slice(0, -1).entries())
      widths[column] = Math.max(widths[column] ?? 0, visibleLength(cell));
  }
  return rows.map(
    (row) =>
      indent +
      row
        .map((cell, column) => (column === row.length - 1 ? cell : padTo(cell, widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
  );
}

/** A table with a heading line. */
export function table(colors: Colors, heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return alignColumns([heading.map((cell) => colors.dim(cell)), ...rows]).join("\n");
}

/** Text on lines of this width at most, broken between words; the first and the others have their own indent. */
export function wrapped(text: string, width: number, indent: string, hanging: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    const isEmpty = line.trim() === "";
    if (!isEmpty && visibleLength(line) + 1 + visibleLength(word) > width) {
      lines.push(line.trimEnd());
      line = hanging + word;
    } else line += isEmpty ? word : ` ${word}`;
  }
  return [...lines, line];
}

import { cell } from "./escape.ts";
import type { Block } from "./fit.ts";

const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |\n`;

/** A table as a block whose items are its rows; columns in which every cell is empty are left out. */
export function tableOf(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): Pick<Block, "head" | "items" | "close"> {
  const isShown = headings.map((_, column) => rows.some((cells) => (cells[column] ?? "") !== ""));
  const shown = (cells: readonly string[]) => cells.filter((_, column) => isShown[column]);
  const kept = shown(headings);
  const head = row(kept) + row(kept.map(() => "---"));
  return { head, items: rows.map((cells) => row(shown(cells))), close: "" };
}

/** Puts a block where a reader opens it. */
export function folded(summary: string, block: Block): Block {
  return {
    ...block,
    head: `<details><summary>${summary}</summary>\n\n${block.head}`,
    tail: `${block.tail === "\n" ? "" : block.tail}\n</details>\n\n`,
  };
}

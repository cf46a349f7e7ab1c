import { attributes, xmlText } from "../xml.ts";

/** HTML that is whole: only `element` makes it, so that no text of others becomes markup. */
export interface Markup {
  readonly markup: string;
}

export type Child = Markup | string;
type Attributes = Readonly<Record<string, string | number | undefined>>;

const EMPTY: ReadonlySet<string> = new Set(["br", "meta", "path", "rect", "line"]);

/** An element; its texts are shown as they are. It is well-formed XML as well. */
export function element(name: string, values: Attributes, ...children: readonly Child[]): Markup {
  const open = `<${name}${attributes(values)}`;
  if (EMPTY.has(name)) return { markup: `${open}/>` };
  const inner = children.map((child) => (typeof child === "string" ? xmlText(child) : child.markup)).join("");
  return { markup: `${open}>${inner}</${name}>` };
}

/** Several beside each other. */
export const together = (...children: readonly Child[]): Markup => ({
  markup: children.map((child) => (typeof child === "string" ? xmlText(child) : child.markup)).join(""),
});

export interface Column {
  readonly heading: string;
  /** Figures stand on the right. */
  readonly isFigure?: boolean;
}

/** A table; columns in which every cell is empty are left out. */
export function table(
  columns: readonly Column[],
  rows: readonly { readonly id?: string; readonly cells: readonly Child[] }[],
): Markup {
  const isShown = columns.map((_, index) => rows.some(({ cells }) => !isEmpty(cells[index])));
  const shown = <T>(values: readonly T[]) => values.filter((_, index) => isShown[index]);
  const kept = shown(columns);
  const classOf = (index: number) => (kept[index]?.isFigure ? "figure" : undefined);
  return element(
    "div",
    { class: "scroll" },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...kept.map(({ heading }, i) => element("th", { scope: "col", class: classOf(i) }, heading))),
      ),
      element(
        "tbody",
        {},
        ...rows.map(({ id, cells }) =>
          element("tr", { id }, ...shown(cells).map((cell, i) => element("td", { class: classOf(i) }, cell))),
        ),
      ),
    ),
  );
}

const isEmpty = (cell: Child | undefined) => (typeof cell === "object" ? cell.markup : cell ?? "") === "";

/** Lets the reader open what is long. */
export const folded = (summary: string, ...children: readonly Child[]): Markup =>
  element("details", {}, element("summary", {}, summary), ...children);

/** `web.yaml:12`, on one line. */
export const place = (text: string): Child => (text === "" ? "" : element("code", { class: "place" }, text));

export const code = (text: string): Child => (text === "" ? "" : element("code", {}, text));

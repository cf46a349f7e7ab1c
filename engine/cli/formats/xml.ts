import { visible } from "./visible.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

/** Text in XML and HTML, also within an attribute's quotation marks; what XML has no place for can be seen. */
export const xmlText = (text: string): string => escaped(visible(text));

/** The same, of several lines. */
export const xmlLines = (text: string): string => text.split("\n").map(xmlText).join("\n");

/** ` name="value"` for each that is defined. */
export const attributes = (values: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? "" : ` ${name}="${xmlText(String(value))}"`))
    .join("");

import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ServiceError } from "../../errors.ts";
import { errors } from "../errors.ts";
import type { TableRecord } from "../model.ts";
import type { Item } from "../values/attribute-value.ts";
import { itemOfLine } from "./item-text.ts";
import type { ImportRecord, InputFormat } from "./model.ts";
import { rowsOf } from "./separated-values.ts";

/** What one record of a file holds: an item, or why it is none. */
export type Found = { readonly item: Item } | { readonly problem: ServiceError };

/** What the file's own faults are; anything else that happens while reading it is not its fault. */
function orFault(make: () => Item): Found {
  try {
    return { item: make() };
  } catch (problem) {
    if (problem instanceof ServiceError) return { problem };
    throw problem;
  }
}

async function* textOf(file: Readable, isCompressed: boolean): AsyncIterable<string> {
  // A failure of either stream destroys both, so that it is met here.
  const bytes = isCompressed ? pipeline(file, createGunzip(), () => undefined) : file;
  bytes.setEncoding("utf8");
  try {
    for await (const piece of bytes) yield piece as string;
  } catch (problem) {
    const { code, message } = problem as NodeJS.ErrnoException;
    if (code?.startsWith("Z_")) throw errors.SourceUnreadable({ reason: message });
    throw problem;
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncIterable<string> {
  let rest = "";
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}

type Csv = Extract<InputFormat, { kind: "csv" }>;

/** Key attributes have the types that the table declares; all others are texts. */
function itemOfRow(header: readonly string[], row: readonly string[], table: TableRecord): Item {
  if (row.length !== header.length) {
    throw errors.InvalidItem({ reason: `A row has ${row.length} values, its header ${header.length}` });
  }
  return Object.fromEntries(
    header.map((name, at) => {
      const value = row[at] ?? "";
      const type = table.attributes.find((attribute) => attribute.name === name)?.type ?? "S";
      return [name, type === "B" ? { B: Buffer.from(value, "base64") } : { [type]: value }];
    }),
  );
}

async function* itemsOfRows(text: AsyncIterable<string>, format: Csv, table: TableRecord): AsyncIterable<Found> {
  let { header } = format;
  for await (const row of rowsOf(text, format.delimiter)) {
    if (!header) header = row;
    else yield orFault(() => itemOfRow(header as readonly string[], row, table));
  }
}

async function* itemsOfLines(text: AsyncIterable<string>): AsyncIterable<Found> {
  for await (const line of linesOf(text)) if (line.trim() !== "") yield orFault(() => itemOfLine(line));
}

/** The items of one file. Errors: `SourceUnreadable` */
export function itemsOfFile(file: Readable, { format, isCompressed, definition }: ImportRecord): AsyncIterable<Found> {
  const text = textOf(file, isCompressed);
  return format.kind === "csv" ? itemsOfRows(text, format, definition) : itemsOfLines(text);
}

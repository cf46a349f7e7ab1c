import type { AttributeValue, Item } from "../values/attribute-value.ts";

/** Items as lines of JSON, in which bytes are base64 texts. */

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

function written(value: AttributeValue): object {
  if (value.B) return { B: base64(value.B) };
  if (value.BS) return { BS: value.BS.map(base64) };
  if (value.M) return { M: writtenItem(value.M) };
  if (value.L) return { L: value.L.map(written) };
  return value;
}

export const writtenItem = (item: Item): Readonly<Record<string, object>> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, written(value)]));

type Written = Omit<AttributeValue, "B" | "BS" | "M" | "L"> & {
  readonly B?: string;
  readonly BS?: readonly string[];
  readonly M?: Readonly<Record<string, Written>>;
  readonly L?: readonly Written[];
};

function read(value: Written): AttributeValue {
  if (value.B !== undefined) return { B: Buffer.from(value.B, "base64") };
  if (value.BS !== undefined) return { BS: value.BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if (value.M !== undefined) return { M: readItem(value.M) };
  if (value.L !== undefined) return { L: value.L.map(read) };
  return value as AttributeValue;
}

const readItem = (item: Readonly<Record<string, Written>>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, read(value)]));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The item of one line, or undefined where the line holds none. Its values are yet to be checked. */
export function itemOfLine(line: string): Item | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    const item = isObject(parsed) ? parsed["Item"] : undefined;
    if (!isObject(item) || !Object.values(item).every(isObject)) return undefined;
    return readItem(item as Readonly<Record<string, Written>>);
  } catch (problem) {
    // Not JSON, or values of other types than their names say: such lines are counted, not fatal.
    if (problem instanceof SyntaxError || problem instanceof TypeError) return undefined;
    throw problem;
  }
}

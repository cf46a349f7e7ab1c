import { isObject } from "../../../platform/is-object.ts";
import { errors } from "../errors.ts";
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

const malformed = (reason: string) => errors.InvalidItem({ reason });
type JsonObject = Readonly<Record<string, unknown>>;

function object(value: unknown, name: string): JsonObject {
  if (isObject(value)) return value;
  throw malformed(`${name} must be a JSON object`);
}
function text(value: unknown, kind: string): string {
  if (typeof value === "string") return value;
  throw malformed(`A value of the type ${kind} must be a text`);
}
function truth(value: unknown, kind: string): boolean {
  if (typeof value === "boolean") return value;
  throw malformed(`A value of the type ${kind} must be true or false`);
}
function list(value: unknown, kind: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw malformed(`A value of the type ${kind} must be a list`);
}
const bytes = (value: unknown, kind: string): Buffer => Buffer.from(text(value, kind), "base64");

const READERS: Readonly<Record<string, (value: unknown) => AttributeValue>> = {
  S: (value) => ({ S: text(value, "S") }),
  N: (value) => ({ N: text(value, "N") }),
  B: (value) => ({ B: bytes(value, "B") }),
  SS: (value) => ({ SS: list(value, "SS").map((one) => text(one, "SS")) }),
  NS: (value) => ({ NS: list(value, "NS").map((one) => text(one, "NS")) }),
  BS: (value) => ({ BS: list(value, "BS").map((one) => bytes(one, "BS")) }),
  M: (value) => ({ M: readItem(object(value, "M")) }),
  L: (value) => ({ L: list(value, "L").map(readValue) }),
  NULL: (value) => ({ NULL: truth(value, "NULL") }),
  BOOL: (value) => ({ BOOL: truth(value, "BOOL") }),
};

function readValue(value: unknown): AttributeValue {
  const [member, ...more] = Object.entries(object(value, "A value"));
  const read = member && Object.hasOwn(READERS, member[0]) ? READERS[member[0]] : undefined;
  if (!member || !read || more.length > 0) throw malformed("A value must have exactly one of the supported datatypes");
  return read(member[1]);
}

const readItem = (item: JsonObject): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, readValue(value)]));

/** The item that a line holds; what its values say is yet to be checked. Errors: `InvalidItem` */
export function itemOfLine(line: string): Item {
  return readItem(object(object(parsed(line), "A line")["Item"], "Item"));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (problem) {
    if (problem instanceof SyntaxError) throw malformed(`A line is not JSON: ${problem.message}`);
    throw problem;
  }
}

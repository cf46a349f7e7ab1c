import { isObject } from "../../../platform/is-object.ts";
import type { Member, Shape, StructureShape } from "../model.ts";
import { bytesFromBase64 } from "../base64.ts";
import { DEPTH_MAX, malformed } from "../malformed.ts";
import { compiledPerShape } from "../shapes.ts";
import { dateFromEpochSeconds, parseTimestamp, timestampFormatOf } from "../timestamps.ts";

/** Checks a parsed JSON value against its shape and converts it, in place wherever that is possible. */
type Read = (value: unknown, depth: number) => unknown;
/** How a member is called on the wire: awsJson speaks member names, rest-json the model's wire names. */
export type MemberNaming = (member: Member) => string;

/** An integer beyond 2^53 as `quoteBigIntegers` hands it through `JSON.parse`. */
const BIG_MARK = "\u0000big:";
class UnsafeInteger extends Error {}

const kindOf = (value: unknown) => {
  if (value === null) return "NULL_VALUE";
  if (Array.isArray(value)) return "START_ARRAY";
  if (typeof value === "object") return "START_OBJECT";
  return typeof value === "boolean" ? `${String(value).toUpperCase()}_VALUE` : `${(typeof value).toUpperCase()}_VALUE`;
};
const refuse = (value: unknown, wanted: string): never =>
  malformed(`${kindOf(value)} can not be converted to ${wanted}`);

const readString: Read = (value) => (typeof value === "string" ? value : refuse(value, "a String"));
const readBoolean: Read = (value) => (typeof value === "boolean" ? value : refuse(value, "a Boolean"));
const readInteger: Read = (value) => {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value === "number" && Number.isInteger(value)) throw new UnsafeInteger();
  return refuse(value, "an Integer");
};
const readLong: Read = (value) =>
  typeof value === "string" && value.startsWith(BIG_MARK)
    ? BigInt(value.slice(BIG_MARK.length))
    : readInteger(value, 0);
const NON_FINITE = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);
const readFloat: Read = (value) =>
  typeof value === "number" ? value : (NON_FINITE.get(value) ?? refuse(value, "a Double"));

const readBlob: Read = (value) => (typeof value === "string" ? bytesFromBase64(value) : refuse(value, "a Blob"));

function readDocument(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) malformed("The value is nested too deeply");
  if (typeof value === "object" && value !== null)
    for (const child of Object.values(value)) readDocument(child, depth + 1);
  return value;
}

function timestampReader(member: Member | undefined, shape: Shape): Read {
  const format = timestampFormatOf(member, shape, "unixTimestamp");
  return (value) => {
    if (typeof value === "number") return dateFromEpochSeconds(value);
    return typeof value === "string" ? parseTimestamp(value, format) : refuse(value, "a Timestamp");
  };
}

const SCALARS: Record<string, Read> = {
  string: readString,
  character: readString,
  boolean: readBoolean,
  integer: readInteger,
  long: readLong,
  bigInteger: readLong,
  float: readFloat,
  double: readFloat,
  bigDecimal: readFloat,
  blob: readBlob,
};

/** Builds the readers of one member naming. */
export function jsonReaders(nameOf: MemberNaming): (shape: Shape) => Read {
  const readerOf = compiledPerShape<Read>(compile);

  function memberReader(member: Member): Read {
    if (member.isJsonValue) return (value) => readString(value, 0);
    return member.shape.type === "timestamp" ? timestampReader(member, member.shape) : readerOf(member.shape);
  }

  function compile(shape: Shape): Read {
    if (shape.type === "structure") return shape.isDocument ? readDocument : structureReader(shape);
    if (shape.type === "list") return listReader(readerOf(shape.member), shape.isSparse === true);
    if (shape.type === "map") return mapReader(readerOf(shape.value), shape.isSparse === true);
    return shape.type === "timestamp" ? timestampReader(undefined, shape) : (SCALARS[shape.type] as Read);
  }

  function structureReader(shape: StructureShape): Read {
    const members = new Map<string, { name: string; read: Read }>();
    for (const member of shape.members.values())
      members.set(nameOf(member), { name: member.name, read: memberReader(member) });
    const isRenaming = Array.from(members).some(([wire, member]) => wire !== member.name);
    return (value, depth) => {
      if (!isObject(value)) return refuse(value, "a Structure");
      if (depth > DEPTH_MAX) malformed("The value is nested too deeply");
      const result = isRenaming ? {} : value;
      for (const key in value) {
        const member = members.get(key);
        const item = value[key];
        if (member === undefined || item === null) delete value[key];
        else if (isRenaming) (result as Record<string, unknown>)[member.name] = member.read(item, depth + 1);
        else {
          const read = member.read(item, depth + 1);
          if (read !== item) value[key] = read;
        }
      }
      return result;
    };
  }

  function listReader(read: Read, isSparse: boolean): Read {
    return (value, depth) => {
      if (!Array.isArray(value)) return refuse(value, "a List");
      if (depth > DEPTH_MAX) malformed("The value is nested too deeply");
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i];
        if (item !== null || !isSparse) value[i] = read(item, depth + 1);
      }
      return value;
    };
  }

  function mapReader(read: Read, isSparse: boolean): Read {
    return (value, depth) => {
      if (!isObject(value)) return refuse(value, "a Map");
      if (depth > DEPTH_MAX) malformed("The value is nested too deeply");
      for (const key in value) {
        const item = value[key];
        if (item === null) {
          if (!isSparse) delete value[key];
        } else {
          const converted = read(item, depth + 1);
          if (converted !== item) value[key] = converted;
        }
      }
      return value;
    };
  }

  return readerOf;
}

/** Integers of 16 digits and more become marked strings, so that `JSON.parse` cannot round them. */
function quoteBigIntegers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${BIG_MARK.replace("\u0000", "\\u0000")}${token}"`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return malformed("The body is not valid JSON.", cause);
  }
}

/** Parses and reads in one go. */
export function readJson(text: string, read: Read): unknown {
  try {
    return read(parse(text), 0);
  } catch (error) {
    if (!(error instanceof UnsafeInteger)) throw error;
  }
  try {
    return read(parse(quoteBigIntegers(text)), 0);
  } catch (error) {
    if (error instanceof UnsafeInteger) malformed("NUMBER_VALUE can not be converted to an Integer", error);
    throw error;
  }
}

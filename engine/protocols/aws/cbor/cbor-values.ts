import type { Shape, StructureShape } from "../model.ts";
import { malformed } from "../malformed.ts";
import { compiledPerShape, setEntry } from "../shapes.ts";
import { dateFromEpochSeconds } from "../timestamps.ts";
import { CborTag } from "./cbor-reader.ts";

type Read = (value: unknown) => unknown;

const refuse = (wanted: string): never => malformed(`A value is not ${wanted}.`);
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  !Buffer.isBuffer(value) &&
  !(value instanceof CborTag);

const readText: Read = (value) => (typeof value === "string" ? value : refuse("a string"));
const readBoolean: Read = (value) => (typeof value === "boolean" ? value : refuse("a boolean"));
const readLong: Read = (value) =>
  Number.isSafeInteger(value) || typeof value === "bigint" ? value : refuse("an integer");
const readInteger: Read = (value) => (Number.isSafeInteger(value) ? value : refuse("an integer"));
const readFloat: Read = (value) => {
  if (typeof value === "number") return value;
  return typeof value === "bigint" ? Number(value) : refuse("a number");
};
const readBlob: Read = (value) => (Buffer.isBuffer(value) ? value : refuse("a byte string"));
const readTimestamp: Read = (value) => {
  const seconds = value instanceof CborTag && value.tag === 1 ? value.value : value;
  return typeof seconds === "number" ? dateFromEpochSeconds(seconds) : refuse("a timestamp");
};

const SCALARS: Record<string, Read> = {
  string: readText,
  character: readText,
  boolean: readBoolean,
  integer: readInteger,
  long: readLong,
  bigInteger: readLong,
  float: readFloat,
  double: readFloat,
  bigDecimal: readFloat,
  blob: readBlob,
  timestamp: readTimestamp,
};

/** Checks a decoded item against its shape. */
export const cborReaderOf: (shape: Shape) => Read = compiledPerShape<Read>((shape) => {
  if (shape.type === "structure") return shape.isDocument === true ? (value) => value : structureReader(shape);
  if (shape.type === "list") {
    const read = cborReaderOf(shape.member);
    const isSparse = shape.isSparse === true;
    return (value) =>
      Array.isArray(value) ? value.map((item) => (item === null && isSparse ? null : read(item))) : refuse("a list");
  }
  if (shape.type === "map") {
    const read = cborReaderOf(shape.value);
    return (value) => {
      if (!isMap(value)) return refuse("a map");
      const into: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value)) if (item !== null) setEntry(into, key, read(item));
      return into;
    };
  }
  return SCALARS[shape.type] as Read;
});

function structureReader(shape: StructureShape): Read {
  const members = new Map<string, Read>();
  for (const member of shape.members.values()) members.set(member.name, cborReaderOf(member.shape));
  return (value) => {
    if (!isMap(value)) return refuse("a structure");
    const into: Record<string, unknown> = {};
    for (const key in value) {
      const read = members.get(key);
      if (read !== undefined && value[key] !== null) into[key] = read(value[key]);
    }
    return into;
  };
}

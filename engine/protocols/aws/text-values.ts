import type { Member, ScalarShape, Shape, TimestampFormat } from "./model.ts";
import { malformed, MalformedInteger } from "./malformed.ts";
import { bytesFromBase64 } from "./base64.ts";
import { parseTimestamp, timestampFormatOf } from "./timestamps.ts";

/** Scalars as text: what forms, XML, headers, query strings and labels carry. */
export type ReadText = (text: string) => unknown;

function readBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : malformed(`'${text.slice(0, 64)}' is not a boolean`);
}

function readInteger(text: string): number | bigint {
  const digits = text.trim();
  if (!/^[+-]?\d{1,40}$/.test(digits)) throw new MalformedInteger(`'${text.slice(0, 64)}' is not an integer`);
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

function readSmallInteger(text: string): number {
  const value = readInteger(text);
  if (typeof value === "number") return value;
  throw new MalformedInteger(`'${text.slice(0, 64)}' is out of range`);
}

function readFloat(text: string): number {
  const digits = text.trim();
  if (digits === "NaN") return Number.NaN;
  if (digits === "Infinity" || digits === "-Infinity") return digits === "Infinity" ? Infinity : -Infinity;
  const value = digits === "" ? Number.NaN : Number(digits);
  return Number.isFinite(value) ? value : malformed(`'${text.slice(0, 64)}' is not a number`);
}

const SCALARS: Record<Exclude<ScalarShape["type"], "timestamp">, ReadText> = {
  string: (text) => text,
  character: (text) => text,
  boolean: readBoolean,
  integer: readSmallInteger,
  long: readInteger,
  bigInteger: readInteger,
  float: readFloat,
  double: readFloat,
  bigDecimal: readFloat,
  blob: (text) => bytesFromBase64(text.replaceAll(/\s/g, "")),
};

/** The reader of a scalar that travels as text; `timestamps` is the place's usual format. */
export function textReader(shape: Shape, member: Member | undefined, timestamps: TimestampFormat): ReadText {
  if (shape.type === "timestamp") {
    const format = timestampFormatOf(member, shape, timestamps);
    return (text) => parseTimestamp(text, format);
  }
  return SCALARS[shape.type as keyof typeof SCALARS];
}

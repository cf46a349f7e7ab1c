import type { Member, Shape, StructureShape } from "../model.ts";
import { base64Of } from "../base64.ts";
import { anyReachable, compiledPerShape, remembered } from "../shapes.ts";
import { formatTimestamp, timestampFormatOf } from "../timestamps.ts";
import type { MemberNaming } from "./json-reader.ts";
import { JsonText, stringified } from "./json-text.ts";

/** Turns a value into what `JSON.stringify` may see; the argument may be a shared, frozen record and stays as it is. */
type Write = (value: unknown) => unknown;
type ValueRecord = Record<string, unknown>;

const writeBlob: Write = (value) => base64Of(value as Uint8Array | string);
const writeFloat: Write = (value) => (Number.isFinite(value) ? value : String(value));
/** Beyond 2^53 JSON has no exact number that JavaScript could write; only the raw digits are exact. */
const BIG_MARK = "\u0000big:";
const writeLong: Write = (value) => (typeof value === "bigint" ? `${BIG_MARK}${value}` : value);

function timestampWriter(member: Member | undefined, shape: Shape): Write {
  const format = timestampFormatOf(member, shape, "unixTimestamp");
  if (format === "unixTimestamp") return (value) => (value as Date).getTime() / 1000;
  return (value) => formatTimestamp(value as Date, format);
}

/** Builds the writers of one member naming; `undefined` for a shape that JSON can hold as it is. */
export function jsonWriters(nameOf: MemberNaming): (shape: Shape) => Write | undefined {
  const needsConversion = remembered((shape: Shape) => anyReachable(shape, converts));
  const compiled = compiledPerShape<Write>(compile);
  const writerOf = (shape: Shape) => (needsConversion(shape) ? compiled(shape) : undefined);

  function converts(shape: Shape): boolean {
    if (shape.type === "structure")
      return Array.from(shape.members.values()).some((member) => nameOf(member) !== member.name);
    return ["blob", "timestamp", "float", "double", "long", "bigInteger", "bigDecimal"].includes(shape.type);
  }

  function compile(shape: Shape): Write {
    if (shape.type === "structure") return structureWriter(shape);
    if (shape.type === "list") return listWriter(writerOf(shape.member) as Write);
    if (shape.type === "map") return mapWriter(writerOf(shape.value) as Write);
    if (shape.type === "timestamp") return timestampWriter(undefined, shape);
    if (shape.type === "blob") return writeBlob;
    return shape.type === "float" || shape.type === "double" ? writeFloat : writeLong;
  }

  function structureWriter(shape: StructureShape): Write {
    const members = new Map<string, { wire: string; write: Write | undefined }>();
    for (const member of shape.members.values()) {
      const write = member.shape.type === "timestamp" ? timestampWriter(member, member.shape) : writerOf(member.shape);
      members.set(member.name, { wire: nameOf(member), write });
    }
    const isRenaming = Array.from(members).some(([name, member]) => name !== member.wire);
    return isRenaming ? renamingWriter(members) : copyOnWrite((key) => members.get(key)?.write);
  }

  return writerOf;
}

function renamingWriter(members: ReadonlyMap<string, { wire: string; write: Write | undefined }>): Write {
  return (value) => {
    const source = value as ValueRecord;
    const result: ValueRecord = {};
    for (const key in source) {
      const member = members.get(key);
      const item = source[key];
      if (item === undefined || item === null || member === undefined) continue;
      result[member.wire] = member.write === undefined ? item : member.write(item);
    }
    return result;
  };
}

/** Most outputs hold few values that change; the rest is passed through uncopied. */
function copyOnWrite(writerFor: (key: string) => Write | undefined): Write {
  return (value) => {
    const source = value as ValueRecord;
    let result = source;
    for (const key in source) {
      const write = writerFor(key);
      const item = source[key];
      if (write === undefined || item === undefined || item === null || item instanceof JsonText) continue;
      const written = write(item);
      if (written === item) continue;
      if (result === source) result = { ...source };
      result[key] = written;
    }
    return result;
  };
}

const mapWriter = (write: Write): Write => copyOnWrite(() => write);

function listWriter(write: Write): Write {
  return (value) => {
    const source = value as unknown[];
    for (let i = 0; i < source.length; i++) {
      const written = write(source[i]);
      if (written !== source[i])
        return Array.from(source, (item, index) => (index < i ? item : index === i ? written : write(item)));
    }
    return source;
  };
}

const MARKED = /"\\u0000big:(-?\d+)"/g;

/** Converts and stringifies in one go. */
export function writeJson(value: unknown, write: Write | undefined): string {
  const text = stringified(write === undefined ? value : write(value));
  return text.includes("\\u0000big:") ? text.replace(MARKED, "$1") : text;
}

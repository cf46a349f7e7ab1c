import type { Shape, StructureShape } from "../model.ts";
import { compiledPerShape } from "../shapes.ts";

/** Bytes that grow as they are written. */
export class CborBytes {
  bytes = Buffer.allocUnsafe(1024);
  length = 0;

  room(count: number): number {
    const from = this.length;
    if (from + count > this.bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, from + count));
      this.bytes.copy(grown, 0, 0, from);
      this.bytes = grown;
    }
    this.length = from + count;
    return from;
  }

  /** A head: major type and its argument in the shortest form. */
  head(major: number, argument: number): void {
    const kind = major << 5;
    if (argument < 24) this.simple(kind | argument);
    else if (argument < 0x100) {
      // `room` may put longer bytes in place of these, so it is called before they are looked at.
      const at = this.room(2);
      this.bytes.writeUInt16BE(((kind | 24) << 8) | argument, at);
    } else if (argument < 0x10000) {
      const at = this.room(3);
      this.bytes[at] = kind | 25;
      this.bytes.writeUInt16BE(argument, at + 1);
    } else if (argument < 0x100000000) {
      const at = this.room(5);
      this.bytes[at] = kind | 26;
      this.bytes.writeUInt32BE(argument, at + 1);
    } else this.bigHead(major, BigInt(argument));
  }

  bigHead(major: number, argument: bigint): void {
    const at = this.room(9);
    this.bytes[at] = (major << 5) | 27;
    this.bytes.writeBigUInt64BE(argument, at + 1);
  }

  integer(value: number | bigint): void {
    if (typeof value === "bigint") this.bigHead(value < 0n ? 1 : 0, value < 0n ? -1n - value : value);
    else if (value < 0) this.head(1, -1 - value);
    else this.head(0, value);
  }

  double(value: number): void {
    const at = this.room(9);
    this.bytes[at] = 0xfb;
    this.bytes.writeDoubleBE(value, at + 1);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.head(3, length);
    const at = this.room(length);
    this.bytes.write(value, at, "utf8");
  }

  blob(value: Uint8Array): void {
    this.head(2, value.length);
    const at = this.room(value.length);
    this.bytes.set(value, at);
  }

  simple(code: number): void {
    const at = this.room(1);
    this.bytes[at] = code;
  }

  finished(): Buffer {
    return this.bytes.subarray(0, this.length);
  }
}

type Write = (into: CborBytes, value: unknown) => void;

const writeText: Write = (into, value) => into.text(String(value));
const writeInteger: Write = (into, value) => into.integer(value as number | bigint);
const writeFloat: Write = (into, value) => {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) into.integer(value as number);
  else into.double(value as number);
};

const SCALARS: Record<string, Write> = {
  string: writeText,
  character: writeText,
  integer: writeInteger,
  long: writeInteger,
  bigInteger: writeInteger,
  float: writeFloat,
  double: writeFloat,
  bigDecimal: writeFloat,
  boolean: (into, value) => into.simple(value === true ? 0xf5 : 0xf4),
  blob: (into, value) => into.blob(typeof value === "string" ? Buffer.from(value) : (value as Uint8Array)),
  timestamp(into, value) {
    into.simple(0xc1);
    into.double((value as Date).getTime() / 1000);
  },
};

/** The writer of a shape; compiled on first use. */
export const cborWriterOf: (shape: Shape) => Write = compiledPerShape<Write>((shape) => {
  if (shape.type === "structure") return shape.isDocument === true ? writeAny : structureWriter(shape);
  if (shape.type === "list") {
    const write = cborWriterOf(shape.member);
    return (into, value) => {
      const items = value as unknown[];
      into.head(4, items.length);
      for (const item of items)
        if (item === null) into.simple(0xf6);
        else write(into, item);
    };
  }
  if (shape.type === "map") {
    const write = cborWriterOf(shape.value);
    return (into, value) => writeEntries(into, Object.entries(value as object), () => write);
  }
  return SCALARS[shape.type] as Write;
});

function structureWriter(shape: StructureShape): Write {
  const writers = new Map<string, Write>();
  for (const member of shape.members.values()) writers.set(member.name, cborWriterOf(member.shape));
  return (into, value) => {
    const entries = Object.entries(value as object).filter(
      ([key, item]) => item !== undefined && item !== null && writers.has(key),
    );
    writeEntries(into, entries, (key) => writers.get(key) as Write);
  };
}

function writeEntries(into: CborBytes, entries: readonly [string, unknown][], writerFor: (key: string) => Write): void {
  into.head(5, entries.length);
  for (const [key, item] of entries) {
    into.text(key);
    writerFor(key)(into, item);
  }
}

/** Values without a shape: documents, and the members of failures that the model does not know. */
export function writeAny(into: CborBytes, value: unknown): void {
  if (value === null || value === undefined) into.simple(0xf6);
  else if (typeof value === "string") into.text(value);
  else if (typeof value === "number" || typeof value === "bigint") {
    if (typeof value === "bigint") into.integer(value);
    else writeFloat(into, value);
  } else if (typeof value === "boolean") into.simple(value ? 0xf5 : 0xf4);
  else if (value instanceof Date) (SCALARS["timestamp"] as Write)(into, value);
  else if (value instanceof Uint8Array) into.blob(value);
  else if (Array.isArray(value)) {
    into.head(4, value.length);
    for (const item of value) writeAny(into, item);
  } else writeEntries(into, Object.entries(value), () => writeAny);
}

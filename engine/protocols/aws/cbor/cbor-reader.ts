import { isUtf8 } from "node:buffer";
import { DEPTH_MAX, malformed } from "../malformed.ts";
import { setEntry } from "../shapes.ts";

const BREAK = Symbol("break");
const UNDEFINED_LENGTH = 31;

/** A tagged value that the model has to make sense of: tag 1 is a timestamp. */
export class CborTag {
  readonly tag: number;
  readonly value: unknown;
  constructor(tag: number, value: unknown) {
    this.tag = tag;
    this.value = value;
  }
}

function halfFloat(bits: number): number {
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return sign * 2 ** -24 * fraction;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * 2 ** (exponent - 25) * (1024 + fraction);
}

/** Reads one CBOR item (RFC 8949) with definite and indefinite lengths. */
class CborScan {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) malformed("The CBOR ends too early.");
    this.at = from + count;
    return from;
  }

  /** The argument of a head: a length, a number, a tag. */
  argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info === 24) return this.bytes.readUInt8(this.take(1));
    if (info === 25) return this.bytes.readUInt16BE(this.take(2));
    if (info === 26) return this.bytes.readUInt32BE(this.take(4));
    if (info !== 27) return malformed("The CBOR has an invalid head.");
    const big = this.bytes.readBigUInt64BE(this.take(8));
    return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big;
  }

  length(info: number): number {
    const length = this.argument(info);
    return typeof length === "number" ? length : malformed("The CBOR names an impossible length.");
  }

  item(depth: number): unknown {
    if (depth > DEPTH_MAX) malformed("The CBOR is nested too deeply.");
    const head = this.bytes.readUInt8(this.take(1));
    const info = head & 0x1f;
    switch (head >> 5) {
      case 0: return this.argument(info);
      case 1: return this.negative(this.argument(info));
      case 2: return this.chunked(info, 2);
      case 3: return this.text(this.chunked(info, 3));
      case 4: return this.array(info, depth);
      case 5: return this.map(info, depth);
      case 6: return this.tagged(this.length(info), depth);
      default: return this.simple(info);
    }
  }

  negative(argument: number | bigint): number | bigint {
    const value = -1n - BigInt(argument);
    return value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
  }

  chunked(info: number, major: number): Buffer {
    if (info !== UNDEFINED_LENGTH) {
      const length = this.length(info);
      const from = this.take(length);
      return this.bytes.subarray(from, from + length);
    }
    const chunks: Buffer[] = [];
    for (;;) {
      const head = this.bytes.readUInt8(this.take(1));
      if (head === 0xff) return Buffer.concat(chunks);
      if (head >> 5 !== major || (head & 0x1f) === UNDEFINED_LENGTH) malformed("The CBOR mixes kinds of chunks.");
      chunks.push(this.chunked(head & 0x1f, major));
    }
  }

  text(bytes: Buffer): string {
    if (!isUtf8(bytes)) malformed("The CBOR holds text that is not UTF-8.");
    return bytes.toString("utf8");
  }

  array(info: number, depth: number): unknown[] {
    const items: unknown[] = [];
    const length = info === UNDEFINED_LENGTH ? Infinity : this.length(info);
    while (items.length < length) {
      const item = this.item(depth + 1);
      if (item === BREAK) {
        if (length === Infinity) break;
        malformed("The CBOR breaks off a list of known length.");
      }
      items.push(item);
    }
    return items;
  }

  map(info: number, depth: number): Record<string, unknown> {
    const entries: Record<string, unknown> = {};
    const length = info === UNDEFINED_LENGTH ? Infinity : this.length(info);
    for (let count = 0; count < length; count++) {
      const key = this.item(depth + 1);
      if (key === BREAK && length === Infinity) break;
      if (typeof key !== "string") return malformed("The CBOR has a key that is not text.");
      const value = this.item(depth + 1);
      if (value === BREAK) malformed("The CBOR has a key without a value.");
      setEntry(entries, key, value);
    }
    return entries;
  }

  tagged(tag: number, depth: number): unknown {
    const value = this.item(depth + 1);
    if (value === BREAK) malformed("The CBOR has a tag without a value.");
    if ((tag === 2 || tag === 3) && Buffer.isBuffer(value) && value.length <= 64) {
      const magnitude = BigInt(`0x${value.toString("hex") || "0"}`);
      return tag === 2 ? magnitude : -1n - magnitude;
    }
    return new CborTag(tag, value);
  }

  simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return null;
    if (info === 25) return halfFloat(this.bytes.readUInt16BE(this.take(2)));
    if (info === 26) return this.bytes.readFloatBE(this.take(4));
    if (info === 27) return this.bytes.readDoubleBE(this.take(8));
    return info === 31 ? BREAK : malformed("The CBOR has an unknown simple value.");
  }
}

/** The one item that `bytes` hold. */
export function readCbor(bytes: Buffer): unknown {
  const scan = new CborScan(bytes);
  const item = scan.item(0);
  if (item === BREAK || scan.at !== bytes.length) malformed("The CBOR does not hold exactly one item.");
  return item;
}

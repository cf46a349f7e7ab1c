/** An extension: a type that MessagePack leaves to its users, and bytes. */
export class Extension {
  readonly type: number;
  readonly bytes: Buffer;
  constructor(type: number, bytes: Buffer) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** What one MessagePack item is. Integers beyond 2^53 are bigint. A `Map`, since an object has no order of its own. */
export type Packed =
  | null
  | boolean
  | number
  | bigint
  | string
  | Buffer
  | Extension
  | readonly Packed[]
  | ReadonlyMap<string, Packed>;

export class MalformedPack extends Error {
  override name = "MalformedPack";
}

/** Nesting that no schema reaches. */
const DEPTH_MAX = 128;

class Scan {
  readonly bytes: Buffer;
  at = 0;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  take(count: number): number {
    const from = this.at;
    if (count > this.bytes.length - from) throw new MalformedPack("The MessagePack ends too early.");
    this.at = from + count;
    return from;
  }

  slice(count: number): Buffer {
    const from = this.take(count);
    return this.bytes.subarray(from, from + count);
  }

  /** An unsigned number of 1, 2 or 4 bytes. */
  unsigned(size: number): number {
    return this.bytes.readUIntBE(this.take(size), size);
  }

  item(depth: number): Packed {
    if (depth > DEPTH_MAX) throw new MalformedPack("The MessagePack is nested too deeply.");
    const head = this.unsigned(1);
    if (head <= 0x7f) return head;
    if (head >= 0xe0) return head - 0x100;
    if (head <= 0x8f) return this.map(head & 0x0f, depth);
    if (head <= 0x9f) return this.list(head & 0x0f, depth);
    if (head <= 0xbf) return this.text(head & 0x1f);
    return head <= 0xc9 ? this.constantOrBytes(head) : this.sized(head, depth);
  }

  constantOrBytes(head: number): Packed {
    if (head === 0xc0) return null;
    if (head === 0xc2 || head === 0xc3) return head === 0xc3;
    if (head >= 0xc4 && head <= 0xc6) return this.slice(this.unsigned(1 << (head - 0xc4)));
    if (head >= 0xc7) return this.extension(this.unsigned(1 << (head - 0xc7)));
    throw new MalformedPack("The MessagePack has a byte that begins nothing.");
  }

  sized(head: number, depth: number): Packed {
    switch (head) {
      case 0xca: return this.bytes.readFloatBE(this.take(4));
      case 0xcb: return this.bytes.readDoubleBE(this.take(8));
      case 0xcc: return this.unsigned(1);
      case 0xcd: return this.unsigned(2);
      case 0xce: return this.unsigned(4);
      case 0xcf: return safe(this.bytes.readBigUInt64BE(this.take(8)));
      case 0xd0: return this.bytes.readInt8(this.take(1));
      case 0xd1: return this.bytes.readInt16BE(this.take(2));
      case 0xd2: return this.bytes.readInt32BE(this.take(4));
      case 0xd3: return safe(this.bytes.readBigInt64BE(this.take(8)));
      case 0xd9: case 0xda: case 0xdb: return this.text(this.unsigned(1 << (head - 0xd9)));
      case 0xdc: case 0xdd: return this.list(this.unsigned(2 << (head - 0xdc)), depth);
      case 0xde: case 0xdf: return this.map(this.unsigned(2 << (head - 0xde)), depth);
      default: return this.extension(1 << (head - 0xd4));
    }
  }

  text(length: number): string {
    return this.slice(length).toString("utf8");
  }

  extension(length: number): Extension {
    const type = this.bytes.readInt8(this.take(1));
    return new Extension(type, this.slice(length));
  }

  list(length: number, depth: number): Packed[] {
    const items: Packed[] = [];
    while (items.length < length) items.push(this.item(depth + 1));
    return items;
  }

  map(length: number, depth: number): Map<string, Packed> {
    const entries = new Map<string, Packed>();
    for (let count = 0; count < length; count++) {
      const key = this.item(depth + 1);
      if (typeof key !== "string") throw new MalformedPack("The MessagePack has a key that is no text.");
      entries.set(key, this.item(depth + 1));
    }
    return entries;
  }
}

const safe = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/**
 * The one item that `bytes` hold.
 * Errors: `MalformedPack`
 * Source: the MessagePack specification
 */
export function unpack(bytes: Buffer): Packed {
  const scan = new Scan(bytes);
  const item = scan.item(0);
  if (scan.at !== bytes.length) throw new MalformedPack("The MessagePack does not hold exactly one item.");
  return item;
}

/** The bytes of one item, in the shortest form of each head. */
export function pack(item: Packed): Buffer {
  const into: Buffer[] = [];
  packInto(into, item);
  return Buffer.concat(into);
}

function packInto(into: Buffer[], item: Packed): void {
  if (item === null) into.push(Buffer.of(0xc0));
  else if (typeof item === "boolean") into.push(Buffer.of(item ? 0xc3 : 0xc2));
  else if (typeof item === "number" || typeof item === "bigint") into.push(packNumber(item));
  else if (typeof item === "string") {
    const bytes = Buffer.from(item, "utf8");
    into.push(head(bytes.length, { small: 0xa0, smallMax: 31, sizes: [0xd9, 0xda, 0xdb] }), bytes);
  } else if (Buffer.isBuffer(item)) into.push(head(item.length, { sizes: [0xc4, 0xc5, 0xc6] }), item);
  else if (item instanceof Extension) into.push(extensionHead(item), item.bytes);
  else if (Array.isArray(item)) {
    into.push(head(item.length, { small: 0x90, smallMax: 15, sizes: [undefined, 0xdc, 0xdd] }));
    for (const each of item as readonly Packed[]) packInto(into, each);
  } else {
    const map = item as ReadonlyMap<string, Packed>;
    into.push(head(map.size, { small: 0x80, smallMax: 15, sizes: [undefined, 0xde, 0xdf] }));
    for (const [key, each] of map) {
      packInto(into, key);
      packInto(into, each);
    }
  }
}

interface Heads {
  readonly small?: number;
  readonly smallMax?: number;
  /** For lengths of 1, 2 and 4 bytes. */
  readonly sizes: readonly (number | undefined)[];
}

function head(length: number, { small, smallMax = -1, sizes: [byte, short, long = 0] }: Heads): Buffer {
  if (small !== undefined && length <= smallMax) return Buffer.of(small | length);
  if (byte !== undefined && length <= 0xff) return Buffer.of(byte, length);
  if (short !== undefined && length <= 0xffff) return Buffer.of(short, length >> 8, length & 0xff);
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(long);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function extensionHead({ type, bytes }: Extension): Buffer {
  const fixed = [1, 2, 4, 8, 16].indexOf(bytes.length);
  const start = fixed >= 0 ? Buffer.of(0xd4 + fixed) : head(bytes.length, { sizes: [0xc7, 0xc8, 0xc9] });
  return Buffer.concat([start, Buffer.of(type & 0xff)]);
}

function packNumber(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(9);
  const done = (first: number, end: number) => {
    bytes.writeUInt8(first);
    return bytes.subarray(0, end);
  };
  if (typeof value === "number" && !Number.isSafeInteger(value)) return bytes.writeDoubleBE(value, 1), done(0xcb, 9);
  const whole = BigInt(value);
  if (whole >= 0n && whole <= 0x7fn) return Buffer.of(Number(whole));
  if (whole < 0n && whole >= -0x20n) return Buffer.of(Number(whole) & 0xff);
  if (whole >= 0n) {
    if (whole <= 0xffn) return bytes.writeUInt8(Number(whole), 1), done(0xcc, 2);
    if (whole <= 0xffffn) return bytes.writeUInt16BE(Number(whole), 1), done(0xcd, 3);
    if (whole <= 0xffff_ffffn) return bytes.writeUInt32BE(Number(whole), 1), done(0xce, 5);
    return bytes.writeBigUInt64BE(whole, 1), done(0xcf, 9);
  }
  if (whole >= -0x80n) return bytes.writeInt8(Number(whole), 1), done(0xd0, 2);
  if (whole >= -0x8000n) return bytes.writeInt16BE(Number(whole), 1), done(0xd1, 3);
  if (whole >= -0x8000_0000n) return bytes.writeInt32BE(Number(whole), 1), done(0xd2, 5);
  return bytes.writeBigInt64BE(whole, 1), done(0xd3, 9);
}

import { freezeDecoded } from "./frozen.ts";

/**
 * Reads some members of a record without taking the rest apart: a listing of a thousand objects wants neither their
 * bodies nor their metadata. What is not understood here at a glance is left to `unpack`.
 */
type Unpack = (bytes: Buffer, start: number, end: number) => unknown;

/** The beginning of the record that is at hand ends before what is asked for. */
const TOO_SHORT = -1;

/** How many bytes say how long a text, bytes, or a list is, by the type that is one byte before them. */
const LENGTH_BYTES: Readonly<Record<number, number>> = {
  0xc4: 1, 0xc5: 2, 0xc6: 4, 0xc7: 1, 0xc8: 2, 0xc9: 4, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4, 0xde: 2, 0xdf: 4,
};
/** Of numbers and of extensions whose type says it: how many bytes follow. */
const FIXED_BYTES: Readonly<Record<number, number>> = {
  0xc0: 0, 0xc2: 0, 0xc3: 0, 0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8,
  0xd4: 2, 0xd5: 3, 0xd6: 5, 0xd7: 9, 0xd8: 17,
};

function lengthAt(bytes: Buffer, at: number, lengthBytes: number): number {
  if (lengthBytes === 1) return bytes[at] as number;
  return lengthBytes === 2 ? bytes.readUInt16BE(at) : bytes.readUInt32BE(at);
}

function endOfMany(bytes: Buffer, at: number, count: number, end: number): number {
  for (let left = count; left > 0 && at !== TOO_SHORT; left--) at = endOf(bytes, at, end);
  return at;
}

/** Where the value ends that begins at `at`. */
function endOf(bytes: Buffer, at: number, end: number): number {
  if (at >= end) return TOO_SHORT;
  const type = bytes[at] as number;
  if (type < 0x80 || type >= 0xe0) return at + 1;
  if (type < 0x90) return endOfMany(bytes, at + 1, 2 * (type & 0x0f), end);
  if (type < 0xa0) return endOfMany(bytes, at + 1, type & 0x0f, end);
  if (type < 0xc0) return within(at + 1 + (type & 0x1f), end);
  const fixed = FIXED_BYTES[type];
  if (fixed !== undefined) return within(at + 1 + fixed, end);
  const lengthBytes = LENGTH_BYTES[type] as number;
  const from = at + 1 + lengthBytes;
  if (from > end) return TOO_SHORT;
  const length = lengthAt(bytes, at + 1, lengthBytes);
  if (type >= 0xde) return endOfMany(bytes, from, 2 * length, end);
  if (type >= 0xdc) return endOfMany(bytes, from, length, end);
  const isExtension = type >= 0xc7 && type <= 0xc9;
  return within(from + length + (isExtension ? 1 : 0), end);
}

const within = (at: number, end: number): number => (at > end ? TOO_SHORT : at);

/** The value of one member, which lies whole between `at` and `end`. */
function valueAt(bytes: Buffer, at: number, end: number, unpack: Unpack): unknown {
  const type = bytes[at] as number;
  if (type < 0x80) return type;
  if (type >= 0xa0 && type < 0xc0) return bytes.toString("utf8", at + 1, end);
  if (type === 0xd9) return bytes.toString("utf8", at + 2, end);
  if (type === 0xcb) return bytes.readDoubleBE(at + 1);
  if (type === 0xcc || type === 0xcd || type === 0xce) return bytes.readUIntBE(at + 1, end - at - 1);
  return freezeDecoded(unpack(bytes, at, end));
}

interface Name {
  readonly text: string;
  readonly bytes: Buffer;
}

/** Names by their length, so that most that are not asked for are told apart at once. */
export type MemberNames = ReadonlyMap<number, readonly Name[]>;

export function memberNames(only: readonly string[]): MemberNames {
  const names = new Map<number, Name[]>();
  for (const text of only) {
    const bytes = Buffer.from(text);
    const alike = names.get(bytes.length);
    if (alike === undefined) names.set(bytes.length, [{ text, bytes }]);
    else alike.push({ text, bytes });
  }
  return names;
}

function nameAt(bytes: Buffer, at: number, end: number, names: MemberNames): string | undefined {
  for (const name of names.get(end - at) ?? []) {
    let same = 0;
    while (same < name.bytes.length && name.bytes[same] === bytes[at + same]) same += 1;
    if (same === name.bytes.length) return name.text;
  }
  return undefined;
}

/**
 * The members called `names` of the map between `start` and `end`, frozen; undefined when it is no map, or when one of
 * them may lie behind `end`. The last member may be cut off, if it is none of them.
 */
export function membersOf(
  bytes: Buffer, start: number, end: number, names: MemberNames, unpack: Unpack,
): Readonly<Record<string, unknown>> | undefined {
  if (start >= end) return undefined;
  const type = bytes[start] as number;
  const isSmall = type >= 0x80 && type < 0x90;
  if (!isSmall && (type !== 0xde || start + 3 > end)) return undefined;
  const count = isSmall ? type & 0x0f : bytes.readUInt16BE(start + 1);
  const members: Record<string, unknown> = {};
  let at = start + (isSmall ? 1 : 3);
  for (let left = count; left > 0; left--) {
    const nameEnd = endOf(bytes, at, end);
    if (nameEnd === TOO_SHORT) return undefined;
    const head = (bytes[at] as number) >= 0xc0 ? 1 + (LENGTH_BYTES[bytes[at] as number] ?? 0) : 1;
    const name = nameAt(bytes, at + head, nameEnd, names);
    if (name === undefined && left === 1) break;
    at = endOf(bytes, nameEnd, end);
    if (at === TOO_SHORT) return undefined;
    if (name !== undefined) members[name] = valueAt(bytes, nameEnd, at, unpack);
  }
  return Object.freeze(members);
}

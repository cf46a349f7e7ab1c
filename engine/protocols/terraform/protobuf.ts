/** How a field's value stands on the wire; the name of a message stands for one of those. */
type ScalarKind = "text" | "bytes" | "bool" | "integer";
export type FieldKind = ScalarKind | `.${string}`;

/** One field of a message. */
export interface Field {
  readonly number: number;
  readonly kind: FieldKind;
  /** Many values, or one under each key of a map whose keys are texts. */
  readonly many?: "list" | "map";
}

/** Messages by name, fields by name. */
export type MessageTable = Readonly<Record<string, Readonly<Record<string, Field>>>>;

/** A message as a plain object: absent fields are not there, lists and maps always are when it was read. */
export type Message = { readonly [field: string]: unknown };

export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

const fieldsOf = (table: MessageTable, name: string): Readonly<Record<string, Field>> => {
  const fields = table[name];
  if (!fields) throw new Error(`There is no message ${name} in the table.`);
  return fields;
};

/**
 * The bytes of a message. Fields that are undefined are left out.
 * Source: protobuf.dev, "Encoding"
 */
export function encodeMessage(table: MessageTable, name: string, message: Message): Buffer {
  const into: Buffer[] = [];
  for (const [field, { number, kind, many }] of Object.entries(fieldsOf(table, name))) {
    const value = message[field];
    if (value === undefined) continue;
    if (many === "list") {
      for (const item of value as readonly unknown[]) encodeField(table, into, number, kind, item);
    } else if (many === "map") {
      for (const [key, item] of Object.entries(value as Message)) {
        const entry: Buffer[] = [];
        encodeField(table, entry, 1, "text", key);
        encodeField(table, entry, 2, kind, item);
        encodeField(table, into, number, "bytes", Buffer.concat(entry));
      }
    } else encodeField(table, into, number, kind, value);
  }
  return Buffer.concat(into);
}

function encodeField(table: MessageTable, into: Buffer[], number: number, kind: FieldKind, value: unknown): void {
  if (kind === "bool" || kind === "integer") {
    into.push(varint((number << 3) | VARINT), varint(Number(value)));
    return;
  }
  const content = contentOf(table, kind, value);
  into.push(varint((number << 3) | BYTES), varint(content.length), content);
}

function contentOf(table: MessageTable, kind: FieldKind, value: unknown): Buffer {
  if (kind === "text") return Buffer.from(value as string, "utf8");
  return kind === "bytes" ? (value as Buffer) : encodeMessage(table, kind.slice(1), value as Message);
}

/** Fields of a message by number, made when it is first read. */
const numbered = new WeakMap<Readonly<Record<string, Field>>, ReadonlyMap<number, readonly [string, Field]>>();

function fieldAt(fields: Readonly<Record<string, Field>>, number: number): readonly [string, Field] | undefined {
  let found = numbered.get(fields);
  if (!found) {
    found = new Map(Object.entries(fields).map((entry) => [entry[1].number, entry]));
    numbered.set(fields, found);
  }
  return found.get(number);
}

/**
 * A message from its bytes. Fields that a later version of the protocol added are left out.
 * Errors: `MalformedMessage`
 */
export function decodeMessage(table: MessageTable, name: string, bytes: Buffer): Message {
  const fields = fieldsOf(table, name);
  const message: Record<string, unknown> = {};
  for (const [field, { many }] of Object.entries(fields)) if (many) message[field] = many === "list" ? [] : {};
  for (const wire of wiresOf(bytes)) {
    const known = fieldAt(fields, wire.field);
    if (!known) continue;
    const [field, { kind, many }] = known;
    if (many === "map") {
      const entry = [...wiresOf(wire.bytes ?? NO_BYTES)];
      const key = entry.find((each) => each.field === 1)?.bytes?.toString("utf8") ?? "";
      const value = entry.find((each) => each.field === 2) ?? { field: 2, bytes: NO_BYTES };
      (message[field] as Record<string, unknown>)[key] = decodeField(table, kind, value);
    } else if (many === "list") (message[field] as unknown[]).push(decodeField(table, kind, wire));
    else message[field] = decodeField(table, kind, wire);
  }
  return message;
}

const NO_BYTES = Buffer.alloc(0);

function decodeField(table: MessageTable, kind: FieldKind, wire: Wire): unknown {
  if (kind === "bool") return wire.number !== 0;
  if (kind === "integer") return wire.number;
  if (!wire.bytes) throw new MalformedMessage("A field has another wire type than its message says.");
  if (kind === "text") return wire.bytes.toString("utf8");
  return kind === "bytes" ? wire.bytes : decodeMessage(table, kind.slice(1), wire.bytes);
}

/** A field as it stands on the wire: a number, or bytes. */
interface Wire {
  readonly field: number;
  readonly number?: number;
  readonly bytes?: Buffer;
}

function* wiresOf(bytes: Buffer): Generator<Wire> {
  let at = 0;
  const take = (count: number) => {
    if (count > bytes.length - at) throw new MalformedMessage("A message ends in the middle of a field.");
    at += count;
    return at - count;
  };
  const readVarint = () => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes.readUInt8(take(1));
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
    throw new MalformedMessage("A number of a message has no end.");
  };
  while (at < bytes.length) {
    const tag = readVarint();
    const field = tag >>> 3;
    switch (tag & 7) {
      case VARINT:
        yield { field, number: readVarint() };
        break;
      case FIXED64:
        yield { field, number: Number(bytes.readBigInt64LE(take(8))) };
        break;
      case FIXED32:
        yield { field, number: bytes.readInt32LE(take(4)) };
        break;
      case BYTES: {
        const length = readVarint();
        const from = take(length);
        yield { field, bytes: bytes.subarray(from, from + length) };
        break;
      }
      default:
        throw new MalformedMessage("A message has a field of an unknown wire type.");
    }
  }
}

function varint(value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const more = rest >> 7n;
    bytes.push(Number(rest & 0x7fn) | (more === 0n ? 0 : 0x80));
    rest = more;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

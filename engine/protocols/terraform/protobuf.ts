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

/**
 * Writes and reads the messages of one table.
 * Errors: `MalformedMessage`
 * Source: protobuf.dev, "Encoding"
 */
export function protobuf(table: MessageTable) {
  const fieldsOf = (name: string) => {
    const fields = table[name];
    if (!fields) throw new Error(`There is no message ${name} in the table.`);
    return fields;
  };
  /** Fields by number, made when a message is first read. */
  const byNumber = new Map<string, ReadonlyMap<number, readonly [string, Field]>>();
  const numbered = (name: string) => {
    let found = byNumber.get(name);
    if (!found) {
      found = new Map(Object.entries(fieldsOf(name)).map((entry) => [entry[1].number, entry]));
      byNumber.set(name, found);
    }
    return found;
  };

  function encodeValue(into: Buffer[], number: number, kind: FieldKind, value: unknown): void {
    if (kind === "bool" || kind === "integer") {
      into.push(varint((number << 3) | VARINT), varint(Number(value)));
      return;
    }
    const content = contentOf(kind, value);
    into.push(varint((number << 3) | BYTES), varint(content.length), content);
  }

  function contentOf(kind: FieldKind, value: unknown): Buffer {
    if (kind === "text") return Buffer.from(value as string, "utf8");
    if (kind === "bytes") return value as Buffer;
    return encode(kind.slice(1), value as Message);
  }

  function encode(name: string, message: Message): Buffer {
    const into: Buffer[] = [];
    for (const [field, { number, kind, many }] of Object.entries(fieldsOf(name))) {
      const value = message[field];
      if (value === undefined) continue;
      if (many === "list") for (const item of value as readonly unknown[]) encodeValue(into, number, kind, item);
      else if (many === "map") {
        for (const [key, item] of Object.entries(value as Message)) {
          const entry: Buffer[] = [];
          encodeValue(entry, 1, "text", key);
          encodeValue(entry, 2, kind, item);
          const content = Buffer.concat(entry);
          into.push(varint((number << 3) | BYTES), varint(content.length), content);
        }
      } else encodeValue(into, number, kind, value);
    }
    return Buffer.concat(into);
  }

  function valueOf(kind: FieldKind, wire: Wire): unknown {
    if (kind === "bool") return wire.number !== 0;
    if (kind === "integer") return wire.number;
    if (!wire.bytes) throw new MalformedMessage("A field has another wire type than its message says.");
    if (kind === "text") return wire.bytes.toString("utf8");
    return kind === "bytes" ? wire.bytes : decode(kind.slice(1), wire.bytes);
  }

  function decode(name: string, bytes: Buffer): Message {
    const message: Record<string, unknown> = {};
    for (const [field, { many }] of Object.entries(fieldsOf(name)))
      if (many) message[field] = many === "list" ? [] : {};
    for (const wire of wiresOf(bytes)) {
      const [field, { kind, many }] = numbered(name).get(wire.field) ?? [undefined, { kind: "bytes" } as Field];
      // A later version of the protocol may say more.
      if (field === undefined) continue;
      if (many === "map") {
        const entry = [...wiresOf(wire.bytes ?? Buffer.alloc(0))];
        const key = entry.find((each) => each.field === 1)?.bytes?.toString("utf8") ?? "";
        const value = entry.find((each) => each.field === 2);
        (message[field] as Record<string, unknown>)[key] = valueOf(kind, value ?? { field: 2, bytes: Buffer.alloc(0) });
      } else if (many === "list") (message[field] as unknown[]).push(valueOf(kind, wire));
      else message[field] = valueOf(kind, wire);
    }
    return message;
  }

  return { encode, decode };
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

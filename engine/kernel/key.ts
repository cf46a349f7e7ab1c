import { invariant } from "../platform/invariant.ts";
import type { EncodedKey, Key, KeyPart, KeyRange } from "./store.ts";

/**
 * Order-preserving tuple encoding (FoundationDB's tuple layer, restricted to what we use). An encoded key is a string
 * of code units 0..255, one per byte: JavaScript compares it in byte order, a Map can hold it, and a driver stores it
 * as latin1.
 */
const NULL = "\x00", BYTES = "\x01", TEXT = "\x02", NESTED = "\x05", FALSE = "\x26", TRUE = "\x27";
const INTEGER_ZERO = 0x14, DOUBLE = 0x21;
/** A zero byte inside text or bytes is followed by this, so that the terminator stays the smallest. */
const ESCAPE = "\xff";

// oxlint-disable-next-line no-control-regex -- what may stand in a key unescaped begins right above NUL.
const plainText = /^[\x01-\x7f]*$/;

function encodeBytes(bytes: Uint8Array): string {
  const units = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  return units.replaceAll("\x00", "\x00" + ESCAPE) + "\x00";
}

function encodeText(text: string): string {
  if (plainText.test(text)) return TEXT + text + "\x00";
  return TEXT + encodeBytes(Buffer.from(text, "utf8"));
}

function encodeInteger(value: bigint): string {
  const magnitude = value < 0n ? -value : value;
  let bytes = "";
  for (let rest = magnitude; rest > 0n; rest >>= 8n) bytes = String.fromCharCode(Number(rest & 0xffn)) + bytes;
  invariant(bytes.length <= 8, "integers in keys have at most 64 bits");
  if (value >= 0n) return String.fromCharCode(INTEGER_ZERO + bytes.length) + bytes;
  // One's complement, so that more negative sorts first.
  const complement = Array.from(bytes, (unit) => String.fromCharCode(unit.charCodeAt(0) ^ 0xff)).join("");
  return String.fromCharCode(INTEGER_ZERO - bytes.length) + complement;
}

/** The common case without bigint: non-negative safe integers, most of them times. */
function encodeSafeInteger(value: number): string {
  let bytes = "";
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes = String.fromCharCode(rest % 256) + bytes;
  return String.fromCharCode(INTEGER_ZERO + bytes.length) + bytes;
}

function encodeDouble(value: number): string {
  invariant(!Number.isNaN(value), "NaN has no place in an order");
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  if ((bytes[0] ?? 0) & 0x80) for (let i = 0; i < 8; i++) bytes[i] = (bytes[i] ?? 0) ^ 0xff;
  else bytes[0] = (bytes[0] ?? 0) ^ 0x80;
  return String.fromCharCode(DOUBLE) + bytes.toString("latin1");
}

function encodeNumber(value: number): string {
  if (Number.isSafeInteger(value)) return value >= 0 ? encodeSafeInteger(value) : encodeInteger(BigInt(value));
  return encodeDouble(value);
}

const encodeNestedPart = (part: KeyPart): string => (part === null ? NULL + ESCAPE : encodePart(part));

function encodePart(part: KeyPart): string {
  switch (typeof part) {
    case "string": return encodeText(part);
    case "number": return encodeNumber(part);
    case "bigint": return encodeInteger(part);
    case "boolean": return part ? TRUE : FALSE;
    default:
      if (part === null) return NULL;
      if (part instanceof Uint8Array) return BYTES + encodeBytes(part);
      // A null inside a nested tuple is escaped, since a bare zero ends the tuple.
      return NESTED + (part as readonly KeyPart[]).map(encodeNestedPart).join("") + "\x00";
  }
}

export function encodeKey(key: Key): EncodedKey {
  let encoded = "";
  for (const part of key) encoded += encodePart(part);
  return encoded as EncodedKey;
}

class Decoder {
  at: number;
  private readonly text: string;
  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }
  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  private terminated(): string {
    let from = this.at;
    let value = "";
    for (;;) {
      const end = this.text.indexOf("\x00", from);
      invariant(end >= 0, "an encoded key's text and bytes are terminated");
      value += this.text.slice(from, end);
      if (this.text[end + 1] !== ESCAPE) {
        this.at = end + 1;
        return value;
      }
      value += "\x00";
      from = end + 2;
    }
  }

  private integer(code: number): number | bigint {
    const length = Math.abs(code - INTEGER_ZERO);
    let value = 0n;
    for (let i = 0; i < length; i++) {
      const unit = this.text.charCodeAt(this.at++);
      value = (value << 8n) | BigInt(code < INTEGER_ZERO ? unit ^ 0xff : unit);
    }
    if (code < INTEGER_ZERO) value = -value;
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  private double(): number {
    const bytes = Buffer.from(this.text.slice(this.at, this.at + 8), "latin1");
    this.at += 8;
    if ((bytes[0] ?? 0) & 0x80) bytes[0] = (bytes[0] ?? 0) ^ 0x80;
    else for (let i = 0; i < 8; i++) bytes[i] = (bytes[i] ?? 0) ^ 0xff;
    return bytes.readDoubleBE();
  }

  private nested(): KeyPart[] {
    const parts: KeyPart[] = [];
    for (;;) {
      if (this.text[this.at] !== "\x00") parts.push(this.part());
      else if (this.text[this.at + 1] === ESCAPE) {
        parts.push(null);
        this.at += 2;
      } else {
        this.at += 1;
        return parts;
      }
    }
  }

  part(): KeyPart {
    const code = this.text.charCodeAt(this.at++);
    const kind = String.fromCharCode(code);
    if (kind === TEXT) {
      const raw = this.terminated();
      return plainText.test(raw) ? raw : Buffer.from(raw, "latin1").toString("utf8");
    }
    if (kind === BYTES) return Buffer.from(this.terminated(), "latin1");
    if (kind === NESTED) return this.nested();
    if (kind === NULL) return null;
    if (kind === FALSE) return false;
    if (kind === TRUE) return true;
    if (code === DOUBLE) return this.double();
    invariant(Math.abs(code - INTEGER_ZERO) <= 8, "an encoded key holds only kinds that encodeKey writes");
    return this.integer(code);
  }
}

export function decodeKey(encoded: EncodedKey): Key {
  const decoder = new Decoder(encoded);
  const parts: KeyPart[] = [];
  while (!decoder.isAtEnd) parts.push(decoder.part());
  return parts;
}

const ESCAPE_UNIT = 0xff;

/** Decodes keys one after the other. Those of a range begin alike, and what two begin with is decoded once. */
export class KeyReader {
  private last = "";
  private parts: KeyPart[] = [];
  /** Where each of the parts ends in `last`. */
  private readonly ends: number[] = [];

  read(encoded: EncodedKey): Key {
    const { last } = this;
    let common = 0;
    while (common < last.length && last.charCodeAt(common) === encoded.charCodeAt(common)) common += 1;
    let kept = 0;
    for (let end = this.ends[0]; end !== undefined && end <= common; end = this.ends[kept]) {
      // What looks like the end of a text may be a zero byte within a longer one.
      if (encoded.charCodeAt(end) === ESCAPE_UNIT) break;
      kept += 1;
    }
    const { ends } = this;
    ends.length = kept;
    const parts = this.parts.slice(0, kept);
    const decoder = new Decoder(encoded, ends[kept - 1]);
    while (!decoder.isAtEnd) {
      parts.push(decoder.part());
      ends.push(decoder.at);
    }
    this.last = encoded;
    this.parts = parts;
    return parts;
  }
}

/** Every key that has `prefix` as its first elements (the prefix itself excluded). */
export function startingWith(prefix: Key): KeyRange {
  const encoded = encodeKey(prefix);
  return { from: (encoded + "\x00") as EncodedKey, to: (encoded + "\xff") as EncodedKey };
}

/** `from <= key < to`. */
export function between(from: Key, to: Key): KeyRange {
  return { from: encodeKey(from), to: encodeKey(to) };
}

/** The keys of `range` that come after `key` (which need not exist). */
export function after(range: KeyRange, key: Key): KeyRange {
  return { from: (encodeKey(key) + "\x00") as EncodedKey, to: range.to };
}

/** Keys below `prefix` whose next element is text that starts with `textPrefix`: how a bucket lists `photos/`. */
export function textStartingWith(prefix: Key, textPrefix: string): KeyRange {
  const open = encodeKey([...prefix, textPrefix]).slice(0, -1);
  return { from: open as EncodedKey, to: afterAllThatStartWith(open) };
}

/** The first key after all that share these encoded first bytes. */
function afterAllThatStartWith(encoded: string): EncodedKey {
  let end = encoded.length;
  while (end > 0 && encoded[end - 1] === "\xff") end -= 1;
  invariant(end > 0, "a range has an end");
  return (encoded.slice(0, end - 1) + String.fromCharCode(encoded.charCodeAt(end - 1) + 1)) as EncodedKey;
}

/**
 * Distinguished encoding rules: as much of ASN.1 as a certificate needs, written and never read.
 * Source: ITU-T X.690
 */
export type Der = Uint8Array;

function encode(tag: number, content: Uint8Array): Der {
  const { length } = content;
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return Buffer.concat([Uint8Array.from(head), content]);
}

export const sequence = (...parts: readonly Der[]): Der => encode(0x30, Buffer.concat(parts));
export const set = (...parts: readonly Der[]): Der => encode(0x31, Buffer.concat(parts));
/** A part that its number in the surrounding structure names, around a whole element. */
export const explicit = (number: number, part: Der): Der => encode(0xa0 | number, part);
/** A part that its number in the surrounding structure names, in place of the element's own tag. */
export const implicit = (number: number, content: Uint8Array): Der => encode(0x80 | number, content);
/** An integer whose big-endian bytes begin with a clear bit. */
export const integer = (bytes: Uint8Array): Der => encode(0x02, bytes);
export const nothing: Der = encode(0x05, new Uint8Array());
export const yes: Der = encode(0x01, Uint8Array.of(0xff));
export const octets = (content: Uint8Array): Der => encode(0x04, content);
export const text = (value: string): Der => encode(0x0c, Buffer.from(value));

/** Bits, of which the last `unused` ones do not count. */
export const bits = (content: Uint8Array, unused = 0): Der =>
  encode(0x03, Buffer.concat([Uint8Array.of(unused), content]));

/** `2.5.29.17` */
export function objectId(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift(0x80 | left % 128);
    bytes.push(...digits);
  }
  return encode(0x06, Uint8Array.from(bytes));
}

/** Two digits stand for a year before 2050 and four for a later one. */
export function time(atMs: number): Der {
  const stamp = `${new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:T]/g, "")}Z`;
  return stamp < "2050" ? encode(0x17, Buffer.from(stamp.slice(2))) : encode(0x18, Buffer.from(stamp));
}

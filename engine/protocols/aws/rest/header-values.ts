import { isUtf8 } from "node:buffer";
import { base64Of } from "../base64.ts";
import type { Member, Shape } from "../model.ts";
import { formatTimestamp, timestampFormatOf } from "../timestamps.ts";

// oxlint-disable-next-line no-control-regex -- control characters are the subject
const NOT_ASCII = /[^\u0020-\u007e\t]/;
// oxlint-disable-next-line no-control-regex -- as above
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/g;

/** A header as text: Node gives bytes as Latin-1, clients send UTF-8. */
export function headerText(value: string | string[]): string {
  const text = Array.isArray(value) ? value.join(",") : value;
  if (!NOT_ASCII.test(text)) return text;
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : text;
}

/** Text as Node accepts it in a header: UTF-8 bytes as Latin-1; line ends and controls would split the response. */
export function headerBytes(text: string): string {
  if (!NOT_ASCII.test(text)) return text;
  return Buffer.from(text.replace(CONTROL, " "), "utf8").toString("latin1");
}

/** `a, "b, c"` is two values; dates hold one comma each. */
export function splitHeaderList(text: string, hasDates: boolean): string[] {
  if (hasDates) return (text.match(/[^,]+,[^,]+/g) ?? []).map((date) => date.trim());
  const values: string[] = [];
  for (const [, quoted, plain] of text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"\s*|([^,]*))(?:,|$)/g)) {
    if (quoted !== undefined) values.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (plain !== undefined && plain.trim() !== "") values.push(plain.trim());
  }
  return values;
}

function quotedIfNeeded(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"` : text;
}

function scalarWriter(shape: Shape, member: Member | undefined): (value: unknown) => string {
  if (shape.type === "timestamp") {
    const format = timestampFormatOf(member, shape, "rfc822");
    return (value) => formatTimestamp(value as Date, format);
  }
  return shape.type === "blob" ? (value) => base64Of(value as Uint8Array) : String;
}

/** How a member is written into a header. */
export function headerWriter(member: Member): (value: unknown) => string {
  const { shape } = member;
  if (member.isJsonValue)
    return (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64");
  if (shape.type === "list") {
    const write = scalarWriter(shape.member, undefined);
    const quote = shape.member.type === "timestamp" ? (text: string) => text : quotedIfNeeded;
    return (value) => headerBytes((value as unknown[]).map((item) => quote(write(item))).join(", "));
  }
  const write = scalarWriter(shape, member);
  return (value) => headerBytes(write(value));
}

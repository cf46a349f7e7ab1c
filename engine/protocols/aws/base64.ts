import { malformed } from "./malformed.ts";

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function bytesFromBase64(text: string): Buffer {
  if (text.length % 4 === 1 || !BASE64.test(text)) malformed("Invalid Base64");
  return Buffer.from(text, "base64");
}

/** Text is taken as UTF-8: services may keep as text what the wire calls a blob. */
export function base64Of(bytes: Uint8Array | string): string {
  if (typeof bytes === "string") return Buffer.from(bytes, "utf8").toString("base64");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

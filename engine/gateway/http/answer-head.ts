import { STATUS_CODES } from "node:http";
import type { Clock } from "../../platform/clock.ts";
import type { WireResponse } from "../../protocols/wire.ts";

/** An idle connection is kept for this long; the client is told, so that it does not write into a closing one. */
export const KEEP_ALIVE_MS = 75_000;

const KEPT = `connection: keep-alive\r\nkeep-alive: timeout=${KEEP_ALIVE_MS / 1000}\r\n`;
const LAST = "connection: close\r\n";
/** What would end a header, or be no byte. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

/** The `date` line, made anew once a second. */
export function createDateLine(clock: Clock): () => string {
  let second = -1;
  let line = "";
  return () => {
    const now = Math.floor(clock.nowMs() / 1000);
    if (now !== second) {
      second = now;
      line = `date: ${new Date(now * 1000).toUTCString()}\r\n`;
    }
    return line;
  };
}

/** Status line and headers; `lengthBytes` where the answer does not tell its length itself. Throws for a bad header. */
export function answerHead(
  { status, headers }: WireResponse,
  lengthBytes: number | undefined,
  dateLine: string,
  isLast: boolean,
): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
  for (const name in headers) {
    const value = String(headers[name]);
    if (FORBIDDEN.test(value)) throw new TypeError(`The header ${name} holds a character that HTTP forbids.`);
    head += `${name}: ${value}\r\n`;
  }
  if (lengthBytes !== undefined) head += `content-length: ${lengthBytes}\r\n`;
  if (headers.date === undefined) head += dateLine;
  return `${head}${isLast ? LAST : KEPT}\r\n`;
}

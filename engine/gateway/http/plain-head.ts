/** The head of a request that needs nothing but its bytes. */
export interface PlainHead {
  readonly method: string;
  readonly url: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where the body begins. */
  readonly headBytes: number;
  readonly bodyBytes: number;
  /** The client asked to close the connection after the answer. */
  readonly isLast: boolean;
}

/** Longer heads and bodies are the HTTP server's. */
const HEAD_BYTES_MAX = 16 * 1024;
const BODY_BYTES_MAX = 128 * 1024;

/** One strict reading of a whole head: no folded lines, no control characters, nothing but CRLF between lines. */
const HEAD =
  /^([A-Z]{1,16}) (\/[\x21-\x7e]*) HTTP\/1\.1\r\n((?:[A-Za-z0-9-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n/;
const LENGTH = /^\d{1,6}$/;
/** What asks for more than reading bytes. */
const SPECIAL = ["transfer-encoding", "expect", "upgrade"];

/**
 * Reads the head at the start of `bytes`. Undefined for whatever is not plain: incomplete, unusual or wrong; telling
 * these apart, and answering them, is the HTTP server's work.
 */
export function readPlainHead(bytes: Buffer): PlainHead | undefined {
  const found = HEAD.exec(bytes.toString("latin1", 0, Math.min(bytes.length, HEAD_BYTES_MAX)));
  if (found === null) return undefined;
  const [head, method, url, lines] = found as unknown as [string, string, string, string];
  const headers = readHeaders(lines);
  if (headers === undefined || headers.host === undefined) return undefined;
  for (const name of SPECIAL) if (headers[name] !== undefined) return undefined;
  const length = headers["content-length"];
  if (length !== undefined && !LENGTH.test(length)) return undefined;
  const bodyBytes = length === undefined ? 0 : Number(length);
  if (bodyBytes > BODY_BYTES_MAX) return undefined;
  const connection = headers.connection?.toLowerCase();
  const isLast = connection === "close";
  if (connection !== undefined && !isLast && connection !== "keep-alive") return undefined;
  return { method, url, headers, headBytes: head.length, bodyBytes, isLast };
}

/** Undefined when a name comes twice: joining them has rules of its own. */
function readHeaders(lines: string): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let start = 0; start < lines.length; ) {
    const colon = lines.indexOf(":", start);
    const end = lines.indexOf("\r\n", colon);
    const name = lines.slice(start, colon).toLowerCase();
    if (headers[name] !== undefined) return undefined;
    headers[name] = lines.slice(colon + 1, end).trim();
    start = end + 2;
  }
  return headers;
}

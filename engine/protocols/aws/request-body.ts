import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import type { Eventually } from "../../platform/eventually.ts";
import type { WireRequest } from "../wire.ts";
import { AwsFailure } from "./codec.ts";
import { malformed } from "./malformed.ts";

/** For bodies read whole (all but streaming members): more than the largest that AWS allows, a Lambda archive. */
export const BODY_BYTES_MAX = 128 * 1024 * 1024;

const tooLarge = () =>
  new AwsFailure({
    code: "RequestEntityTooLarge",
    status: 413,
    message: `The request body exceeds ${BODY_BYTES_MAX} bytes.`,
  });
const cutOff = (cause?: unknown) =>
  cause instanceof AwsFailure
    ? cause
    : new AwsFailure(
        { code: "RequestTimeout", status: 400, message: "The connection closed before the whole body arrived." },
        cause,
      );

/** Streams that were read whole: whoever places a request, checks its signature or parses it may ask first. */
const readBefore = new WeakMap<Readable, Promise<Buffer>>();

/** The whole body; `bytesMax` bounds a stream. The same bytes again for whoever asks next. */
export function readAll(body: Readable | Buffer, bytesMax = BODY_BYTES_MAX): Eventually<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const reading = readBefore.get(body) ?? readStream(body, bytesMax);
  readBefore.set(body, reading);
  return reading;
}

/** Listeners instead of `for await`, which costs more than parsing a small body does. */
function readStream(stream: Readable, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    let isDone = false;
    const end = (settle: () => void) => {
      isDone = true;
      settle();
    };
    stream.on("data", (chunk: Buffer | string) => {
      const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
      sizeBytes += bytes.length;
      if (sizeBytes > bytesMax) {
        chunks.length = 0;
        end(() => reject(tooLarge()));
      } else {
        chunks.push(bytes);
      }
    });
    stream.on("end", () =>
      end(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, sizeBytes))),
    );
    stream.on("error", (cause) => end(() => reject(cutOff(cause))));
    stream.on("close", () => {
      if (!isDone) reject(cutOff());
    });
    if (stream.destroyed && !isDone) reject(cutOff());
  });
}

/** The body as a stream, for those who take it in pieces. */
export function streamOf(body: Readable | Buffer): Readable {
  return Buffer.isBuffer(body) ? Readable.from([body]) : body;
}

const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/** The whole body, unpacked when the client compressed it (`content-encoding: gzip`, as PutMetricData is sent). */
export function readBody(request: WireRequest): Eventually<Buffer> {
  const body = readAll(request.body);
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "";
  return Object.hasOwn(unpack, encoding) ? unpacked(body, encoding as keyof typeof unpack) : body;
}

async function unpacked(packed: Eventually<Buffer>, encoding: keyof typeof unpack): Promise<Buffer> {
  const body = await packed;
  if (body.length === 0) return body;
  try {
    return await unpack[encoding](body, { maxOutputLength: BODY_BYTES_MAX });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    return malformed(`The body is not valid ${encoding}.`, cause);
  }
}

/** The body as text; bytes that are not UTF-8 are refused, never replaced. */
export function textOf(body: Buffer): string {
  if (!isUtf8(body)) malformed("The body is not valid UTF-8.");
  return body.toString("utf8");
}

import { Readable } from "node:stream";
import { invariant } from "../platform/invariant.ts";
import type { ByteRange, StoredBody } from "./blobs.ts";

/** A record points to a blob that is gone or shorter than the record says. A reader gets this, never a short body. */
export class BlobDamaged extends Error {
  override name = "BlobDamaged";
}

/** Where a range of a body begins and how long it is, cut at the body's end. */
export function windowOf(body: StoredBody, range?: ByteRange): { start: number; lengthBytes: number } {
  if (!range) return { start: 0, lengthBytes: body.sizeBytes };
  const { start, end } = range;
  const isWithin = start >= 0 && start <= end && start < body.sizeBytes;
  invariant(isWithin, "a range was checked against the body's size before it is opened");
  return { start, lengthBytes: Math.min(end, body.sizeBytes - 1) - start + 1 };
}

/** A stream of bytes that are in memory; `load` may throw, which the reader gets as the stream's error. */
export function streamOf(load: () => Uint8Array): Readable {
  return new Readable({
    read() {
      try {
        const bytes = load();
        if (bytes.byteLength > 0) this.push(bytes);
        this.push(null);
      } catch (error) {
        this.destroy(error as Error);
      }
    },
  });
}

/** The bytes of several bodies, one after the other, each opened when its turn comes. */
export function joined(parts: readonly StoredBody[], open: (body: StoredBody) => Readable): Readable {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      if (part.sizeBytes > 0) yield* open(part) as AsyncIterable<Uint8Array>;
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

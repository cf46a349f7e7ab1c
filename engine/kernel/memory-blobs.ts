import { type Clock, systemClock } from "../platform/clock.ts";
import { type Ids, idsFrom } from "../platform/ids.ts";
import { systemRandom } from "../platform/random.ts";
import { type BlobSink, takeIn } from "./blob-intake.ts";
import { BlobDamaged, joined, streamOf, windowOf } from "./blob-reading.ts";
import type { BlobStore, StoredBody } from "./blobs.ts";

/** Blobs in memory: for tests and for engines that keep nothing. Bodies are whole in memory here, by nature. */
export function memoryBlobStore(parts: { readonly ids?: Ids; readonly clock?: Clock } = {}): BlobStore {
  const { ids = idsFrom(systemRandom()), clock = systemClock() } = parts;
  const blobs = new Map<string, { bytes: Uint8Array; writtenAtMs: number }>();

  const sinkInto = (blobId: string): BlobSink => {
    const chunks: Uint8Array[] = [];
    return {
      write: (chunk) => void chunks.push(chunk),
      finish: async () => {
        blobs.set(blobId, { bytes: Buffer.concat(chunks), writtenAtMs: clock.nowMs() });
        return blobId;
      },
      abandon: async () => undefined,
    };
  };
  const bytesOf = (body: StoredBody): Uint8Array => {
    const bytes = body.inline ?? blobs.get(body.blobId ?? "")?.bytes;
    if (bytes?.byteLength !== body.sizeBytes) throw new BlobDamaged(`Blob ${body.blobId} is missing or incomplete.`);
    return bytes;
  };
  const store: BlobStore = {
    write: (body, digesters = {}) => takeIn(body, digesters, () => sinkInto(ids.hex(32))),
    async restore(blobId, body) {
      await takeIn(body, {}, () => sinkInto(blobId), 0);
    },
    concat: (bodies, digesters) => store.write(joined(bodies, store.open), digesters),
    open(body, range) {
      const { start, lengthBytes } = windowOf(body, range);
      return streamOf(() => bytesOf(body).subarray(start, start + lengthBytes));
    },
    async sweep(isReferenced, graceMs) {
      let count = 0;
      for (const [blobId, { writtenAtMs }] of blobs) {
        if (writtenAtMs > clock.nowMs() - graceMs || await isReferenced(blobId)) continue;
        blobs.delete(blobId);
        count += 1;
      }
      return count;
    },
  };
  return store;
}

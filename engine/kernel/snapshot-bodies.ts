import { Readable } from "node:stream";
import { invariant } from "../platform/invariant.ts";
import { BlobDamaged, streamOf, windowOf } from "./blob-reading.ts";
import type { BlobStore } from "./blobs.ts";
import { packr } from "./snapshot-format.ts";
import type { SectionPlace, SnapshotFile } from "./snapshot-file.ts";

/** The bodies of a snapshot, read where they lie. */
export function snapshotBodies(file: SnapshotFile): Pick<BlobStore, "open"> {
  const byId = new Map<string, SectionPlace[]>();
  let current: SectionPlace[] = [];
  for (const place of file.sections) {
    if (place.kind === "bytes") current.push(place);
    else if (place.kind === "blob") byId.set(packr.unpack(file.payload(place)) as string, (current = []));
  }
  return {
    open(body, range) {
      const { start, lengthBytes } = windowOf(body, range);
      const { inline, blobId } = body;
      if (inline) return streamOf(() => inline.subarray(start, start + lengthBytes));
      invariant(blobId !== undefined, "a stored body carries its bytes or the id of its blob");
      return Readable.from(windowIn(file, byId.get(blobId), { blobId, start, lengthBytes }), { objectMode: false });
    },
  };
}

interface Window {
  readonly blobId: string;
  readonly start: number;
  readonly lengthBytes: number;
}

// oxlint-disable-next-line require-await -- a stream begins only when it is read
async function* windowIn(
  file: SnapshotFile, places: readonly SectionPlace[] | undefined, { blobId, start, lengthBytes }: Window,
): AsyncGenerator<Uint8Array> {
  let [skipBytes, leftBytes] = [start, lengthBytes];
  for (const place of places ?? []) {
    if (leftBytes === 0) return;
    if (skipBytes >= place.payloadBytes) {
      skipBytes -= place.payloadBytes;
      continue;
    }
    const bytes = file.payload(place).subarray(skipBytes, skipBytes + leftBytes);
    skipBytes = 0;
    leftBytes -= bytes.byteLength;
    yield bytes;
  }
  if (leftBytes > 0) throw new BlobDamaged(`Blob ${blobId} is missing in the snapshot, or incomplete.`);
}

import type { Readable } from "node:stream";
import { joined } from "./blob-reading.ts";
import type { BlobStore, ByteRange, StoredBody } from "./blobs.ts";
import { linkBody, unlinkBody, type BlobOwner } from "./blob-links.ts";
import { openOne } from "./sealed-body.ts";
import type { Transaction } from "./store.ts";

/**
 * A body made of others, in order, by reference: what an upload of a thousand parts completes to in one small commit.
 * `digests` are the caller's to give, since nothing is read.
 */
export function joinBodies(parts: readonly StoredBody[], digests: StoredBody["digests"] = {}): StoredBody {
  const flat = parts.flatMap((part) => part.parts ?? [part]).filter((part) => part.sizeBytes > 0);
  const sizeBytes = flat.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (flat.length === 1 && flat[0]) return { ...flat[0], digests };
  return { sizeBytes, digests, parts: flat };
}

/** Streams any stored body, joined ones too; see `BlobStore.open`. Only the parts that `range` touches are opened. */
export function openBody(blobs: BlobStore, body: StoredBody, range?: ByteRange): Readable {
  if (!body.parts) return openOne(blobs, body, range);
  const { start, end } = range ?? { start: 0, end: body.sizeBytes - 1 };
  const windows = new Map<StoredBody, ByteRange>();
  let offset = 0;
  for (const part of body.parts) {
    const last = offset + part.sizeBytes - 1;
    // A copy, since the same blob may be joined in twice.
    if (last >= start && offset <= end) {
      windows.set({ ...part }, { start: Math.max(start - offset, 0), end: Math.min(end, last) - offset });
    }
    offset += part.sizeBytes;
  }
  return joined([...windows.keys()], (part) => openOne(blobs, part, windows.get(part)));
}

/** `linkBody` for any stored body. */
export function linkBodies(tx: Transaction, body: StoredBody, owner: BlobOwner): void {
  for (const part of body.parts ?? [body]) linkBody(tx, part, owner);
}

/** `unlinkBody` for any stored body. */
export function unlinkBodies(tx: Transaction, body: StoredBody, owner: BlobOwner): void {
  for (const part of body.parts ?? [body]) unlinkBody(tx, part, owner);
}

import type { BlobStore } from "./blobs.ts";
import { joined } from "./blob-reading.ts";
import { StoreUnavailable } from "./store.ts";

/**
 * The bodies of a fork: what it writes goes to `own`, and is gone with it; what it shares with its base is read there
 * and never swept from here. `tag` begins the ids of all that `own` writes, so that an id tells where its bytes are.
 */
export function forkBlobStore(own: BlobStore, base: Pick<BlobStore, "open">, tag: string): BlobStore {
  const open: BlobStore["open"] = (body, range) =>
    body.blobId === undefined || body.blobId.startsWith(tag) ? own.open(body, range) : base.open(body, range);
  return {
    write: (body, digesters) => own.write(body, digesters),
    concat: (parts, digesters) => own.write(joined(parts, open), digesters),
    open,
    // oxlint-disable-next-line require-await -- a refusal of something asynchronous
    async restore() {
      throw new StoreUnavailable("A snapshot is not restored into a fork: make a fork of the snapshot instead.");
    },
    sweep: (isReferenced, graceMs) => own.sweep(isReferenced, graceMs),
  };
}

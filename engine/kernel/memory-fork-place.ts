import type { BlobStore } from "./blobs.ts";
import type { ForkPlace, ForkRecord } from "./fork-place.ts";
import { MemoryBackend } from "./memory-backend.ts";
import { memoryBlobStore } from "./memory-blobs.ts";

/** Forks that live as long as their base does, in memory like it. */
export function memoryForkPlace(): ForkPlace {
  const records = new Map<string, ForkRecord>();
  const stores = new Map<string, MemoryBackend>();
  const bodies = new Map<string, BlobStore>();
  return {
    read: () => [...records.values()],
    write: (record) => void records.set(record.name, record),
    remove(name) {
      records.delete(name);
      stores.delete(name);
      bodies.delete(name);
    },
    recordsOf(name) {
      const store = stores.get(name) ?? new MemoryBackend();
      stores.set(name, store);
      return store;
    },
    bodiesOf(name, ids) {
      const blobs = bodies.get(name) ?? memoryBlobStore({ ids });
      bodies.set(name, blobs);
      return blobs;
    },
  };
}

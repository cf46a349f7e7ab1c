import type { EncodedKey } from "./store.ts";

/** In the cache, a key that is known to have no value: a bucket without a policy is asked for it at every request. */
export const ABSENT = Symbol("absent");

interface Cached {
  value: unknown;
  sizeBytes: number;
}

/** The Map entry, the objects' headers; measured on small records to within a third. */
const ENTRY_BYTES = 250;

/**
 * Decoded records, bounded by bytes. Two generations instead of a list in order of use: a hit in the young one changes
 * nothing, a hit in the old one moves the record over, and when the young one is full it becomes the old one. What was
 * not asked for during a whole generation is gone.
 */
export class RecordCache {
  private readonly generationBytesMax: number;
  private young = new Map<EncodedKey, Cached>();
  private old = new Map<EncodedKey, Cached>();
  private youngBytes = 0;

  constructor(bytesMax: number) {
    this.generationBytesMax = bytesMax / 2;
  }

  /** The record, `ABSENT`, or undefined when the cache does not know. */
  get(key: EncodedKey): unknown {
    const young = this.young.get(key);
    if (young !== undefined) return young.value;
    const old = this.old.get(key);
    if (old === undefined) return undefined;
    this.old.delete(key);
    this.keep(key, old);
    return old.value;
  }

  /** `encodedBytes` as stored; objects take about twice that. */
  set(key: EncodedKey, value: unknown, encodedBytes: number): void {
    const sizeBytes = ENTRY_BYTES + key.length + 2 * encodedBytes;
    const young = this.young.get(key);
    if (sizeBytes > this.generationBytesMax / 8) this.delete(key);
    else if (young !== undefined) {
      // In place: taking a key out of a large Map and putting it in again makes the Map rehash, 70 us each in the end.
      this.youngBytes += sizeBytes - young.sizeBytes;
      young.value = value;
      young.sizeBytes = sizeBytes;
    } else {
      this.old.delete(key);
      this.keep(key, { value, sizeBytes });
    }
  }

  private keep(key: EncodedKey, entry: Cached): void {
    if (this.youngBytes + entry.sizeBytes > this.generationBytesMax) {
      this.old = this.young;
      this.young = new Map();
      this.youngBytes = 0;
    }
    this.young.set(key, entry);
    this.youngBytes += entry.sizeBytes;
  }

  delete(key: EncodedKey): void {
    const young = this.young.get(key);
    if (young === undefined) this.old.delete(key);
    else {
      this.young.delete(key);
      this.youngBytes -= young.sizeBytes;
    }
  }

  clear(): void {
    this.young = new Map();
    this.old = new Map();
    this.youngBytes = 0;
  }
}

import type { EncodedKey } from "./store.ts";

/** In the cache, a key that is known to have no value: a bucket without a policy is asked for it at every request. */
export const ABSENT = Symbol("absent");

interface Cached {
  value: unknown;
  sizeBytes: number;
}

/** The Map entry, the objects' headers; measured on small records to within a third. */
const ENTRY_BYTES = 250;

const sizeOf = (key: EncodedKey, encodedBytes: number): number => ENTRY_BYTES + key.length + 2 * encodedBytes;

/** Slots of the keys that were missed last: 256 KiB. */
const MISSED_SLOTS = 2 ** 16;
/** Of a key only its end is looked at: keys begin alike. */
const HASHED_UNITS_MAX = 32;

function hashOf(key: EncodedKey): number {
  let hash = key.length;
  for (let at = Math.max(0, key.length - HASHED_UNITS_MAX); at < key.length; at++)
    hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/**
 * Decoded records, bounded by bytes. One enters when it is missed for the second time: of a million records read at
 * random nearly all are read once, and keeping those costs more than reading them (7 us of a request's 41).
 *
 * Two generations instead of a list in order of use: a hit in the young one changes nothing, a hit in the old one moves
 * the record over, and when the young one is full it becomes the old one. What was not asked for during a whole
 * generation is gone.
 */
export class RecordCache {
  private readonly generationBytesMax: number;
  private young = new Map<EncodedKey, Cached>();
  private old = new Map<EncodedKey, Cached>();
  private youngBytes = 0;
  /** By slot, the hash of the last key that was missed. */
  private readonly missed = new Uint32Array(MISSED_SLOTS);

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

  /** What was read because the cache does not have it. `encodedBytes` as stored; objects take about twice that. */
  enter(key: EncodedKey, value: unknown, encodedBytes: number): void {
    const hash = hashOf(key);
    const slot = hash % MISSED_SLOTS;
    if (this.missed[slot] !== hash) {
      this.missed[slot] = hash;
      return;
    }
    const sizeBytes = sizeOf(key, encodedBytes);
    if (sizeBytes <= this.generationBytesMax / 8) this.keep(key, { value, sizeBytes });
  }

  /** What was written, in the place of what the cache has. */
  replace(key: EncodedKey, value: unknown, encodedBytes: number): void {
    const young = this.young.get(key);
    const sizeBytes = sizeOf(key, encodedBytes);
    if (young === undefined || sizeBytes > this.generationBytesMax / 8) this.delete(key);
    else {
      // In place: taking a key out of a large Map and putting it in again makes the Map rehash, 70 us each in the end.
      this.youngBytes += sizeBytes - young.sizeBytes;
      young.value = value;
      young.sizeBytes = sizeBytes;
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

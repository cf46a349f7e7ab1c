import { randomBytes } from "node:crypto";

/** A source of random bytes: the machine's, or one that replays from a seed. */
export interface Random {
  bytes(count: number): Buffer;
}

/** Cryptographic randomness, drawn in blocks: one system call serves many small requests. */
export function systemRandom(): Random {
  const BLOCK_BYTES = 4096;
  let block = randomBytes(BLOCK_BYTES);
  let used = 0;
  return {
    bytes(count) {
      if (count > BLOCK_BYTES) return randomBytes(count);
      if (used + count > BLOCK_BYTES) {
        block = randomBytes(BLOCK_BYTES);
        used = 0;
      }
      used += count;
      return block.subarray(used - count, used);
    },
  };
}

/** The same bytes for the same seed (mulberry32): for tests and replays, never for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const nextByte = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) & 0xff;
  };
  return { bytes: (count) => Buffer.from(Array.from({ length: count }, nextByte)) };
}

import type { Digester } from "./blobs.ts";

/** The polynomial, bit-reflected. Source: NVM Command Set specification, 64b CRC */
export const CRC64NVME_HIGH = 0x9a6c9329,
  CRC64NVME_LOW = 0xac4bc9b5;

/** 64 bits in two halves: BigInt would be two hundred times slower. */
interface Halves {
  high: number;
  low: number;
}

/** Eight bytes are taken in per step, each by a table of its own. */
const SLICES = 8;

function fillTables(high: Int32Array, low: Int32Array): void {
  for (let i = 0; i < 256; i++) {
    let h = 0,
      l = i;
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (isOdd) {
        h ^= CRC64NVME_HIGH;
        l ^= CRC64NVME_LOW;
      }
    }
    high[i] = h;
    low[i] = l;
  }
  for (let i = 256; i < 256 * SLICES; i++) {
    const h = high[i - 256] as number,
      l = low[i - 256] as number;
    const byte = l & 0xff;
    low[i] = ((l >>> 8) | (h << 24)) ^ (low[byte] as number);
    high[i] = (h >>> 8) ^ (high[byte] as number);
  }
}

type Advance = (crc: Halves, chunk: Uint8Array) => void;
/**
 * The tables are constants around one function, whose place and length the compiler then knows: a third faster than
 * tables of the module, which a bundle makes variables of.
 */
function makeAdvance(): Advance {
  const high = new Int32Array(256 * SLICES),
    low = new Int32Array(256 * SLICES);
  fillTables(high, low);
  return (crc, chunk) => {
    // Locals stay in registers, which makes it nearly twice as fast.
    let { high: h, low: l } = crc,
      i = 0;
    for (const end = chunk.length - 7; i < end; i += 8) {
      const x =
        l ^
        ((chunk[i] as number) |
          ((chunk[i + 1] as number) << 8) |
          ((chunk[i + 2] as number) << 16) |
          ((chunk[i + 3] as number) << 24));
      const y =
        h ^
        ((chunk[i + 4] as number) |
          ((chunk[i + 5] as number) << 8) |
          ((chunk[i + 6] as number) << 16) |
          ((chunk[i + 7] as number) << 24));
      const a = 1792 | (x & 0xff),
        b = 1536 | ((x >>> 8) & 0xff),
        c = 1280 | ((x >>> 16) & 0xff),
        d = 1024 | (x >>> 24);
      const e = 768 | (y & 0xff),
        f = 512 | ((y >>> 8) & 0xff),
        g = 256 | ((y >>> 16) & 0xff),
        k = y >>> 24;
      l =
        (low[a] as number) ^
        (low[b] as number) ^
        (low[c] as number) ^
        (low[d] as number) ^
        (low[e] as number) ^
        (low[f] as number) ^
        (low[g] as number) ^
        (low[k] as number);
      h =
        (high[a] as number) ^
        (high[b] as number) ^
        (high[c] as number) ^
        (high[d] as number) ^
        (high[e] as number) ^
        (high[f] as number) ^
        (high[g] as number) ^
        (high[k] as number);
    }
    for (; i < chunk.length; i++) {
      const byte = (l ^ (chunk[i] as number)) & 0xff;
      l = ((l >>> 8) | (h << 24)) ^ (low[byte] as number);
      h = (h >>> 8) ^ (high[byte] as number);
    }
    crc.high = h;
    crc.low = l;
  };
}
let advance: Advance | undefined;

const result = Buffer.alloc(8);

/** CRC-64/NVME, 0.8 us for a KiB: what every object has that is written without a checksum. */
export class Crc64Nvme implements Digester {
  private readonly crc: Halves = { high: -1, low: -1 };

  update(chunk: Uint8Array): void {
    (advance ??= makeAdvance())(this.crc, chunk);
  }

  hex(): string {
    result.writeInt32BE(~this.crc.high, 0);
    result.writeInt32BE(~this.crc.low, 4);
    return result.toString("hex");
  }
}

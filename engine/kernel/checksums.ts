import { createHash, hash as hashOf, type Hash } from "node:crypto";
import * as zlib from "node:zlib";
import type { Digester } from "./blobs.ts";
import { Crc64Nvme, CRC64NVME_HIGH, CRC64NVME_LOW } from "./crc64nvme.ts";

/** Checksums a client may ask for. Those from `crc` can be joined from the checksums of parts. */
export const CHECKSUM_ALGORITHMS = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** What is computed when a client asks for nothing. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "crc64nvme";

export const base64OfHex = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
export const hexOfBase64 = (base64: string): string => Buffer.from(base64, "base64").toString("hex");

/** Bodies that come in one piece, which most are, are hashed in one call, without an object of OpenSSL's for each. */
class Hashing implements Digester {
  readonly #algorithm: string;
  #only: Uint8Array | undefined;
  #state: Hash | undefined;

  constructor(algorithm: "md5" | "sha1" | "sha256") {
    this.#algorithm = algorithm;
  }

  update(chunk: Uint8Array): void {
    if (this.#state) this.#state.update(chunk);
    else if (this.#only === undefined && chunk.byteLength <= ONE_CALL_BYTES_MAX) this.#only = chunk;
    else {
      this.#state = createHash(this.#algorithm);
      if (this.#only) this.#state.update(this.#only);
      this.#only = undefined;
      this.#state.update(chunk);
    }
  }

  hex(): string {
    return this.#state ? this.#state.digest("hex") : hashOf(this.#algorithm, this.#only ?? NOTHING, "hex");
  }
}
/** A larger piece is hashed as it comes, so that nobody holds it until the end. */
const ONE_CALL_BYTES_MAX = 64 * 1024;
const NOTHING = new Uint8Array();

export const md5Digester = (): Digester => new Hashing("md5");
export const md5Hex = (bytes: Uint8Array): string => hashOf("md5", bytes, "hex");

const word = Buffer.alloc(4);
/** Through bytes: `toString(16)` and `padStart` take four times as long. */
function hexOfWord(bits: number): string {
  word.writeInt32BE(bits | 0, 0);
  return word.toString("hex");
}

function crc32Digester(): Digester {
  let crc = 0;
  return {
    update: (chunk) => {
      crc = zlib.crc32(chunk, crc);
    },
    hex: () => hexOfWord(crc),
  };
}

const CRC32C_POLYNOMIAL = 0x82f63b78;
const SLICES = 8;

/** Eight tables, so that eight bytes are taken in per step. */
let crc32cTables: Uint32Array | undefined;
function tablesOfCrc32c(): Uint32Array {
  if (crc32cTables) return crc32cTables;
  const tables = new Uint32Array(256 * SLICES);
  for (let i = 0; i < 256; i++) {
    let crc = i;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32C_POLYNOMIAL : crc >>> 1;
    tables[i] = crc >>> 0;
  }
  for (let i = 256; i < tables.length; i++) {
    const before = tables[i - 256] as number;
    tables[i] = ((before >>> 8) ^ (tables[before & 0xff] as number)) >>> 0;
  }
  crc32cTables = tables;
  return tables;
}

function crc32cDigester(): Digester {
  const t = tablesOfCrc32c();
  const at = (slice: number, byte: number) => t[(slice << 8) | byte] as number;
  let crc = 0xffffffff;
  return {
    update(chunk) {
      let c = crc;
      let i = 0;
      const b = chunk as Uint8Array & Record<number, number>;
      for (const end = chunk.length - 7; i < end; i += 8) {
        c ^=
          (b[i] as number) | ((b[i + 1] as number) << 8) | ((b[i + 2] as number) << 16) | ((b[i + 3] as number) << 24);
        c =
          at(7, c & 0xff) ^
          at(6, (c >>> 8) & 0xff) ^
          at(5, (c >>> 16) & 0xff) ^
          at(4, c >>> 24) ^
          at(3, b[i + 4] as number) ^
          at(2, b[i + 5] as number) ^
          at(1, b[i + 6] as number) ^
          at(0, b[i + 7] as number);
      }
      for (; i < chunk.length; i++) c = (c >>> 8) ^ at(0, (c ^ (b[i] as number)) & 0xff);
      crc = c;
    },
    hex: () => hexOfWord(~crc),
  };
}

export function checksumDigester(algorithm: ChecksumAlgorithm): Digester {
  switch (algorithm) {
    case "crc32":
      return crc32Digester();
    case "crc32c":
      return crc32cDigester();
    case "crc64nvme":
      return new Crc64Nvme();
    default:
      return new Hashing(algorithm);
  }
}

/** The checksum of bytes at hand, base64. */
export function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): string {
  const digester = checksumDigester(algorithm);
  digester.update(bytes);
  return base64OfHex(digester.hex());
}

const CRC_FIELDS: Partial<Record<ChecksumAlgorithm, { readonly bits: bigint; readonly polynomial: bigint }>> = {
  crc32: { bits: 32n, polynomial: 0xedb88320n },
  crc32c: { bits: 32n, polynomial: BigInt(CRC32C_POLYNOMIAL) },
  crc64nvme: { bits: 64n, polynomial: (BigInt(CRC64NVME_HIGH) << 32n) | BigInt(CRC64NVME_LOW) },
};

/** True where the checksum of a whole can be joined from its parts' checksums. */
export const isJoinable = (algorithm: ChecksumAlgorithm): boolean => algorithm in CRC_FIELDS;

/** Product of two polynomials modulo the field's, bit-reflected as CRCs are. */
function multiply(a: bigint, b: bigint, bits: bigint, polynomial: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let mask = 1n << (bits - 1n); mask > 0n; mask >>= 1n) {
    if (a & mask) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

/** x to the power of 8 * `sizeBytes`: what a CRC is multiplied with when so many bytes follow. */
function shiftBy(sizeBytes: number, bits: bigint, polynomial: bigint): bigint {
  const one = 1n << (bits - 1n);
  let power = one;
  let square = one >> 8n;
  for (let rest = BigInt(sizeBytes); rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = multiply(power, square, bits, polynomial);
    square = multiply(square, square, bits, polynomial);
  }
  return power;
}

/** The checksum (base64) of the parts' bytes one after another, from the parts' checksums (base64) and sizes alone. */
export function joinChecksums(
  algorithm: ChecksumAlgorithm,
  parts: readonly { readonly checksum: string; readonly sizeBytes: number }[],
): string {
  const field = CRC_FIELDS[algorithm];
  if (!field) throw new Error(`${algorithm} cannot be joined from parts`);
  const { bits, polynomial } = field;
  const shifts = new Map<number, bigint>();
  let joined = 0n;
  for (const { checksum, sizeBytes } of parts) {
    let shift = shifts.get(sizeBytes);
    if (shift === undefined) shifts.set(sizeBytes, (shift = shiftBy(sizeBytes, bits, polynomial)));
    joined = multiply(shift, joined, bits, polynomial) ^ BigInt("0x" + hexOfBase64(checksum));
  }
  return base64OfHex(joined.toString(16).padStart(Number(bits) / 4, "0"));
}

/** The checksum of the parts' checksums, base64: what cannot be joined is made so. */
export function compositeChecksum(algorithm: ChecksumAlgorithm, checksums: readonly string[]): string {
  return checksumOf(algorithm, Buffer.concat(checksums.map((checksum) => Buffer.from(checksum, "base64"))));
}

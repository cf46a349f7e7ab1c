import type { Readable } from "node:stream";

/** Bodies up to this size live in their record; larger ones in the blob store. */
export const INLINE_BYTES_MAX: number = 64 * 1024;

/** How a body is sealed. Its key is kept wrapped in another one; `key` is there only while the body is in use. */
export interface Seal {
  readonly nonce: Uint8Array;
  readonly wrapped: Uint8Array;
  readonly key?: Uint8Array;
}

/**
 * A stored body, as a record keeps it. Small ones carry their bytes; large ones point to a blob
 * that was made durable before this pointer could be committed.
 */
export interface StoredBody {
  readonly sizeBytes: number;
  readonly inline?: Uint8Array;
  readonly blobId?: string;
  /** A body joined from others, in order, without copying; read with `openBody` of `joined-body.ts`. */
  readonly parts?: readonly StoredBody[];
  /** The stored bytes are sealed with a key; `sizeBytes` and `digests` are those of the body itself. */
  readonly seal?: Seal;
  /** Hexadecimal digests of the body by algorithm, as asked for at `write`. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Something that sees every byte of a body on its way in: a hash, a checksum. */
export interface Digester {
  update(chunk: Uint8Array): unknown;
  /** Lower-case hexadecimal. */
  hex(): string;
}

/** A range of bytes, both ends inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bytes of bodies. Never whole in memory above `INLINE_BYTES_MAX`. */
export interface BlobStore {
  /** Reads `body` to its end. A failed or cut-off body throws and leaves nothing that a sweep would not remove. */
  write(body: Readable | Uint8Array, digesters?: Readonly<Record<string, Digester>>): Promise<StoredBody>;
  /** Joins stored bodies in order, without reading them whole into memory. */
  concat(parts: readonly StoredBody[], digesters?: Readonly<Record<string, Digester>>): Promise<StoredBody>;
  /**
   * Streams a stored body, or the part of it that `range` names (which begins within the body).
   * A blob that is gone or too short fails the stream with `BlobDamaged`; it never ends early as if it were whole.
   */
  open(body: StoredBody, range?: ByteRange): Readable;
  /** Writes a blob under an id that records already point to: how a snapshot comes back. Replaces what stood there. */
  restore(blobId: string, body: Readable): Promise<void>;
  /** Deletes blobs that no record points to and that are older than `graceMs`; returns how many. */
  sweep(isReferenced: (blobId: string) => Promise<boolean>, graceMs: number): Promise<number>;
}

/**
 * Which records use which blob is kept in the store itself (`blob-links.ts`: `linkBody`, `unlinkBody`), in the
 * transaction that writes or deletes the record; a blob without a link is garbage after the grace period.
 */

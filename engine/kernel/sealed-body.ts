import { createCipheriv, createDecipheriv } from "node:crypto";
import { Readable, Transform, type TransformCallback } from "node:stream";
import { invariant } from "../platform/invariant.ts";
import type { BlobStore, ByteRange, Digester, Seal, StoredBody } from "./blobs.ts";

/**
 * Bodies that nobody can read without their key: AES-256-GCM over segments of 64 KiB, so that a range is opened
 * without what lies before it, and a changed, moved or missing byte fails instead of being read.
 */

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const SEGMENT_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 8;
const WRAP_IV_BYTES = 12;

export type OpenSeal = Required<Seal>;

interface RandomBytes {
  bytes(count: number): Uint8Array;
}

/** A seal for a new body, with a key of its own that `wrappingKey` opens. */
export function newSeal(random: RandomBytes, wrappingKey: Uint8Array): OpenSeal {
  const key = Buffer.from(random.bytes(KEY_BYTES));
  const nonce = Buffer.from(random.bytes(NONCE_BYTES));
  return { key, nonce, wrapped: wrap(random, key, wrappingKey) };
}

function wrap(random: RandomBytes, key: Uint8Array, wrappingKey: Uint8Array): Buffer {
  const iv = Buffer.from(random.bytes(WRAP_IV_BYTES));
  const cipher = createCipheriv(ALGORITHM, wrappingKey, iv);
  return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

function openSeal(seal: Seal, wrappingKey: Uint8Array): OpenSeal {
  const wrapped = Buffer.from(seal.wrapped);
  const end = wrapped.length - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, wrappingKey, wrapped.subarray(0, WRAP_IV_BYTES));
  decipher.setAuthTag(wrapped.subarray(end));
  const key = Buffer.concat([decipher.update(wrapped.subarray(WRAP_IV_BYTES, end)), decipher.final()]);
  return { nonce: seal.nonce, wrapped: seal.wrapped, key };
}

const partsOf = (body: StoredBody): readonly StoredBody[] => body.parts ?? [body];
export const isSealed = (body: StoredBody): boolean => partsOf(body).some((part) => part.seal !== undefined);

const withSeals = (body: StoredBody, change: (seal: Seal) => Seal): StoredBody => {
  const changed = (one: StoredBody): StoredBody => (one.seal ? { ...one, seal: change(one.seal) } : one);
  return body.parts ? { ...body, parts: body.parts.map(changed) } : changed(body);
};

/** The body with its keys at hand, for `openBody`. Throws when `wrappingKey` is not the right one. */
export const unsealed = (body: StoredBody, wrappingKey: Uint8Array): StoredBody =>
  withSeals(body, (seal) => openSeal(seal, wrappingKey));

/** The same bytes, their keys wrapped in another one: how a sealed body is copied without being read. */
export const resealed = (body: StoredBody, wrappingKey: Uint8Array, random: RandomBytes): StoredBody =>
  withSeals(body, ({ key, nonce }) => {
    invariant(key, "a body is opened before it is sealed for another");
    return { nonce, wrapped: wrap(random, key, wrappingKey) };
  });

/** How many bytes a sealed body takes where it is stored. */
export const sealedBytesOf = (sizeBytes: number): number =>
  sizeBytes + Math.ceil(sizeBytes / SEGMENT_BYTES) * TAG_BYTES;
/** How many bytes of a blob a body's record stands for. */
export const storedBytesOf = (body: StoredBody): number => (body.seal ? sealedBytesOf(body.sizeBytes) : body.sizeBytes);

function ivOf(nonce: Uint8Array, segment: number): Buffer {
  const iv = Buffer.alloc(NONCE_BYTES + 4);
  iv.set(nonce);
  iv.writeUInt32BE(segment, NONCE_BYTES);
  return iv;
}

function sealSegment({ key, nonce }: OpenSeal, segment: number, bytes: Uint8Array): Buffer {
  const cipher = createCipheriv(ALGORITHM, key, ivOf(nonce, segment));
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function openSegment({ key, nonce }: OpenSeal, segment: number, sealed: Uint8Array): Buffer {
  const end = sealed.byteLength - TAG_BYTES;
  const decipher = createDecipheriv(ALGORITHM, key, ivOf(nonce, segment));
  decipher.setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()]);
}

/** Seals bytes at hand. */
export function sealBytes(bytes: Uint8Array, seal: OpenSeal): Uint8Array {
  const sealed: Buffer[] = [];
  for (let at = 0, segment = 0; at < bytes.byteLength; at += SEGMENT_BYTES, segment += 1)
    sealed.push(sealSegment(seal, segment, bytes.subarray(at, at + SEGMENT_BYTES)));
  return Buffer.concat(sealed);
}

/** Opens bytes at hand. Throws when they are not what was sealed. */
export function openBytes(sealed: Uint8Array, seal: OpenSeal): Buffer {
  const opened: Buffer[] = [];
  const step = SEGMENT_BYTES + TAG_BYTES;
  for (let at = 0, segment = 0; at < sealed.byteLength; at += step, segment += 1)
    opened.push(openSegment(seal, segment, sealed.subarray(at, at + step)));
  return Buffer.concat(opened);
}

/** Collects what passes into pieces of one size and hands each on changed. */
class Pieces extends Transform {
  private readonly pieceBytes: number;
  private readonly change: (piece: Buffer, index: number) => Buffer;
  private held: Buffer[] = [];
  private heldBytes = 0;
  private count = 0;

  constructor(pieceBytes: number, change: (piece: Buffer, index: number) => Buffer) {
    super();
    this.pieceBytes = pieceBytes;
    this.change = change;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.held.push(chunk);
    this.heldBytes += chunk.byteLength;
    this.flushPieces(done, this.pieceBytes);
  }

  override _flush(done: TransformCallback): void {
    this.flushPieces(done, 1);
  }

  private flushPieces(done: TransformCallback, leastBytes: number): void {
    try {
      if (this.heldBytes >= leastBytes && this.heldBytes > 0) {
        let rest = this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held);
        while (rest.byteLength >= leastBytes && rest.byteLength > 0) {
          this.push(this.change(rest.subarray(0, this.pieceBytes), this.count));
          this.count += 1;
          rest = rest.subarray(this.pieceBytes);
        }
        this.held = [rest];
        this.heldBytes = rest.byteLength;
      }
      done();
    } catch (problem) {
      done(problem as Error);
    }
  }
}

/** Writes a body sealed. The digests are those of the bytes as they came. */
export async function writeSealed(
  blobs: BlobStore,
  body: Readable | Uint8Array,
  digesters: Readonly<Record<string, Digester>>,
  seal: OpenSeal,
): Promise<StoredBody> {
  let sizeBytes = 0;
  const sealing = new Pieces(SEGMENT_BYTES, (piece, segment) => {
    sizeBytes += piece.byteLength;
    for (const name in digesters) digesters[name]?.update(piece);
    return sealSegment(seal, segment, piece);
  });
  const source = body instanceof Uint8Array ? Readable.from([body], { objectMode: false }) : body;
  source.on("error", (problem) => sealing.destroy(problem));
  const { digests: _, ...stored } = await blobs.write(source.pipe(sealing));
  const digests: Record<string, string> = {};
  for (const name in digesters) digests[name] = digesters[name]?.hex() ?? "";
  return { ...stored, sizeBytes, digests, seal: { nonce: seal.nonce, wrapped: seal.wrapped } };
}

/** Opens one stored body, sealed or not; see `BlobStore.open`. */
export function openOne(blobs: BlobStore, body: StoredBody, range?: ByteRange): Readable {
  const { seal, ...stored } = body;
  if (!seal) return blobs.open(body, range);
  const { key } = seal;
  invariant(key, "a sealed body is given its key before it is opened");
  const opened: OpenSeal = { ...seal, key };
  const { start, end } = range ?? { start: 0, end: body.sizeBytes - 1 };
  const first = Math.floor(start / SEGMENT_BYTES);
  const last = Math.floor(Math.min(end, body.sizeBytes - 1) / SEGMENT_BYTES);
  const step = SEGMENT_BYTES + TAG_BYTES;
  const sealedBytes = sealedBytesOf(body.sizeBytes);
  if (sealedBytes === 0) return Readable.from([], { objectMode: false });
  const window = { start: first * step, end: Math.min((last + 1) * step, sealedBytes) - 1 };
  const wanted = (piece: Buffer, index: number) => {
    const bytes = openSegment(opened, first + index, piece);
    const offset = (first + index) * SEGMENT_BYTES;
    return bytes.subarray(Math.max(0, start - offset), Math.max(0, Math.min(bytes.byteLength, end + 1 - offset)));
  };
  const source = blobs.open({ ...stored, sizeBytes: sealedBytes }, window);
  const opening = new Pieces(step, wanted);
  source.on("error", (problem) => opening.destroy(problem));
  opening.on("close", () => source.destroy());
  return source.pipe(opening);
}

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import { invariant } from "../platform/invariant.ts";
import { clearRecords, staysWithStore } from "./blob-home.ts";
import { forgetKeptBlobs } from "./kept-blobs.ts";
import { encodeKey, decodeKey } from "./key.ts";
import {
  DIGEST_BYTES, KINDS, MAGIC, mustBeSnapshot, packr, SECTION_BYTES_MAX, SnapshotRefused, type Kind,
} from "./snapshot-format.ts";
import type { EncodedKey, Reader, Store } from "./store.ts";

const SECTION_BYTES = 1024 * 1024;
const everything = { from: "\x00" as EncodedKey, to: "\xff" as EncodedKey };

/** The blobs that go along. Whoever keeps blobs fills this in; a store without any needs none. */
export interface SnapshotBlobs {
  /** Runs `work` while none of them is deleted. */
  keeping<T>(work: () => Promise<T>): Promise<T>;
  /** Every blob that a record of this state uses. */
  list(state: Reader): AsyncIterable<{ readonly id: string; readonly open: () => Readable }>;
  /** Makes a blob durable under exactly this id, replacing one that is there. */
  put(id: string, body: AsyncIterable<Uint8Array>): Promise<void>;
}

interface Section {
  readonly kind: Kind;
  readonly payload: Buffer;
}

class SectionWriter {
  count = 0;
  private readonly file: FileHandle;
  constructor(file: FileHandle) {
    this.file = file;
  }

  async write(kind: Kind, payload: Uint8Array): Promise<void> {
    const head = Buffer.alloc(5);
    head[0] = KINDS.indexOf(kind);
    head.writeUInt32BE(payload.length, 1);
    const digest = createHash("sha256").update(head).update(payload).digest();
    await this.file.writeFile(Buffer.concat([head, payload, digest]));
    this.count += 1;
  }
}

async function writeEntries(state: Reader, sections: SectionWriter): Promise<void> {
  let packed: Buffer[] = [];
  let sizeBytes = 0;
  const flush = async () => {
    if (packed.length > 0) await sections.write("entries", Buffer.concat(packed));
    packed = [];
    sizeBytes = 0;
  };
  for await (const { key, value } of state.scan(everything)) {
    const bytes = Buffer.from(packr.pack([Buffer.from(encodeKey(key), "latin1"), value]));
    packed.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes >= SECTION_BYTES) await flush();
  }
  await flush();
}

async function writeBlobs(state: Reader, blobs: SnapshotBlobs, sections: SectionWriter): Promise<void> {
  for await (const { id, open: openBlob } of blobs.list(state)) {
    await sections.write("blob", packr.pack(id));
    for await (const chunk of openBlob()) await sections.write("bytes", chunk as Uint8Array);
  }
}

/**
 * Writes one consistent state of `store` to `file`, which appears only when it is complete. Records and blobs are of
 * the same state, whatever is written, deleted or swept meanwhile.
 */
export async function saveSnapshot(store: Store, file: string, blobs?: SnapshotBlobs): Promise<void> {
  // Kept first, pinned then: what the pinned state uses was not deleted before, and is not while it is copied.
  const save = () => store.read((state) => saveState(store, state, file, blobs), { pinned: true });
  await (blobs ? blobs.keeping(save) : save());
}

async function saveState(store: Store, state: Reader, file: string, blobs?: SnapshotBlobs): Promise<void> {
  const unfinished = `${file}.unfinished`;
  const handle = await open(unfinished, "w");
  try {
    await handle.writeFile(MAGIC);
    const sections = new SectionWriter(handle);
    await writeEntries(state, sections);
    // Taken after the pinned state: above every position in it.
    await sections.write("header", packr.pack({ position: await store.position() }));
    if (blobs) await writeBlobs(state, blobs, sections);
    await sections.write("end", packr.pack(sections.count));
    await handle.sync();
    await handle.close();
    await rename(unfinished, file);
  } catch (problem) {
    await handle.close().catch(() => undefined);
    await rm(unfinished, { force: true });
    throw problem;
  }
}

/** Bytes of a stream, asked for by number. */
class ByteSource {
  private readonly chunks: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);
  constructor(file: string) {
    const stream: AsyncIterable<Buffer> = createReadStream(file, { highWaterMark: SECTION_BYTES });
    this.chunks = stream[Symbol.asyncIterator]();
  }

  /** Fewer only at the end of the file. */
  async take(count: number): Promise<Buffer> {
    const parts = [this.held];
    let length = this.held.length;
    while (length < count) {
      const next = await this.chunks.next();
      if (next.done) break;
      parts.push(next.value);
      length += next.value.length;
    }
    const all = parts.length === 1 ? this.held : Buffer.concat(parts);
    this.held = all.subarray(count);
    return all.subarray(0, count);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}

async function* sectionsOf(file: string): AsyncGenerator<Section> {
  const source = new ByteSource(file);
  const damaged = (what: string) =>
    new SnapshotRefused(`${file} is damaged (${what}); nothing was changed. Use another copy of it.`);
  try {
    const magic = (await source.take(MAGIC.length)).toString("latin1");
    mustBeSnapshot(file, magic);
    for (let count = 0; ; count++) {
      const head = await source.take(5);
      if (head.length < 5) throw damaged("it ends too early");
      const length = head.readUInt32BE(1);
      const kind = KINDS[head[0] as number];
      if (kind === undefined || length > SECTION_BYTES_MAX) throw damaged(`section ${count} has no known kind`);
      const payload = await source.take(length);
      const digest = await source.take(DIGEST_BYTES);
      if (!createHash("sha256").update(head).update(payload).digest().equals(digest)) {
        throw damaged(`section ${count} has a wrong checksum`);
      }
      if (kind === "end") {
        if (packr.unpack(payload) !== count) throw damaged("sections are missing");
        return;
      }
      yield { kind, payload };
    }
  } finally {
    await source.close();
  }
}

/** Reads all of the file once: every checksum holds, it is complete, and there is somewhere for its blobs to go. */
async function verified(file: string, blobs: SnapshotBlobs | undefined): Promise<{ readonly position: number }> {
  let header: { readonly position: number } | undefined;
  for await (const { kind, payload } of sectionsOf(file)) {
    if (kind === "header") header = packr.unpack(payload) as { position: number };
    if (kind === "blob" && blobs === undefined) {
      throw new SnapshotRefused(`${file} holds blobs, but there is no blob store; nothing was changed.`);
    }
  }
  if (header === undefined) throw new SnapshotRefused(`${file} is damaged (it has no header); nothing was changed.`);
  return header;
}

/** Runs of `bytes` sections after each `blob` section become one body each. */
async function restoreBlobs(file: string, blobs: SnapshotBlobs): Promise<void> {
  const sections = sectionsOf(file);
  let section = await sections.next();
  while (!section.done) {
    if (section.value.kind !== "blob") {
      section = await sections.next();
      continue;
    }
    const body = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        section = await sections.next();
        if (section.done || section.value.kind !== "bytes") return;
        yield section.value.payload;
      }
    };
    await blobs.put(packr.unpack(section.value.payload) as string, body());
    const { value: next } = section as IteratorResult<Section, undefined>;
    invariant(next?.kind !== "bytes", "a blob store reads a restored body to its end");
  }
}

/**
 * Makes `store` (and `blobs`) hold exactly what the snapshot holds. The whole file is checked before anything is
 * touched. It takes many commits, so nobody else may use the store meanwhile; if it is cut off, `isRestoring` stays
 * true and it must be run again.
 */
export async function restoreSnapshot(store: Store, file: string, blobs?: SnapshotBlobs): Promise<void> {
  const { position } = await verified(file, blobs);
  await store.transact(async (tx) => {
    await clearRecords(tx);
    tx.set(RESTORING, true);
  });
  await store.position(position);
  if (blobs) await restoreBlobs(file, blobs);
  for await (const { kind, payload } of sectionsOf(file)) {
    if (kind !== "entries") continue;
    const entries = packr.unpackMultiple(payload) as [Buffer, unknown][];
    await store.transact(async (tx) => {
      for (const [encoded, value] of entries) {
        const key = decodeKey(encoded.toString("latin1") as EncodedKey);
        if (!staysWithStore(key)) tx.set(key, value);
      }
    });
  }
  await store.transact(async (tx) => {
    tx.delete(RESTORING);
    forgetKeptBlobs(tx);
  });
}

const RESTORING = ["kernel", "restoring"];

/** True when a restore was cut off: what the store holds is only part of a snapshot. */
export async function isRestoring(store: Store): Promise<boolean> {
  return (await store.read((tx) => tx.get(RESTORING))) === true;
}

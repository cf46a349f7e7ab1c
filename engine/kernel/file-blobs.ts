import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { type Clock, systemClock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import { invariant } from "../platform/invariant.ts";
import { type BlobSink, takeIn } from "./blob-intake.ts";
import { BlobDamaged, joined, streamOf, windowOf } from "./blob-reading.ts";
import type { BlobStore } from "./blobs.ts";

/** One write to the disk, and one read from it: large enough that the calls cost little beside the bytes. */
const IO_BYTES = 256 * 1024;
const INCOMING = "incoming";

export interface FileBlobParts {
  readonly ids: Ids;
  /**
   * Ages of files, for `sweep`. The machine's clock by default, and another only in tests: when a user advances
   * the engine's clock by a month, a running upload has not grown a month older.
   */
  readonly clock?: Clock;
}

/**
 * Blobs as files below `folder`: `incoming/<id>` while they are written, then `<first two digits>/<id>`.
 * Why: a blob has its final name only when it is whole and on the disk, so a crash leaves nothing but files in
 * `incoming` and whole blobs that no record points to; `sweep` removes both.
 */
export function fileBlobStore(folder: string, { ids, clock = systemClock() }: FileBlobParts): BlobStore {
  const layout = new Layout(folder);
  const store: BlobStore = {
    write: (body, digesters = {}) => takeIn(body, digesters, () => new FileSink(layout, ids.hex(32), clock)),
    concat: (parts, digesters) => store.write(joined(parts, store.open), digesters),
    async restore(blobId, body) {
      await takeIn(body, {}, () => new FileSink(layout, blobId, clock), 0);
    },
    open(body, range) {
      const { start, lengthBytes } = windowOf(body, range);
      const { inline, blobId } = body;
      if (inline) return streamOf(() => inline.subarray(start, start + lengthBytes));
      invariant(blobId !== undefined, "a stored body carries its bytes or the id of its blob");
      return fileStream(layout.pathOf(blobId), start, lengthBytes);
    },
    sweep: (isReferenced, graceMs) => sweep(layout, clock.nowMs() - graceMs, isReferenced),
  };
  return store;
}

/** Where files are, and which of them this process is writing. */
class Layout {
  /** Ids of bodies on their way in: never garbage, however old their files look. */
  readonly incoming = new Set<string>();
  readonly folder: string;
  private readonly ready = new Map<string, Promise<void>>();

  constructor(folder: string) {
    this.folder = folder;
  }

  incomingPathOf(blobId: string): string {
    return join(this.folder, INCOMING, blobId);
  }

  folderOf(blobId: string): string {
    return join(this.folder, blobId.slice(0, 2));
  }

  pathOf(blobId: string): string {
    // Ids also come out of snapshots: none may lead out of the folder.
    invariant(/^[0-9a-z]{4,64}$/.test(blobId), "a blob's id is lower-case letters and digits");
    return join(this.folderOf(blobId), blobId);
  }

  /** Makes a folder once, durably. */
  make(path: string): Promise<void> {
    const making = this.ready.get(path) ?? this.makeNow(path);
    this.ready.set(path, making);
    return making;
  }

  private async makeNow(path: string): Promise<void> {
    try {
      const topmostNew = await mkdir(path, { recursive: true, mode: 0o700 });
      if (topmostNew === undefined) return;
      await syncFolder(dirname(topmostNew));
      if (topmostNew !== path) await syncFolder(dirname(path));
    } catch (error) {
      this.ready.delete(path);
      throw error;
    }
  }
}

/** A rename is durable when the folder that holds the name is on the disk. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

class FileSink implements BlobSink {
  private readonly layout: Layout;
  private readonly blobId: string;
  private readonly clock: Clock;
  private file: FileHandle | undefined;
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private lastWrite: Promise<void>;

  constructor(layout: Layout, blobId: string, clock: Clock) {
    this.layout = layout;
    this.blobId = blobId;
    this.clock = clock;
    layout.pathOf(blobId);
    layout.incoming.add(blobId);
    this.lastWrite = this.begin();
    this.lastWrite.catch(leaveToTheNextWait);
  }

  private async begin(): Promise<void> {
    await this.layout.make(join(this.layout.folder, INCOMING));
    this.file = await open(this.layout.incomingPathOf(this.blobId), "w", 0o600);
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.pending.push(chunk);
    this.pendingBytes += chunk.byteLength;
    return this.pendingBytes < IO_BYTES ? undefined : this.flush();
  }

  /** Starts the next write and waits only for the one before it, so that the disk and the digests work side by side. */
  private flush(): Promise<void> {
    const before = this.lastWrite;
    const chunks = this.pending;
    this.pending = [];
    this.pendingBytes = 0;
    this.lastWrite = before.then(() => this.append(chunks));
    this.lastWrite.catch(leaveToTheNextWait);
    return before;
  }

  private async append(chunks: readonly Uint8Array[]): Promise<void> {
    invariant(this.file, "writes wait until the file is open");
    const [only] = chunks;
    let rest = chunks.length === 1 && only ? only : Buffer.concat(chunks);
    while (rest.byteLength > 0) {
      const { bytesWritten } = await this.file.write(rest);
      rest = rest.subarray(bytesWritten);
    }
  }

  async finish(): Promise<string> {
    await this.flush();
    await this.lastWrite;
    invariant(this.file, "a flushed file is open");
    const writtenAt = this.clock.nowMs() / 1000;
    await this.file.utimes(writtenAt, writtenAt);
    await this.file.datasync();
    await this.file.close();
    this.file = undefined;
    const folder = this.layout.folderOf(this.blobId);
    await this.layout.make(folder);
    await rename(this.layout.incomingPathOf(this.blobId), this.layout.pathOf(this.blobId));
    await syncFolder(folder);
    this.layout.incoming.delete(this.blobId);
    return this.blobId;
  }

  async abandon(): Promise<void> {
    await this.lastWrite.catch(leaveToTheNextWait);
    try {
      await this.file?.close();
      await rm(this.layout.incomingPathOf(this.blobId), { force: true });
    } finally {
      this.layout.incoming.delete(this.blobId);
    }
  }
}

/** A failed write is reported to whoever waits next; this only tells Node that somebody will. */
const leaveToTheNextWait = () => undefined;

/** An open file keeps its bytes when its name is deleted, so a read that has begun ends whole. */
function fileStream(path: string, start: number, lengthBytes: number): Readable {
  let file: FileHandle | undefined;
  let leftBytes = lengthBytes;
  const readNext = async (): Promise<Uint8Array | null> => {
    if (leftBytes === 0) return null;
    invariant(file, "a stream is read after its file was opened");
    const buffer = Buffer.allocUnsafeSlow(Math.min(IO_BYTES, leftBytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, start + lengthBytes - leftBytes);
    if (bytesRead === 0) throw new BlobDamaged(`The file ${path} is ${leftBytes} bytes shorter than its record says.`);
    leftBytes -= bytesRead;
    return buffer.subarray(0, bytesRead);
  };
  return new Readable({
    highWaterMark: IO_BYTES,
    construct(done) {
      openBlob(path).then((opened) => {
        file = opened;
        done();
      }, done);
    },
    read() {
      readNext().then((chunk) => this.push(chunk), (error: Error) => this.destroy(error));
    },
    destroy(error, done) {
      if (!file) return done(error);
      file.close().then(() => done(error), (closing: Error) => done(error ?? closing));
    },
  });
}

async function openBlob(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    if (isAbsence(error)) throw new BlobDamaged(`The file ${path} is missing.`, { cause: error });
    throw error;
  }
}

async function sweep(
  layout: Layout, writtenBeforeMs: number, isReferenced: (blobId: string) => Promise<boolean>): Promise<number> {
  let count = 0;
  for (const name of await namesIn(layout.folder)) {
    const isIncoming = name === INCOMING;
    if (!isIncoming && !/^[0-9a-z]{2}$/.test(name)) continue;
    for (const blobId of await namesIn(join(layout.folder, name))) {
      const path = join(layout.folder, name, blobId);
      if (layout.incoming.has(blobId) || !(await isOlderThan(path, writtenBeforeMs))) continue;
      if (!isIncoming && await isReferenced(blobId)) continue;
      await rm(path, { force: true });
      count += 1;
    }
  }
  return count;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsence(error)) return [];
    throw error;
  }
}

/** A file that went away meanwhile is nobody's garbage. */
async function isOlderThan(path: string, timeMs: number): Promise<boolean> {
  try {
    return (await stat(path)).mtimeMs <= timeMs;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

function isAbsence(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

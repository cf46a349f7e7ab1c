import { Readable } from "node:stream";
import { type Clock, systemClock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import { invariant } from "../platform/invariant.ts";
import { type BlobSink, takeIn } from "./blob-intake.ts";
import { BlobDamaged, joined, streamOf, windowOf } from "./blob-reading.ts";
import type { BlobStore } from "./blobs.ts";
import { S3Client } from "./s3-client.ts";
import type { BlobPlace } from "./blob-home.ts";
import type { S3Location } from "./s3-location.ts";

/** A body up to this size is one request; a larger one goes out in parts of it, one on its way while the next fills. */
const PART_BYTES = 8 * 1024 * 1024;
/** S3's own limit. */
const PARTS_MAX = 10_000;
/**
 * The longest that an upload may take. S3 dates an object by the beginning of its upload, so one of several parts
 * is garbage only so much later than one that was put whole.
 */
const UPLOAD_MS_MAX = 24 * 3_600_000;
const READS_BROKEN_MAX = 3;

export interface S3BlobParts {
  readonly ids: Ids;
  /** Ages of objects, for `sweep`, and times of signatures: the machine's by default, another only in tests. */
  readonly clock?: Clock;
}

/** An object beside the blobs that names the store whose bodies they are; no blob's id has such a name. */
const OWNER = "owner.txt";

/** The same place, for the store to be tied to. */
export function s3BlobPlace(location: S3Location, clock: Clock = systemClock()): BlobPlace {
  const client = new S3Client(location, clock);
  const key = location.prefix + OWNER;
  return {
    name: `s3://${location.bucket}/${location.prefix}`,
    claim: async (owner) => (await client.putNew(key, Buffer.from(owner))) || (await client.read(key)) === owner,
  };
}

/**
 * Blobs as objects `<prefix><id>` of any store that speaks S3, for engines that share no disk.
 * Why: an object appears whole or not at all, so a crash leaves nothing but uploads that were not completed and whole
 * blobs that no record points to; `sweep` removes both.
 */
export function s3BlobStore(location: S3Location, { ids, clock = systemClock() }: S3BlobParts): BlobStore {
  const client = new S3Client(location, clock);
  const keyOf = (blobId: string): string => {
    // Ids also come out of snapshots: none may lead out of the prefix.
    invariant(isBlobId(blobId), "a blob's id is lower-case letters and digits");
    return location.prefix + blobId;
  };
  const sinkInto = (blobId: string) => new S3Sink(client, clock, blobId, keyOf(blobId));
  const store: BlobStore = {
    write: (body, digesters = {}) => takeIn(body, digesters, () => sinkInto(ids.hex(32))),
    concat: (parts, digesters) => store.write(joined(parts, store.open), digesters),
    async restore(blobId, body) {
      keyOf(blobId);
      await takeIn(body, {}, () => sinkInto(blobId), -1);
    },
    open(body, range) {
      const { start, lengthBytes } = windowOf(body, range);
      const { inline, blobId } = body;
      if (inline) return streamOf(() => inline.subarray(start, start + lengthBytes));
      invariant(blobId !== undefined, "a stored body carries its bytes or the id of its blob");
      return Readable.from(bytesOf(client, keyOf(blobId), start, lengthBytes), { objectMode: false });
    },
    sweep: (isReferenced, graceMs) => sweep(client, clock.nowMs() - graceMs, isReferenced),
  };
  return store;
}

const isBlobId = (name: string) => /^[0-9a-z]{4,64}$/.test(name);

class S3Sink implements BlobSink {
  private readonly client: S3Client;
  private readonly clock: Clock;
  private readonly blobId: string;
  private readonly key: string;
  private readonly startedAtMs: number;
  private held: Uint8Array[] = [];
  private heldBytes = 0;
  private partCount = 0;
  private uploadId: string | undefined;
  private readonly etags: string[] = [];
  private lastPart: Promise<void> = Promise.resolve();

  constructor(client: S3Client, clock: Clock, blobId: string, key: string) {
    this.client = client;
    this.clock = clock;
    this.blobId = blobId;
    this.key = key;
    this.startedAtMs = clock.nowMs();
  }

  write(chunk: Uint8Array): Promise<void> | undefined {
    this.held.push(chunk);
    this.heldBytes += chunk.byteLength;
    return this.heldBytes < PART_BYTES ? undefined : this.sendPart();
  }

  /** Starts the next part and waits only for the one before it, so that bytes come in while others go out. */
  private sendPart(): Promise<void> {
    const before = this.lastPart;
    const part = this.takeHeld();
    this.partCount += 1;
    this.lastPart = before.then(() => this.upload(part));
    this.lastPart.catch(leaveToTheNextWait);
    return before;
  }

  private takeHeld(): Uint8Array {
    const [only] = this.held;
    const bytes = this.held.length === 1 && only ? only : Buffer.concat(this.held, this.heldBytes);
    this.held = [];
    this.heldBytes = 0;
    return bytes;
  }

  private async upload(part: Uint8Array): Promise<void> {
    const number = this.etags.length + 1;
    if (number > PARTS_MAX) throw this.client.unavailable(`a body of more than ${PARTS_MAX} parts does not fit`);
    this.uploadId ??= await this.client.beginUpload(this.key);
    this.etags.push(await this.client.uploadPart(this.key, this.uploadId, number, part));
  }

  async finish(): Promise<string> {
    if (this.partCount === 0) {
      await this.client.put(this.key, this.takeHeld());
      return this.blobId;
    }
    if (this.heldBytes > 0) this.sendPart().catch(leaveToTheNextWait);
    await this.lastPart;
    invariant(this.uploadId !== undefined, "a part that was sent began the upload");
    if (this.clock.nowMs() - this.startedAtMs > UPLOAD_MS_MAX)
      throw this.client.unavailable("an upload took longer than a day, so that it may have been swept");
    await this.client.completeUpload(this.key, this.uploadId, this.etags);
    return this.blobId;
  }

  async abandon(): Promise<void> {
    await this.lastPart.catch(leaveToTheNextWait);
    if (this.uploadId !== undefined) await this.client.abortUpload(this.key, this.uploadId);
  }
}

/** A part that failed is reported to whoever waits next; this only tells Node that somebody will. */
const leaveToTheNextWait = () => undefined;

/** Streams a window of an object; a connection that breaks is taken up again where it broke. */
async function* bytesOf(client: S3Client, key: string, start: number, lengthBytes: number): AsyncGenerator<Uint8Array> {
  let at = start;
  const end = start + lengthBytes;
  let broken = 0;
  while (at < end) {
    const answer = await client.open(key, at, end - 1);
    if (!answer) throw new BlobDamaged(`The object ${key} is missing, or shorter than its record says.`);
    const toldBytes = Number(answer.headers["content-length"]);
    if (toldBytes !== end - at) {
      answer.destroy();
      throw new BlobDamaged(`The object ${key} is ${end - at - toldBytes} bytes shorter than its record says.`);
    }
    try {
      for await (const chunk of answer as AsyncIterable<Uint8Array>) {
        at += chunk.byteLength;
        yield chunk;
      }
    } catch (problem) {
      broken += 1;
      if (broken > READS_BROKEN_MAX) throw client.unavailable((problem as Error).message, problem);
    }
  }
}

async function sweep(
  client: S3Client,
  writtenBeforeMs: number,
  isReferenced: (blobId: string) => Promise<boolean>,
): Promise<number> {
  let count = 0;
  for await (const { key, uploadId, startedAtMs } of client.listUploads()) {
    if (startedAtMs > writtenBeforeMs - UPLOAD_MS_MAX) continue;
    await client.abortUpload(key, uploadId);
    count += 1;
  }
  for await (const { name, key, modifiedAtMs, etag } of client.list()) {
    const isOfParts = etag.includes("-");
    const isYoung = modifiedAtMs > writtenBeforeMs - (isOfParts ? UPLOAD_MS_MAX : 0);
    if (!isBlobId(name) || isYoung || (await isReferenced(name))) continue;
    await client.delete(key);
    count += 1;
  }
  return count;
}

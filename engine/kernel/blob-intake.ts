import type { Readable } from "node:stream";
import { type Digester, INLINE_BYTES_MAX, type StoredBody } from "./blobs.ts";

type Digesters = Readonly<Record<string, Digester>>;

/** Where the bytes of a body go that is too large to be kept in its record. */
export interface BlobSink {
  /** Takes a chunk. When it returns a promise, the next chunk may come only after it. */
  write(chunk: Uint8Array): Promise<void> | undefined;
  /** Makes the blob durable and returns its id. */
  finish(): Promise<string>;
  /** Throws away what was written. */
  abandon(): Promise<void>;
}

/** The body ended before its end: its sender went away or broke off. */
export class BodyCutOff extends Error {
  override name = "BodyCutOff";
}

/**
 * Reads a body to its end: a small one into memory, a larger one on into a sink that is opened only then.
 * Why: a small put must cost neither a file nor a chain of promises, so nothing here waits until a body spills.
 */
export async function takeIn(
  body: Readable | Uint8Array, digesters: Digesters, openSink: () => BlobSink, inlineBytesMax = INLINE_BYTES_MAX,
): Promise<StoredBody> {
  const intake = new Intake(digesters, openSink, inlineBytesMax);
  if (body instanceof Uint8Array) return intake.takeWhole(body);
  try {
    await drain(body, (chunk) => intake.take(chunk));
    return await intake.finish();
  } catch (error) {
    return intake.abandon(error);
  }
}

class Intake {
  private readonly digesters: Digesters;
  private readonly openSink: () => BlobSink;
  private readonly inlineBytesMax: number;
  private sizeBytes = 0;
  private held: Uint8Array[] = [];
  private sink: BlobSink | undefined;

  constructor(digesters: Digesters, openSink: () => BlobSink, inlineBytesMax: number) {
    this.digesters = digesters;
    this.openSink = openSink;
    this.inlineBytesMax = inlineBytesMax;
  }

  takeWhole(body: Uint8Array): StoredBody | Promise<StoredBody> {
    if (body.byteLength > this.inlineBytesMax) return this.takeWholeIntoSink(body);
    for (const name in this.digesters) this.digesters[name]?.update(body);
    return { sizeBytes: body.byteLength, inline: body, digests: this.digests() };
  }

  private async takeWholeIntoSink(body: Uint8Array): Promise<StoredBody> {
    try {
      await this.take(body);
      return await this.finish();
    } catch (error) {
      return this.abandon(error);
    }
  }

  take(chunk: Uint8Array): Promise<void> | undefined {
    for (const name in this.digesters) this.digesters[name]?.update(chunk);
    this.sizeBytes += chunk.byteLength;
    if (this.sink) return this.sink.write(chunk);
    this.held.push(chunk);
    return this.sizeBytes > this.inlineBytesMax ? this.spill() : undefined;
  }

  private async spill(): Promise<void> {
    this.sink = this.openSink();
    const held = this.held;
    this.held = [];
    for (const chunk of held) await this.sink.write(chunk);
  }

  async finish(): Promise<StoredBody> {
    const { sizeBytes, held } = this;
    if (this.sink) return { sizeBytes, blobId: await this.sink.finish(), digests: this.digests() };
    const [only] = held;
    const inline = held.length === 1 && only ? only : Buffer.concat(held, sizeBytes);
    return { sizeBytes, inline, digests: this.digests() };
  }

  /** Cleans up after a body that failed; `failure` is what its sender hears, also when a file cannot be removed now. */
  async abandon(failure: unknown): Promise<never> {
    await this.sink?.abandon().catch(leaveToTheSweep);
    throw failure;
  }

  private digests(): Record<string, string> {
    const digests: Record<string, string> = {};
    for (const name in this.digesters) digests[name] = this.digesters[name]?.hex() ?? "";
    return digests;
  }
}

/** What an abandoned sink could not remove, the next sweep does. */
const leaveToTheSweep = () => undefined;

/**
 * Hands every chunk to `take` and waits, with the stream paused, for what it returns.
 * The stream stays its owner's to destroy.
 */
function drain(body: Readable, take: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let busy: Promise<void> | undefined;
    const settle = (error?: unknown) => {
      body.off("data", onData).off("end", onEnd).off("error", settle).off("close", onClose);
      if (error === undefined) return resolve();
      body.pause();
      reject(error);
    };
    const onData = (chunk: Uint8Array | string) => {
      try {
        busy = take(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
      } catch (error) {
        return settle(error);
      }
      if (!busy) return;
      body.pause();
      busy.then(() => body.resume(), settle);
    };
    // The last chunk may still be on its way into the sink.
    const onEnd = () => (busy ? void busy.then(() => settle(), settle) : settle());
    const onClose = () => {
      if (!body.readableEnded) settle(body.errored ?? new BodyCutOff("The body broke off before its end."));
    };
    if (body.readableEnded && !body.readableDidRead) return resolve();
    if (body.readableEnded) return reject(new BodyCutOff("The body was already read."));
    if (body.destroyed) return onClose();
    body.on("data", onData).on("end", onEnd).on("error", settle).on("close", onClose);
  });
}

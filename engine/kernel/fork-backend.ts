import { entriesWithin } from "./at-once.ts";
import type { Backend, Changes, View } from "./backend.ts";
import { ForkLayer, LayerOver } from "./fork-layer.ts";
import type { EncodedKey } from "./store.ts";

const EVERY_KEY = { from: "\x00" as EncodedKey, to: "\xff" as EncodedKey };

/**
 * A fork as a driver: what it writes is stored by `own`, a driver of its own, over `origin`, which it only reads and
 * which stands still. Its durability is that of `own`.
 */
export class ForkBackend extends LayerOver implements Backend {
  readonly origin: View;
  readonly seal?: () => void;
  readonly sync?: () => Promise<void>;
  private readonly own: Backend;
  private readonly written: ForkLayer;
  private readonly onClosed: (() => void) | undefined;

  /** `firstPosition`: above every position in the origin. */
  constructor(own: Backend, origin: View, firstPosition: number, onClosed?: () => void) {
    const written = new ForkLayer(own);
    super(written, origin);
    this.own = own;
    this.origin = origin;
    this.written = written;
    this.onClosed = onClosed;
    own.raisePosition(firstPosition);
    const { seal, sync } = own;
    if (seal !== undefined) this.seal = () => this.orGoBack(() => seal.call(own));
    if (sync !== undefined) this.sync = () => sync.call(own);
  }

  /** What fails has taken `own` back to what it holds for good; what is known of it here goes back too. */
  private orGoBack(work: () => void): void {
    try {
      work();
    } catch (problem) {
      this.written.readClears();
      throw problem;
    }
  }

  apply(changes: Changes): void {
    this.orGoBack(() => this.own.apply(this.written.entriesFor(changes)));
  }

  pinned<T>(use: (view: View) => Promise<T>): Promise<T> {
    return this.own.pinned((view) => use(new LayerOver(new ForkLayer(view), this.origin)));
  }

  /** The keys that were written or deleted here, those of cleared ranges as far as the origin has them. */
  *changedKeys(): Iterable<EncodedKey> {
    for (const { key } of this.written.within(EVERY_KEY, Number.POSITIVE_INFINITY, false)) yield key;
    for (const range of this.written.clears)
      for (const { key } of entriesWithin(this.origin, range)) if (this.own.get(key) === undefined) yield key;
  }

  nextPosition(): number {
    return this.own.nextPosition();
  }

  raisePosition(atLeast: number): number {
    return this.own.raisePosition(atLeast);
  }

  async close(): Promise<void> {
    await this.own.close();
    this.onClosed?.();
  }
}

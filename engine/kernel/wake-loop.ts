import type { Clock } from "../platform/clock.ts";
import type { KeyRange, Store } from "./store.ts";

/** How long to wait after failure number `attempt` (1 is the first): doubling from one second to five minutes. */
export function backoffMs(attempt: number): number {
  return Math.min(1000 * 2 ** Math.min(attempt - 1, 20), 300_000);
}

/** What a failed attempt leaves in its record, for people to read. */
export function failureText(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export interface WakeLoopParts {
  readonly store: Store;
  readonly clock: Clock;
  /** A commit in one of these wakes the loop. */
  readonly ranges: readonly KeyRange[];
  /** Does what is due; returns when to look again if nothing else wakes the loop before. */
  readonly look: () => Promise<number | undefined>;
  /** Hears that `look` failed (the store is unavailable); it is tried again after a while. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Looks whenever there may be something to do: a commit in a range of keys, or a time on the clock; never by polling.
 * One look runs at a time; whatever wakes it meanwhile is one more look.
 */
export class WakeLoop {
  private readonly parts: WakeLoopParts;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = true;
  private faults = 0;
  private cancelAlarm = () => {};
  private unwatch: (() => void)[] = [];

  constructor(parts: WakeLoopParts) {
    this.parts = parts;
  }

  start(): void {
    if (!this.isStopped) return;
    this.isStopped = false;
    this.unwatch = this.parts.ranges.map((range) => this.parts.store.watch(range, () => this.wake()));
    this.wake();
  }

  wake(): void {
    this.isWanted = true;
    if (!this.isStopped && !this.running) this.running = this.run();
  }

  /** One look at least that began after this call. */
  async lookNow(): Promise<void> {
    this.wake();
    await this.running;
  }

  /** Begins no more looks; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const unwatch of this.unwatch) unwatch();
    this.cancelAlarm();
    await this.running;
  }

  private async run(): Promise<void> {
    // Nothing below runs before the caller has noted that this look is under way.
    await undefined;
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      const nextAtMs = await this.lookOnce();
      this.cancelAlarm();
      if (nextAtMs !== undefined && !this.isStopped) {
        this.cancelAlarm = this.parts.clock.wakeAt(nextAtMs, () => this.wake());
      }
    }
    this.running = undefined;
  }

  private async lookOnce(): Promise<number | undefined> {
    try {
      const nextAtMs = await this.parts.look();
      this.faults = 0;
      return nextAtMs;
    } catch (error) {
      this.parts.onFault(error);
      this.faults += 1;
      return this.parts.clock.nowMs() + backoffMs(this.faults);
    }
  }
}

/** Where a fault goes when nobody asked for it: the process's own warnings, never nowhere. */
export function warnOfFault(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

import type { Store } from "../kernel/store.ts";
import type { Clock } from "../platform/clock.ts";
import type { Wait, WaitOut } from "./operation.ts";

export interface WaitParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly startedAtMs: number;
  readonly signal?: AbortSignal | undefined;
}

const nobodyWaits = () => {};

/**
 * Runs a call again whenever what it waits for may have come, until it finds something or its time is over.
 * No transaction is open and nothing is polled meanwhile.
 */
export async function waitForMore<T extends WaitOut>(wait: Wait, run: () => Promise<T>, parts: WaitParts): Promise<T> {
  const { store, clock, signal } = parts;
  const deadlineMs = parts.startedAtMs + wait.forMs;
  let hasChanged = false;
  let wake = nobodyWaits;
  const onNews = () => {
    hasChanged = true;
    wake();
  };
  const stopWatching = store.watch(wait.changes, onNews);
  signal?.addEventListener("abort", onNews);
  try {
    for (;;) {
      hasChanged = false;
      // Also right after the watch began: something may have come between the first look and then.
      const result = await run();
      if (result.wait === undefined || signal?.aborted || clock.nowMs() >= deadlineMs) return result;
      await new Promise<void>((resolve) => {
        const cancelAlarm = clock.wakeAt(Math.min(deadlineMs, result.wait?.againAtMs ?? deadlineMs), () => wake());
        wake = () => {
          cancelAlarm();
          resolve();
        };
        if (hasChanged || signal?.aborted) wake();
      });
      wake = nobodyWaits;
      if (signal?.aborted) return result;
    }
  } finally {
    stopWatching();
    signal?.removeEventListener("abort", onNews);
  }
}

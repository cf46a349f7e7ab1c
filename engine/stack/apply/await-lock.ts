import { between } from "../../kernel/key.ts";
import type { Scope } from "../../services/context.ts";
import { lockRecords, lockSpace, type LockRecord } from "../state/model.ts";
import type { StackParts } from "./deployment.ts";
import { claimantOf, holderOf } from "./lock.ts";
import { pauseUntil } from "../../services/pause.ts";

export interface LockWait {
  /** Zero does not wait at all. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told once, before the waiting begins. */
  readonly onWait?: ((lock: LockRecord) => void) | undefined;
}

/** Waits until nobody holds a stack's lock; gives who still does when the time is over. */
export async function awaitLock(
  parts: StackParts,
  scope: Scope,
  stack: string,
  { timeoutMs, signal, onWait }: LockWait,
): Promise<LockRecord | undefined> {
  const { store, clock } = parts;
  const key = lockSpace.key(scope.account, scope.region, stack);
  const deadlineMs = clock.nowMs() + timeoutMs;
  const holder = async () => {
    const lock = await store.read((tx) => lockRecords.get(tx, scope.account, scope.region, stack));
    return holderOf(lock, claimantOf(parts), clock.nowMs());
  };
  const first = await holder();
  if (!first || timeoutMs <= 0) return first;
  onWait?.(first);
  for (;;) {
    const news = new AbortController();
    const stopWatching = store.watch(between(key, [...key, null]), () => news.abort());
    try {
      const held = await holder();
      if (!held || clock.nowMs() >= deadlineMs || signal?.aborted) return held;
      // The holder may die: then nothing tells, but its lease ends.
      const ends = signal ? AbortSignal.any([news.signal, signal]) : news.signal;
      await pauseUntil(clock, Math.min(deadlineMs, held.expiresAtMs), ends);
    } finally {
      stopWatching();
    }
  }
}

import type { Clock } from "../platform/clock.ts";

/** Resolves when the time has come, or when the signal says that nobody waits any longer: then with false. */
export function pauseUntil(clock: Clock, atMs: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve(false);
    const onAbort = () => {
      cancelAlarm();
      resolve(false);
    };
    const cancelAlarm = clock.wakeAt(atMs, () => {
      signal?.removeEventListener("abort", onAbort);
      resolve(true);
    });
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** Time as the engine sees it. Everything that waits or stamps takes one of these, so that a run can be replayed. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Calls `wake` once, at or soon after `atMs`; returns a function that cancels it. */
  wakeAt(atMs: number, wake: () => void): () => void;
}

/** Node refuses longer timers; a later alarm is re-armed on the way. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The machine's clock. Its alarms never keep a process alive. */
export function systemClock(): Clock {
  return {
    nowMs: () => Date.now(),
    wakeAt(atMs, wake) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const leftMs = atMs - Date.now();
        timer = leftMs > TIMER_MS_MAX ? setTimeout(arm, TIMER_MS_MAX) : setTimeout(wake, Math.max(0, leftMs));
        timer.unref();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

export interface ManualClock extends Clock {
  /** Moves time forward and calls, in order of time, every alarm that falls due on the way. */
  advanceMs(ms: number): void;
  advanceSeconds(seconds: number): void;
}

/** A clock that stands still until it is advanced: for tests and for replays. */
export function manualClock(startIso = "2030-01-01T00:00:00Z"): ManualClock {
  let nowMs = Date.parse(startIso);
  let alarms: { atMs: number; wake: () => void }[] = [];
  const advanceMs = (ms: number) => {
    const endMs = nowMs + ms;
    for (;;) {
      const due = alarms.filter((alarm) => alarm.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      alarms = alarms.filter((alarm) => alarm !== due);
      nowMs = Math.max(nowMs, due.atMs);
      due.wake();
    }
    nowMs = endMs;
  };
  return {
    nowMs: () => nowMs,
    wakeAt(atMs, wake) {
      const alarm = { atMs, wake };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((other) => other !== alarm);
      };
    },
    advanceMs,
    advanceSeconds: (seconds) => advanceMs(seconds * 1000),
  };
}

/** Milliseconds that only ever grow, for measuring how long something took; not a time of day, never stored. */
export const monotonicMs = (): number => performance.now();

import type { Clock, ManualClock } from "./clock.ts";

interface Alarm {
  readonly atMs: number;
  readonly wake: () => void;
  cancel: () => void;
}

/** A clock that runs as `base` does and can be moved ahead of it: what is due on the way is woken in order of time. */
export function movableClock(base: Clock): ManualClock {
  let aheadMs = 0;
  const alarms = new Set<Alarm>();
  const nowMs = () => base.nowMs() + aheadMs;
  const ring = (alarm: Alarm) => {
    alarm.cancel();
    alarms.delete(alarm);
    alarm.wake();
  };
  const arm = (alarm: Alarm) => {
    alarm.cancel();
    alarm.cancel = base.wakeAt(alarm.atMs - aheadMs, () => ring(alarm));
  };
  const moveTo = (atMs: number) => {
    aheadMs += Math.max(0, atMs - nowMs());
  };
  const advanceMs = (ms: number) => {
    const endMs = nowMs() + ms;
    for (;;) {
      const due = [...alarms].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      moveTo(due.atMs);
      ring(due);
    }
    moveTo(endMs);
    for (const alarm of alarms) arm(alarm);
  };
  return {
    nowMs,
    wakeAt(atMs, wake) {
      const alarm: Alarm = { atMs, wake, cancel: () => undefined };
      alarms.add(alarm);
      arm(alarm);
      return () => {
        alarm.cancel();
        alarms.delete(alarm);
      };
    },
    advanceMs,
    advanceSeconds: (seconds) => advanceMs(seconds * 1000),
  };
}

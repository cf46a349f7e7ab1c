import type { Clock, ManualClock } from "./clock.ts";

/** How a clock stands to the one it goes by. */
export type ClockSetting =
  | { readonly kind: "running"; readonly aheadMs: number }
  | { readonly kind: "frozen"; readonly atMs: number };

/** A setting, and the time of the base clock from which on it held. */
export interface PlacedSetting {
  readonly sinceMs: number;
  readonly setting: ClockSetting;
}

/** A clock that goes by another, can be moved ahead of it, and can be made to stand still. */
export interface MovableClock extends ManualClock {
  /** The clock it goes by: what everybody outside lives by. */
  readonly base: Clock;
  readonly setting: ClockSetting;
  /** Every setting since it was made or `restore`d, the oldest first, as many as are worth keeping. */
  readonly settings: readonly PlacedSetting[];
  /** Moves forward to a time, and calls in order every alarm that falls due on the way; never back. */
  advanceTo(atMs: number): void;
  /** Holds from now on, whatever time that makes it. */
  set(setting: ClockSetting): void;
  /** Takes over what another one was set to. */
  restore(settings: readonly PlacedSetting[]): void;
  /** What this clock showed when its base showed `baseMs`. */
  shownAt(baseMs: number): number;
}

interface Alarm {
  readonly atMs: number;
  readonly wake: () => void;
  cancel: () => void;
}

/** Somebody who asks by a time before these is told as if nothing had been moved yet. */
const SETTINGS_MAX = 100;
const AS_BASE: ClockSetting = { kind: "running", aheadMs: 0 };
const nothingToCancel = () => undefined;

/** What a clock with this setting shows when its base shows `baseMs`. */
export const shown = (setting: ClockSetting, baseMs: number): number =>
  setting.kind === "frozen" ? setting.atMs : baseMs + setting.aheadMs;

/** Runs as `base` does until it is set otherwise. */
export function movableClock(base: Clock): MovableClock {
  return new SettableClock(base);
}

class SettableClock implements MovableClock {
  readonly base: Clock;
  private placed: readonly PlacedSetting[] = [];
  private now: ClockSetting = AS_BASE;
  private readonly alarms = new Set<Alarm>();

  constructor(base: Clock) {
    this.base = base;
  }

  get setting(): ClockSetting {
    return this.now;
  }

  get settings(): readonly PlacedSetting[] {
    return this.placed;
  }

  readonly nowMs = (): number => shown(this.now, this.base.nowMs());

  readonly wakeAt = (atMs: number, wake: () => void): (() => void) => {
    const alarm: Alarm = { atMs, wake, cancel: nothingToCancel };
    this.alarms.add(alarm);
    this.arm(alarm);
    return () => {
      alarm.cancel();
      this.alarms.delete(alarm);
    };
  };

  advanceMs(ms: number): void {
    this.advanceTo(this.nowMs() + ms);
  }

  advanceSeconds(seconds: number): void {
    this.advanceMs(seconds * 1000);
  }

  advanceTo(atMs: number): void {
    for (;;) {
      const due = [...this.alarms].filter((alarm) => alarm.atMs <= atMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      this.now = this.movedTo(due.atMs);
      this.ring(due);
    }
    this.set(this.movedTo(atMs));
  }

  set(setting: ClockSetting): void {
    this.restore([...this.placed, { sinceMs: this.base.nowMs(), setting }]);
  }

  restore(settings: readonly PlacedSetting[]): void {
    this.placed = settings.slice(-SETTINGS_MAX);
    this.show(settings.at(-1)?.setting ?? AS_BASE);
  }

  shownAt(baseMs: number): number {
    const held = this.placed.findLast(({ sinceMs }) => sinceMs <= baseMs);
    return shown(held?.setting ?? AS_BASE, baseMs);
  }

  private movedTo(atMs: number): ClockSetting {
    const { now } = this;
    if (now.kind === "frozen") return { kind: "frozen", atMs: Math.max(now.atMs, atMs) };
    return { kind: "running", aheadMs: now.aheadMs + Math.max(0, atMs - this.nowMs()) };
  }

  private show(setting: ClockSetting): void {
    this.now = setting;
    for (const alarm of this.alarms) this.arm(alarm);
  }

  private arm(alarm: Alarm): void {
    alarm.cancel();
    const { now } = this;
    const isReached = now.kind === "frozen" && alarm.atMs <= now.atMs;
    alarm.cancel =
      now.kind === "running"
        ? this.base.wakeAt(alarm.atMs - now.aheadMs, () => this.ring(alarm))
        : isReached
          ? this.base.wakeAt(this.base.nowMs(), () => this.ring(alarm))
          : nothingToCancel;
  }

  private ring(alarm: Alarm): void {
    alarm.cancel();
    this.alarms.delete(alarm);
    alarm.wake();
  }
}

import type { EngineClock, Moved } from "../gateway/clock/engine-clock.ts";
import type { ClockEvent } from "../gateway/engine-events.ts";

/** A stretch of time; its parts add up. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

export const millisecondsOf = ({
  days = 0,
  hours = 0,
  minutes = 0,
  seconds = 0,
  milliseconds = 0,
}: Duration): number => (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;

/** The time of a cloud. Clients keep their own: what they sign is taken whatever is shown here. */
export class CloudClock {
  readonly #time: EngineClock;

  constructor(time: EngineClock) {
    this.#time = time;
  }

  /** Unix time in milliseconds, as this cloud has it. */
  nowMs(): number {
    return this.#time.show().nowMs;
  }

  /** Lets time pass, and waits for what that brings: expiry, lifecycle rules, retention, deliveries. */
  advance(duration: Duration): Promise<Moved> {
    return this.#time.advance(millisecondsOf(duration));
  }

  /** Stops it, now or at a time such as `2030-01-01T00:00:00Z`; from then on `advance` alone moves it. */
  freeze(at?: string): Promise<Moved> {
    return this.#time.freeze(at);
  }

  /** Lets it run on from where it stands. */
  unfreeze(): Promise<Moved> {
    return this.#time.unfreeze();
  }

  /** Back to the machine's time. */
  reset(): Promise<Moved> {
    return this.#time.reset();
  }

  /** How it was moved, the first time first. */
  events(): Promise<readonly ClockEvent[]> {
    return this.#time.events();
  }
}

import { ALL_JOBS, placeOf } from "../../kernel/jobs.ts";
import { subspace } from "../../kernel/subspace.ts";
import type { Store } from "../../kernel/store.ts";
import { shown, type ClockSetting, type MovableClock, type PlacedSetting } from "../../platform/movable-clock.ts";
import { ServiceError } from "../../services/errors.ts";
import { engineEvents, recordEngineEvent, type ClockEvent } from "../engine-events.ts";

/** The time as an engine has it. */
export interface ClockState {
  readonly nowMs: number;
  /** As the machine has it, by which everybody outside the engine lives. */
  readonly machineMs: number;
  readonly isFrozen: boolean;
}

export interface Moved extends ClockState {
  /** How many jobs fell due on the way and were run: by this engine, if several share a store. */
  readonly jobs: number;
}

/** Moves an engine's time. What was set is kept in the store: it outlives the engine, and every engine heeds it. */
export interface EngineClock {
  show(): ClockState;
  /**
   * Lets time pass, in at most a thousand steps, and at each runs what has fallen due: jobs, deliveries, expiry.
   * Errors: `InvalidTime` for what is not ahead, or beyond the year 9999
   */
  advance(ms: number): Promise<Moved>;
  /**
   * Stops the clock, at the present or at a time such as `2030-01-01` or `2030-01-01T12:00:00Z`, which may be past.
   * Units:  UTC unless the text names a zone
   * Errors: `InvalidTime`
   */
  freeze(at?: string): Promise<Moved>;
  /** Lets a frozen clock run on from where it stands. */
  unfreeze(): Promise<Moved>;
  /** Back to the machine's time. What happened by then has happened. */
  reset(): Promise<Moved>;
  events(): Promise<readonly ClockEvent[]>;
}

export interface EngineClockParts {
  readonly store: Store;
  readonly clock: MovableClock;
  /** Resolves when nothing is due any more. */
  settled(): Promise<void>;
  /** How many jobs have been run so far. */
  jobCount(): number;
}

const space = subspace<[]>("engine", "clock");
/** What falls due between two steps is run at the second one, in order. */
const STEPS_MAX = 1000;
/** Dates are written with four digits of the year. */
const LATEST_MS = Date.parse("9999-12-31T23:59:59.999Z");

interface ClockRecord {
  readonly settings: readonly PlacedSetting[];
}

const invalidTime = (message: string) => new ServiceError("InvalidTime", "invalidInput", message);

/** `load` takes over what the store says: at the start, and when another engine has moved the clock. */
export function createEngineClock(parts: EngineClockParts): EngineClock & { load(): Promise<void> } {
  return new StoredClock(parts);
}

class StoredClock implements EngineClock {
  private readonly parts: EngineClockParts;
  private movesUnderWay = 0;
  private lastMove: Promise<unknown> = Promise.resolve();

  constructor(parts: EngineClockParts) {
    this.parts = parts;
  }

  async load(): Promise<void> {
    const { store, clock } = this.parts;
    const record = await store.read((tx) => tx.get<ClockRecord>(space.key()));
    // On the way to where the record says it is.
    if (this.movesUnderWay === 0) clock.restore(record?.settings ?? []);
  }

  show(): ClockState {
    const { clock } = this.parts;
    return { nowMs: clock.nowMs(), machineMs: clock.base.nowMs(), isFrozen: clock.setting.kind === "frozen" };
  }

  async advance(ms: number): Promise<Moved> {
    if (!(ms > 0) || !Number.isFinite(ms))
      throw invalidTime("A clock is advanced by more than nothing; it never goes back.");
    return this.inTurn("advanced", (setting) => aheadBy(setting, ms), () => this.pass(ms));
  }

  async freeze(at?: string): Promise<Moved> {
    const atMs = at === undefined ? undefined : timeOf(at);
    return this.inTurn("frozen", (_setting, nowMs) => ({ kind: "frozen", atMs: atMs ?? nowMs }));
  }

  unfreeze(): Promise<Moved> {
    return this.inTurn("unfrozen", (_setting, nowMs, machineMs) => ({ kind: "running", aheadMs: nowMs - machineMs }));
  }

  reset(): Promise<Moved> {
    return this.inTurn("reset", () => ({ kind: "running", aheadMs: 0 }));
  }

  events(): Promise<readonly ClockEvent[]> {
    return this.parts.store.read((tx) => engineEvents(tx, "clock"));
  }

  /** One after the other: a move begins where the one before has ended. */
  private inTurn(...move: Parameters<StoredClock["moveTo"]>): Promise<Moved> {
    const moved = this.lastMove.then(async () => {
      this.movesUnderWay += 1;
      try {
        return await this.moveTo(...move);
      } finally {
        this.movesUnderWay -= 1;
      }
    });
    this.lastMove = moved.catch(() => undefined);
    return moved;
  }

  private async moveTo(
    what: ClockEvent["what"],
    settingOf: (setting: ClockSetting, nowMs: number, machineMs: number) => ClockSetting,
    pass: () => Promise<void> = async () => undefined,
  ): Promise<Moved> {
    const { store, clock, settled, jobCount } = this.parts;
    const { nowMs: fromMs, machineMs: sinceMs } = this.show();
    const jobsBefore = jobCount();
    const setting = settingOf(clock.setting, fromMs, sinceMs);
    if (shown(setting, sinceMs) > LATEST_MS) throw invalidTime("A clock goes as far as the year 9999.");
    const settings = [...clock.settings, { sinceMs, setting }];
    // Kept first: an engine that dies on the way finds itself at the end of it, and runs what is due by then.
    await store.transact(async (tx) => tx.set(space.key(), { settings } satisfies ClockRecord));
    await pass();
    clock.restore(settings);
    await settled();
    const jobs = jobCount() - jobsBefore;
    const state = this.show();
    const { nowMs: toMs, machineMs: atMs } = state;
    await store.transact(async (tx) => recordEngineEvent(tx, { about: "clock", what, atMs, fromMs, toMs, jobs }));
    return { ...state, jobs };
  }

  /** From one due time to the next. */
  private async pass(ms: number): Promise<void> {
    const { store, clock, settled } = this.parts;
    const fromMs = clock.nowMs();
    const endMs = fromMs + ms;
    for (let atMs = fromMs; atMs < endMs; await settled()) {
      const dueAtMs = (await firstDueMs(store)) ?? endMs;
      atMs = Math.min(endMs, Math.max(dueAtMs, atMs + ms / STEPS_MAX));
      clock.advanceTo(atMs);
    }
  }
}

const aheadBy = (setting: ClockSetting, ms: number): ClockSetting =>
  setting.kind === "frozen"
    ? { kind: "frozen", atMs: setting.atMs + ms }
    : { kind: "running", aheadMs: setting.aheadMs + ms };

async function firstDueMs(store: Store): Promise<number | undefined> {
  const [first] = await store.read((tx) => tx.range(ALL_JOBS, { limit: 1 }));
  return first && placeOf(first.key).nextAtMs;
}

const ISO_TIME = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?<zone>Z|[+-]\d\d:\d\d)?)?$/;

function timeOf(text: string): number {
  const match = ISO_TIME.exec(text);
  // `Date.parse` takes a time without a zone for the machine's, and much else for a date.
  const hasNoZone = text.includes("T") && match?.groups?.["zone"] === undefined;
  const atMs = match ? Date.parse(hasNoZone ? `${text}Z` : text) : Number.NaN;
  if (Number.isNaN(atMs)) throw invalidTime(`"${text}" is not a time; write it as 2030-01-01T00:00:00Z.`);
  if (atMs < 0) throw invalidTime("A clock begins with the year 1970.");
  return atMs;
}

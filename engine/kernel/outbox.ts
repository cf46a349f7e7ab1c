import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import { after, startingWith } from "./key.ts";
import { type Entry, type Key, type Reader, type Store, StoreUnavailable, type Transaction } from "./store.ts";
import { backoffMs, failureText, WakeLoop, warnOfFault } from "./wake-loop.ts";

/** News that commits with the change it tells of. */
export interface OutboxEvent {
  /** Picks the subscribers, e.g. `objects.created`. */
  readonly type: string;
  readonly payload: unknown;
}

export interface DeliveredEvent extends OutboxEvent {
  /** Its place in the order of commits: the same at every delivery, so it serves as an idempotency key. */
  readonly position: number;
}

/** Somebody who gets every event of some types, in order, from the oldest one kept. */
export interface Subscriber {
  /** Under which its progress is kept; unique, and the same at every start. */
  readonly name: string;
  /** All types when absent. */
  readonly types?: readonly string[];
  /** Local effects commit together with the progress, so they happen exactly once; external ones at least once. */
  readonly deliver:
    | { readonly local: (tx: Transaction, event: DeliveredEvent) => Promise<void> }
    | { readonly external: (event: DeliveredEvent) => Promise<void> };
}

/** How far a subscriber is, as `listSubscribers` shows it. */
export interface SubscriberStatus {
  readonly name: string;
  /** The position of the last event it has had; -1 at the beginning. */
  readonly position: number;
  /** Failed attempts at the next event, and why the last one failed. */
  readonly attempt: number;
  readonly failure?: string;
  readonly retryAtMs?: number;
}

interface Cursor extends Omit<SubscriberStatus, "name"> {
  /** Which outbox delivers, and until when the others leave it to that one. */
  readonly lease?: string;
  readonly leasedUntilMs?: number;
}

export interface OutboxParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly subscribers: readonly Subscriber[];
  /** How long the others wait before they take over from an outbox that says nothing. */
  readonly leaseMs?: number;
  /** Hears when the store fails the outbox, which goes on trying. */
  readonly onFault?: (error: unknown) => void;
}

export interface Outbox {
  start(): void;
  /** Delivers nothing more, and lets other engines take over at once. */
  stop(): Promise<void>;
  /** Resolves when each subscriber has had every event, or waits for its next attempt or another engine's lease. */
  settled(): Promise<void>;
}

const EVENTS: Key = ["outbox", "event"];
const CURSORS: Key = ["outbox", "cursor"];
const BEGINNING: Cursor = { position: -1, attempt: 0 };
/** Events that one transaction delivers, and after how many deliveries what all have seen is deleted. */
const BATCH = 32;
const TRIM_EVERY = 64;

export function emit(tx: Transaction, event: OutboxEvent): void {
  tx.append(EVENTS, { type: event.type, payload: event.payload ?? null });
}

export async function listSubscribers(reader: Reader): Promise<SubscriberStatus[]> {
  const entries = await reader.range<Cursor>(startingWith(CURSORS), { limit: 10_000 });
  return entries.map(({ key, value: { lease: _lease, leasedUntilMs: _until, ...status } }) =>
    ({ name: key[CURSORS.length] as string, ...status }));
}

/** Drops a subscriber that no engine has any more, whose missing progress would keep every event. */
export function forgetSubscriber(tx: Transaction, name: string): void {
  tx.delete([...CURSORS, name]);
}

export function createOutbox(parts: OutboxParts): Outbox {
  const deliveries = parts.subscribers.map((subscriber) => new Delivery(parts, subscriber));
  const deliveredCount = () => deliveries.reduce((sum, delivery) => sum + delivery.deliveredCount, 0);
  return {
    start: () => deliveries.forEach((delivery) => delivery.loop.start()),
    async stop() {
      await Promise.all(deliveries.map((delivery) => delivery.stop()));
    },
    async settled() {
      // A delivery may emit: until a whole round brings nothing new.
      for (let before = -1; before !== deliveredCount();) {
        before = deliveredCount();
        await Promise.all(deliveries.map((delivery) => delivery.loop.lookNow()));
      }
    },
  };
}

/** What a step found: events to hand over, or when to look again. */
type Next = { readonly events: readonly DeliveredEvent[] } | { readonly atMs: number | undefined };

/** One subscriber's progress through the log. */
class Delivery {
  readonly loop: WakeLoop;
  deliveredCount = 0;
  private readonly parts: OutboxParts;
  private readonly subscriber: Subscriber;
  private readonly key: Key;
  private readonly lease: string;
  private readonly leaseMs: number;
  private batch = BATCH;
  /** The event that is being handed over, and its place in the batch. */
  private attempted: { index: number; position: number } | undefined;
  private trimAfterCount = 1;

  constructor(parts: OutboxParts, subscriber: Subscriber) {
    this.parts = parts;
    this.subscriber = subscriber;
    this.key = [...CURSORS, subscriber.name];
    this.lease = parts.ids.hex(16);
    this.leaseMs = parts.leaseMs ?? 30_000;
    const { store, clock, onFault = warnOfFault } = parts;
    // Its own progress too: another engine that stops hands over by writing it.
    const ranges = [startingWith(EVENTS), startingWith(CURSORS)];
    this.loop = new WakeLoop({ store, clock, onFault, ranges, look: () => this.look() });
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await this.parts.store.transact(async (tx) => {
      const { lease, leasedUntilMs: _until, ...cursor } = await this.cursor(tx);
      if (lease === this.lease) tx.set(this.key, cursor);
    });
  }

  private async look(): Promise<number | undefined> {
    for (;;) {
      const next = await this.step();
      if ("atMs" in next) return next.atMs;
      this.deliveredCount += next.events.length;
      await this.trimSometimes();
    }
  }

  private async step(): Promise<Next> {
    const { deliver } = this.subscriber;
    this.attempted = undefined;
    try {
      const next = "local" in deliver
        ? await this.stepLocally(deliver.local) : await this.stepOutside(deliver.external);
      this.batch = BATCH;
      return next;
    } catch (error) {
      if (!this.attempted || error instanceof StoreUnavailable) throw error;
      return this.noteFailure(this.attempted, error);
    }
  }

  private stepLocally(deliver: (tx: Transaction, event: DeliveredEvent) => Promise<void>): Promise<Next> {
    return this.parts.store.transact(async (tx) => {
      const next = await this.next(tx);
      if ("atMs" in next) return next;
      for (const [index, event] of next.events.entries()) {
        this.attempted = { index, position: event.position };
        if (this.wants(event)) await deliver(tx, event);
      }
      this.advance(tx, next.events.at(-1)?.position ?? -1);
      return next;
    });
  }

  private async stepOutside(deliver: (event: DeliveredEvent) => Promise<void>): Promise<Next> {
    const next = await this.parts.store.transact(async (tx) => {
      const next = await this.next(tx);
      // The claim comes first, or another engine would deliver the same meanwhile.
      if ("events" in next) tx.set(this.key, { ...await this.cursor(tx), ...this.claim() });
      return next;
    });
    if ("atMs" in next) return next;
    for (const event of next.events) {
      this.attempted = { index: 0, position: event.position };
      if (this.wants(event)) await deliver(event);
      const isOurs = await this.parts.store.transact(async (tx) => {
        const isOurs = (await this.cursor(tx)).lease === this.lease;
        if (isOurs) this.advance(tx, event.position);
        return isOurs;
      });
      if (!isOurs) break;
    }
    return next;
  }

  private async next(tx: Transaction): Promise<Next> {
    const nowMs = this.parts.clock.nowMs();
    const { position, retryAtMs = 0, lease, leasedUntilMs = 0 } = await this.cursor(tx);
    const unseen = after(startingWith(EVENTS), [...EVENTS, position]);
    const entries = await tx.range<OutboxEvent>(unseen, { limit: this.batch });
    if (entries.length === 0) return { atMs: undefined };
    if (lease !== this.lease && leasedUntilMs > nowMs) return { atMs: leasedUntilMs };
    if (retryAtMs > nowMs) return { atMs: retryAtMs };
    return { events: entries.map(eventOf) };
  }

  private async cursor(reader: Reader): Promise<Cursor> {
    return (await reader.get<Cursor>(this.key)) ?? BEGINNING;
  }

  private claim(): Pick<Cursor, "lease" | "leasedUntilMs"> {
    return { lease: this.lease, leasedUntilMs: this.parts.clock.nowMs() + this.leaseMs };
  }

  private advance(tx: Transaction, position: number): void {
    tx.set(this.key, { position, attempt: 0, ...this.claim() } satisfies Cursor);
  }

  private wants(event: DeliveredEvent): boolean {
    return this.subscriber.types?.includes(event.type) ?? true;
  }

  /** The others in a batch are not to blame for the one that failed: they go first, without it. */
  private noteFailure(attempted: { index: number; position: number }, error: unknown): Promise<Next> {
    if (attempted.index > 0) {
      this.batch = attempted.index;
      return Promise.resolve({ events: [] });
    }
    return this.parts.store.transact<Next>(async (tx) => {
      const cursor = await this.cursor(tx);
      const [first] = await tx.range(after(startingWith(EVENTS), [...EVENTS, cursor.position]), { limit: 1 });
      const isOurs = cursor.lease === undefined || cursor.lease === this.lease;
      // Another engine has taken over meanwhile: the failure is not worth a note.
      if (!isOurs || first?.key[EVENTS.length] !== attempted.position) return { events: [] };
      const attempt = cursor.attempt + 1;
      const retryAtMs = this.parts.clock.nowMs() + backoffMs(attempt);
      tx.set(this.key, { ...cursor, ...this.claim(), attempt, failure: failureText(error), retryAtMs });
      return { atMs: retryAtMs };
    });
  }

  private async trimSometimes(): Promise<void> {
    if (this.deliveredCount < this.trimAfterCount) return;
    this.trimAfterCount = this.deliveredCount + TRIM_EVERY;
    const names = this.parts.subscribers.map(({ name }) => name);
    await this.parts.store.transact((tx) => trim(tx, names));
  }
}

/** Deletes the events that every subscriber has had; one of `names` that has had none yet keeps them all. */
async function trim(tx: Transaction, names: readonly string[]): Promise<void> {
  const cursors = await tx.range<Cursor>(startingWith(CURSORS), { limit: 10_000 });
  const known = new Set(cursors.map(({ key }) => key[CURSORS.length]));
  if (names.some((name) => !known.has(name))) return;
  const seenByAll = Math.min(...cursors.map(({ value }) => value.position));
  const events = startingWith(EVENTS);
  tx.clear({ from: events.from, to: after(events, [...EVENTS, seenByAll]).from });
}

function eventOf({ key, value }: Entry<OutboxEvent>): DeliveredEvent {
  return { ...value, position: key[EVENTS.length] as number };
}

/* oxlint-disable no-await-in-loop -- a client does one thing after the other. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { between, decodeKey, encodeKey, startingWith } from "./key.ts";
import type { EncodedKey, Entry, Key, KeyRange, Reader, Store, Transaction } from "./store.ts";

/** A place among the few keys of a run, so that transactions meet. */
const PLACES = 7;
export const place = fc.integer({ min: 0, max: PLACES });
const stretch = { from: place, to: place, reverse: fc.boolean(), limit: fc.integer({ min: 1, max: 4 }) };

const step = fc.oneof(
  fc.record({ op: fc.constant("get" as const), at: place }),
  fc.record({ op: fc.constant("range" as const), ...stretch }),
  fc.record({ op: fc.constant("scan" as const), ...stretch }),
  fc.record({ op: fc.constant("count" as const), from: place, to: place }),
  fc.record({ op: fc.constant("log" as const) }),
  fc.record({ op: fc.constant("set" as const), at: place }),
  fc.record({ op: fc.constant("delete" as const), at: place }),
  fc.record({ op: fc.constant("clear" as const), from: place, to: place }),
  fc.record({ op: fc.constant("append" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** `pauses`: turns of the event loop before each step, which is what interleaves the clients. */
const transaction = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 6 }),
  pauses: fc.integer({ min: 0, max: 3 }),
  fails: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
type Planned = typeof transaction extends fc.Arbitrary<infer T> ? T : never;
export const clients = fc.array(fc.array(transaction, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

/** What a transaction did and saw, and when (in events of the whole run) it began and was answered. */
interface Done {
  readonly id: string;
  readonly planned: Planned;
  readonly seen: readonly unknown[];
  readonly beganAt: number;
  readonly endedAt: number;
}

const READS: ReadonlySet<Step["op"]> = new Set(["get", "range", "scan", "count", "log"]);
const isRead = ({ op }: Step): boolean => READS.has(op);
const shown = (entries: readonly Entry[]) => entries.map(({ key, value }) => [encodeKey(key), value]);

/** The keys of one run: `[run, k, place]`, and a log below `[run, log]`. */
export class Layout {
  readonly run: string;
  constructor(run: string) {
    this.run = run;
  }
  at = (index: number): Key => [this.run, "k", index];
  between = (from: number, to: number): KeyRange => between(this.at(from), this.at(to));
  get log(): Key {
    return [this.run, "log"];
  }
}

async function readStep(tx: Reader, layout: Layout, each: Step): Promise<unknown> {
  if (each.op === "get") return tx.get(layout.at(each.at));
  if (each.op === "log") return shown(await tx.range(startingWith(layout.log), { limit: 99 }));
  if (each.op === "count") return tx.count(layout.between(each.from, each.to));
  if (each.op === "range") return shown(await tx.range(layout.between(each.from, each.to), each));
  if (each.op !== "scan") return undefined;
  const found: Entry[] = [];
  const options = { reverse: each.reverse, pageSize: each.limit };
  for await (const entry of tx.scan(layout.between(each.from, each.to), options)) found.push(entry);
  return shown(found);
}

function writeStep(tx: Transaction, layout: Layout, each: Step, value: string): void {
  if (each.op === "set") tx.set(layout.at(each.at), value);
  else if (each.op === "delete") tx.delete(layout.at(each.at));
  else if (each.op === "clear") tx.clear(layout.between(each.from, each.to));
  else if (each.op === "append") tx.append(layout.log, value);
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

class Refusal extends Error {}

/** Runs what the clients planned, all at once, and writes down what happened. `where` begins the values written. */
export async function play(
  store: Store, layout: Layout, plan: readonly (readonly Planned[])[], where = ""): Promise<Done[]> {
  let events = 0;
  const history: Done[] = [];
  await Promise.all(
    plan.map(async (transactions, client) => {
      for (const [index, planned] of transactions.entries()) {
        const id = `${where}${client}.${index}`;
        const beganAt = events++;
        let seen: unknown[] = [];
        const read = async (tx: Reader, write: (each: Step, value: string) => void) => {
          seen = [];
          for (const [at, each] of planned.steps.entries()) {
            for (let i = 0; i < planned.pauses; i++) await turn();
            if (isRead(each)) seen.push(await readStep(tx, layout, each));
            else write(each, `${id}/${at}`);
          }
          if (planned.fails) throw new Refusal();
        };
        const running = planned.steps.every(isRead)
          ? store.read((tx) => read(tx, () => undefined))
          : store.transact((tx) => read(tx, (each, value) => writeStep(tx, layout, each, value)));
        await running.catch((problem: unknown) => {
          if (!(problem instanceof Refusal)) throw problem;
        });
        history.push({ id, planned, seen, beganAt, endedAt: events++ });
      }
    }),
  );
  return history;
}

/** The plain model: a map whose keys are sorted when they are asked for. */
export type Model = ReadonlyMap<EncodedKey, unknown>;

function within(model: Model, { from, to }: KeyRange, reverse: boolean, limit: number): unknown[] {
  const found = [...model].filter(([key]) => key >= from && key < to).sort(([a], [b]) => (a < b ? -1 : 1));
  return (reverse ? found.reverse() : found).slice(0, limit);
}

/** The model after `done`, or undefined when `done` cannot have seen what it saw in this state. */
function after(model: Model, layout: Layout, done: Done, positions: ReadonlyMap<string, EncodedKey>) {
  const next = new Map(model);
  const appended: [EncodedKey, string][] = [];
  const expected: unknown[] = [];
  for (const [at, each] of done.planned.steps.entries()) {
    const value = `${done.id}/${at}`;
    if (each.op === "get") expected.push(next.get(encodeKey(layout.at(each.at))));
    else if (each.op === "count") {
      expected.push(within(next, layout.between(each.from, each.to), false, 99).length);
    } else if (each.op === "log") expected.push(within(next, startingWith(layout.log), false, 99));
    else if (each.op === "range") {
      expected.push(within(next, layout.between(each.from, each.to), each.reverse, each.limit));
    } else if (each.op === "scan") expected.push(within(next, layout.between(each.from, each.to), each.reverse, 99));
    else if (each.op === "set") next.set(encodeKey(layout.at(each.at)), value);
    else if (each.op === "delete") next.delete(encodeKey(layout.at(each.at)));
    else if (each.op === "append") appended.push([positions.get(value) as EncodedKey, value]);
    else {
      const { from, to } = layout.between(each.from, each.to);
      for (const key of next.keys()) if (key >= from && key < to) next.delete(key);
    }
  }
  if (JSON.stringify(expected) !== JSON.stringify(done.seen)) return undefined;
  if (done.planned.fails) return model;
  for (const [key, value] of appended) next.set(key, value);
  return next;
}

/** True when some order of the transactions, one after the other, explains all they saw and what is left. */
function isSerial(
  left: readonly Done[],
  model: Model,
  layout: Layout,
  end: string,
  positions: ReadonlyMap<string, EncodedKey>,
): boolean {
  if (left.length === 0) {
    return JSON.stringify(within(model, startingWith([layout.run]), false, 999)) === end;
  }
  const firstEnd = Math.min(...left.map(({ endedAt }) => endedAt));
  // Strict: who began after another was answered comes after it.
  return left.some((done) => {
    if (done.beganAt > firstEnd) return false;
    const next = after(model, layout, done, positions);
    return (
      next !== undefined &&
      isSerial(
        left.filter((other) => other !== done),
        next,
        layout,
        end,
        positions,
      )
    );
  });
}

/** What is left of a run, by key. */
export const leftOf = (store: Store, { run }: Layout): Promise<Model> =>
  store.read(async (tx) => {
    const found = await tx.range(startingWith([run]), { limit: 999 });
    return new Map(found.map(({ key, value }) => [encodeKey(key), value]));
  });

/** Sets the places that `filled` names; gives what the run begins with. */
export async function filling(store: Store, layout: Layout, filled: readonly number[]): Promise<Model> {
  await store.transact(async (tx) => {
    for (const index of filled) tx.set(layout.at(index), "base");
  });
  return leftOf(store, layout);
}

/** True when `before` and what `history` did, in an order that explains all it saw, make `end`. */
export function isExplained(history: readonly Done[], layout: Layout, before: Model, end: Model): boolean {
  const logged = [...end].filter(([key]) => decodeKey(key)[1] === "log");
  const positions = new Map(logged.map(([key, value]) => [value as string, key]));
  const wanted = JSON.stringify(within(end, startingWith([layout.run]), false, 999));
  return isSerial(history, before, layout, wanted, positions);
}

/** Random transactions of several clients at once, held against a plain map: there is an order that explains them. */
export function modelConformance(name: string, open: () => Promise<Store>, runs: number): void {
  test(`${name}: random transactions of several clients see and leave what one after the other would`, async () => {
    const store = await open();
    let count = 0;
    const property = fc.asyncProperty(clients, fc.uniqueArray(place), async (plan, filled) => {
      const layout = new Layout(`run ${(count += 1)}`);
      const before = await filling(store, layout, filled);
      const history = await play(store, layout, plan);
      expect(isExplained(history, layout, before, await leftOf(store, layout))).toBe(true);
    });
    await fc.assert(property, { numRuns: runs });
    await store.close();
  });
}

import { expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { startingWith } from "./key.ts";
import { memoryStore } from "./memory.ts";
import {
  createOutbox, emit, forgetSubscriber, listSubscribers, type Outbox, type OutboxParts, type Subscriber,
} from "./outbox.ts";

/** A store, a clock that stands still, and subscribers that note what they get in the store (`local`) or in a list. */
function world() {
  const store = memoryStore();
  const clock = manualClock();
  const ids = idsFrom(seededRandom(5));
  return {
    store, clock,
    outbox(subscribers: readonly Subscriber[], parts: Partial<OutboxParts> = {}): Outbox {
      const outbox = createOutbox({ store, clock, ids, subscribers, ...parts });
      outbox.start();
      return outbox;
    },
    emit: (type: string, ...payloads: unknown[]) => store.transact(async (tx) => {
      for (const payload of payloads) emit(tx, { type, payload });
    }),
    status: () => store.read(listSubscribers),
    keptCount: () => store.read(async (reader) =>
      (await reader.range(startingWith(["outbox", "event"]), { limit: 1000 })).length),
    notes: (name: string) => store.read(async (reader) =>
      (await reader.range(startingWith(["notes", name]), { limit: 1000 })).map(({ value }) => value)),
  };
}

const noting = (name: string, types?: readonly string[]): Subscriber => ({
  name, ...(types && { types }), deliver: { local: async (tx, event) => tx.append(["notes", name], event.payload) },
});

test("every subscriber gets every event, in the order of commits", async () => {
  const { outbox, emit, notes } = world();
  const heard: unknown[] = [];
  const hearing: Subscriber = { name: "b", deliver: { external: async ({ payload }) => void heard.push(payload) } };
  const engine = outbox([noting("a"), hearing]);
  await emit("made", 1, 2);
  await emit("made", 3);
  await engine.settled();
  expect(await notes("a")).toEqual([1, 2, 3]);
  expect(heard).toEqual([1, 2, 3]);
});

test("events that were committed before the outbox started are delivered", async () => {
  const { outbox, emit, notes } = world();
  await emit("made", 1);
  const first = outbox([noting("a")]);
  await first.settled();
  await first.stop();
  await emit("made", 2);
  await outbox([noting("a")]).settled();
  expect(await notes("a")).toEqual([1, 2]);
});

test("a commit wakes the outbox", async () => {
  const { outbox, emit } = world();
  const heard = new Promise((resolve) => {
    outbox([{ name: "a", deliver: { external: async ({ payload }) => resolve(payload) } }]);
  });
  await emit("made", "news");
  expect(await heard).toBe("news");
});

test("a change that does not commit emits nothing", async () => {
  const { store, outbox, notes } = world();
  const engine = outbox([noting("a")]);
  await expect(store.transact(async (tx) => {
    emit(tx, { type: "made", payload: 1 });
    throw new Error("no");
  })).rejects.toThrow("no");
  await engine.settled();
  expect(await notes("a")).toEqual([]);
});

test("a subscriber hears only the types it names", async () => {
  const { outbox, emit, notes } = world();
  const engine = outbox([noting("a", ["deleted"])]);
  await emit("made", 1);
  await emit("deleted", 2);
  await engine.settled();
  expect(await notes("a")).toEqual([2]);
});

test("a delivery may emit in turn", async () => {
  const { outbox, emit: emitOne, notes } = world();
  const echo: Subscriber = {
    name: "echo", types: ["made"],
    deliver: { local: async (tx, { payload }) => emit(tx, { type: "echoed", payload }) },
  };
  const engine = outbox([noting("a", ["echoed"]), echo]);
  await emitOne("made", "x");
  await engine.settled();
  expect(await notes("a")).toEqual(["x"]);
});

test("a failed delivery is recorded and tried again later; earlier events stay delivered, later wait", async () => {
  const { outbox, emit, notes, clock, status } = world();
  let isBroken = true;
  const engine = outbox([{
    name: "a",
    deliver: {
      local: async (tx, { payload }) => {
        tx.append(["notes", "a"], payload);
        if (payload === 3 && isBroken) throw new Error("queue is gone");
      },
    },
  }, noting("b")]);
  await emit("made", 1, 2, 3, 4);
  await engine.settled();
  expect(await notes("a")).toEqual([1, 2]);
  expect(await notes("b")).toEqual([1, 2, 3, 4]);
  const retryAtMs = clock.nowMs() + 1000;
  expect(await status()).toMatchObject([
    { name: "a", attempt: 1, failure: "Error: queue is gone", retryAtMs }, { name: "b", attempt: 0 },
  ]);
  isBroken = false;
  clock.advanceMs(999);
  await engine.settled();
  expect(await notes("a")).toEqual([1, 2]);
  clock.advanceMs(1);
  await engine.settled();
  expect(await notes("a")).toEqual([1, 2, 3, 4]);
  expect((await status())[0]).toEqual({ name: "a", attempt: 0, position: expect.any(Number) });
});

test("an external delivery that fails is repeated from where it failed", async () => {
  const { outbox, emit, clock } = world();
  const heard: unknown[] = [];
  let failuresLeft = 1;
  const engine = outbox([{
    name: "a",
    deliver: {
      external: async ({ payload }) => {
        heard.push(payload);
        if (payload === 2 && failuresLeft-- > 0) throw new Error("refused");
      },
    },
  }]);
  await emit("made", 1, 2, 3);
  await engine.settled();
  clock.advanceSeconds(1);
  await engine.settled();
  expect(heard).toEqual([1, 2, 2, 3]);
});

test("two outboxes on one store do not deliver twice", async () => {
  const { outbox, emit, notes } = world();
  const heard: unknown[] = [];
  const subscribers: Subscriber[] = [noting("a"), {
    name: "b", deliver: { external: async ({ payload }) => { heard.push(payload); await new Promise(setImmediate); } },
  }];
  const engines = [outbox(subscribers), outbox(subscribers)];
  const payloads = Array.from({ length: 100 }, (_, i) => i);
  for (const payload of payloads) await emit("made", payload);
  await Promise.all(engines.map((engine) => engine.settled()));
  for (const engine of engines) await engine.stop();
  expect(await notes("a")).toEqual(payloads);
  expect(heard).toEqual(payloads);
});

test("another engine takes over at once from one that stopped, and after its lease from one that died", async () => {
  const { outbox, emit, notes, clock } = world();
  const never = new Promise<void>(() => {});
  const by = (engine: string, name = "a"): Subscriber => ({
    name, deliver: { local: async (tx, { payload }) => tx.append(["notes", name], `${engine} ${String(payload)}`) },
  });
  const stopped = outbox([by("stopped")]);
  await emit("made", 1);
  await stopped.settled();
  await stopped.stop();
  let began = () => {};
  const begun = new Promise<void>((resolve) => { began = resolve; });
  outbox([{ name: "a", deliver: { external: () => { began(); return never; } } }], { leaseMs: 10_000 });
  await emit("made", 2);
  await begun;
  const heir = outbox([by("heir")]);
  clock.advanceMs(9_999);
  await heir.settled();
  expect(await notes("a")).toEqual(["stopped 1"]);
  clock.advanceMs(1);
  await heir.settled();
  expect(await notes("a")).toEqual(["stopped 1", "heir 2"]);
});

test("what every subscriber has had is deleted, what one still lacks is kept until it is forgotten", async () => {
  const { store, outbox, emit, keptCount } = world();
  const blocked: Subscriber = { name: "blocked", deliver: { local: () => Promise.reject(new Error("no")) } };
  const engine = outbox([noting("a"), blocked]);
  for (let i = 0; i < 200; i++) await emit("made", i);
  await engine.settled();
  expect(await keptCount()).toBe(200);
  await engine.stop();
  await store.transact(async (tx) => forgetSubscriber(tx, "blocked"));
  const next = outbox([noting("a")]);
  for (let i = 0; i < 100; i++) await emit("made", i);
  await next.settled();
  expect(await keptCount()).toBeLessThanOrEqual(64);
});

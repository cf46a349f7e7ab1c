import { describe, expect, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import type { Store, Transaction } from "../../kernel/store.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

/** A store that counts what transactions read: keys asked for, and entries that ranges gave. */
function countingStore() {
  const store = memoryStore();
  const count = { reads: 0 };
  const counting = (tx: Transaction): Transaction => ({
    get: (key) => ((count.reads += 1), tx.get(key)),
    async range<T>(range: Parameters<Transaction["range"]>[0], options: Parameters<Transaction["range"]>[1]) {
      const found = await tx.range<T>(range, options);
      count.reads += 1 + found.length;
      return found;
    },
    count: (range) => tx.count(range),
    scan: (range, options) => tx.scan(range, options),
    set: (key, value) => tx.set(key, value),
    delete: (key) => tx.delete(key),
    clear: (range) => tx.clear(range),
    append: (prefix, value) => tx.append(prefix, value),
  });
  const transact: Store["transact"] = (run, options) => store.transact((tx) => run(counting(tx)), options);
  return { store: { ...store, transact, read: store.read.bind(store) } as Store, count };
}

/** How much one receive of ten reads from a queue that holds so many messages. */
async function readsOfReceive(messages: number, isFifo: boolean): Promise<number> {
  const { store, count } = countingStore();
  const { call } = serviceUnderTest(queues, [], { store });
  const queue = isFifo ? "q.fifo" : "q";
  await call("createQueue", { queue, isFifo });
  const group = (n: number) => (isFifo ? { group: `g${n % 100}`, deduplicationId: `${n}` } : {});
  for (let n = 0; n < messages; n += 10) {
    const entries = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, body: `${n + i}`, ...group(n + i) }));
    await call("sendMessages", { queue, entries });
  }
  count.reads = 0;
  expect((await call("receiveMessages", { queue, count: 10 })).messages).toHaveLength(10);
  return count.reads;
}

describe("a receive reads as much from a long queue as from a short one", () => {
  test("standard: 100,000 messages or 1,000", async () => {
    expect(await readsOfReceive(100_000, false)).toBe(await readsOfReceive(1_000, false));
  });
  test("FIFO: 20,000 messages in a hundred groups or 1,000", async () => {
    expect(await readsOfReceive(20_000, true)).toBe(await readsOfReceive(1_000, true));
  });
});

import { describe, expect, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import type { Reader, Store, Transaction } from "../../kernel/store.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

/** A store that counts what transactions read: keys asked for, and entries that ranges gave. */
function countingStore() {
  const store = memoryStore();
  const count = { reads: 0 };
  const reading = (tx: Reader): Reader => ({
    get: (key) => ((count.reads += 1), tx.get(key)),
    async range<T>(range: Parameters<Reader["range"]>[0], options: Parameters<Reader["range"]>[1]) {
      const found = await tx.range<T>(range, options);
      count.reads += 1 + found.length;
      return found;
    },
    count: (range) => tx.count(range),
    async *scan<T>(range: Parameters<Reader["scan"]>[0], options: Parameters<Reader["scan"]>[1]) {
      for await (const entry of tx.scan<T>(range, options)) {
        count.reads += 1;
        yield entry;
      }
    },
  });
  const writing = (tx: Transaction): Transaction => ({
    ...reading(tx),
    set: (key, value) => tx.set(key, value),
    delete: (key) => tx.delete(key),
    clear: (range) => tx.clear(range),
    append: (prefix, value) => tx.append(prefix, value),
  });
  const transact: Store["transact"] = (run, options) => store.transact((tx) => run(writing(tx)), options);
  const read: Store["read"] = (run, options) => store.read((tx) => run(reading(tx)), options);
  return { store: { ...store, transact, read } as Store, count };
}

/** How much a receive of ten, and then counting, reads from a queue that holds so many messages. */
async function readsOf(messages: number, isFifo: boolean) {
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
  const receive = count.reads;
  count.reads = 0;
  expect((await call("measureQueue", { queue })).counts).toEqual({ visible: messages - 10, inFlight: 10, delayed: 0 });
  return { receive, measure: count.reads };
}

describe("a receive, or counting the messages, reads as much from a long queue as from a short one", () => {
  test("standard: 100,000 messages or 1,000", async () => {
    expect(await readsOf(100_000, false)).toEqual(await readsOf(1_000, false));
  });
  test("FIFO: 20,000 messages in a hundred groups or 1,000", async () => {
    expect(await readsOf(20_000, true)).toEqual(await readsOf(1_000, true));
  });
});

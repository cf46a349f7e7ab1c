import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sqliteStore } from "../../kernel/sqlite.ts";
import { manualClock } from "../../platform/clock.ts";
import { seededRandom } from "../../platform/random.ts";
import { serviceUnderTest, type ServiceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

const GROUPS = ["a", "b", "c"];
const step = fc.oneof(
  fc.record({
    do: fc.constant("send" as const),
    group: fc.constantFrom(...GROUPS),
    delaySeconds: fc.integer({ min: 0, max: 5 }),
  }),
  fc.record({
    do: fc.constant("receive" as const),
    count: fc.integer({ min: 1, max: 10 }),
    hiddenSeconds: fc.integer({ min: 0, max: 6 }),
  }),
  fc.record({ do: fc.constant("delete" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("hide" as const), which: fc.nat(), seconds: fc.integer({ min: 0, max: 6 }) }),
  fc.record({ do: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant("crash" as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Known {
  readonly number: number;
  readonly group: string;
  /** Not receivable before this. */
  hiddenUntilMs: number;
  receipt?: string;
}

type Under = ServiceUnderTest<typeof queues>;
interface Engine extends Pick<Under, "call" | "clock"> {
  /** Kills it, and opens what it leaves behind at the same moment. */
  crash(): Promise<void>;
  close(): Promise<void>;
}

/** On a store in memory: nothing to be killed. */
const lastingEngine = (): Engine => ({
  ...serviceUnderTest(queues),
  crash: async () => undefined,
  close: async () => undefined,
});

/** On a store in files, whose log is so short that it is taken over again and again. */
function mortalEngine(): Engine {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-queues-"));
  const [clock, random] = [manualClock(), seededRandom(1)];
  let lives = 0;
  const open = () => sqliteStore(join(folder, `${lives}`, "store.sqlite"), { durability: "relaxed", logBytes: 10_000 });
  const under = () => serviceUnderTest(queues, [], { store, clock, random });
  mkdirSync(join(folder, "0"));
  let store = open();
  let current = under();
  return {
    clock,
    call: (...asked) => current.call(...asked),
    async crash() {
      const dead = store;
      cpSync(join(folder, `${lives}`), join(folder, `${(lives += 1)}`), { recursive: true });
      store = open();
      current = under();
      await dead.close();
    },
    async close() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** What a queue must do, kept as a list: the messages that were sent and not deleted, and until when each is hidden. */
async function follow(isFifo: boolean, steps: readonly Step[], engine: Engine = lastingEngine()): Promise<void> {
  const { call, clock } = engine;
  const queue = isFifo ? "q.fifo" : "q";
  await call("createQueue", { queue, isFifo, settings: isFifo ? { contentBasedDeduplication: true } : {} });
  let known: Known[] = [];
  let sent = 0;
  const nowMs = () => clock.nowMs();
  const inFlight = (which: number) => {
    const held = known.filter(({ receipt, hiddenUntilMs }) => receipt !== undefined && hiddenUntilMs > nowMs());
    return held[which % Math.max(1, held.length)];
  };

  const receive = async (count: number, hiddenSeconds: number) => {
    const before = new Map(known.map((one) => [one.number, { ...one }]));
    const { messages } = await call("receiveMessages", { queue, count, visibilityTimeoutSeconds: hiddenSeconds });
    const numbers = messages.map(({ body }) => Number(body));
    expect(new Set(numbers).size, "no message twice in one answer").toBe(numbers.length);
    for (const [index, number] of numbers.entries()) {
      const was = before.get(number);
      expect(was, "no message that was deleted").toBeDefined();
      expect(was!.hiddenUntilMs, "no message that is hidden").toBeLessThanOrEqual(nowMs());
      if (isFifo) {
        const earlier = [...before.values()].filter((one) => one.group === was!.group && one.number < number);
        expect(
          earlier.every((one) => numbers.indexOf(one.number) >= 0 && numbers.indexOf(one.number) < index),
          "no message before its elders",
        ).toBe(true);
        expect(
          [...before.values()].some(
            (one) => one.group === was!.group && one.hiddenUntilMs > nowMs() && one.receipt !== undefined,
          ),
        ).toBe(false);
      }
      const one = known.find((candidate) => candidate.number === number)!;
      one.hiddenUntilMs = nowMs() + hiddenSeconds * 1000;
      one.receipt = messages[index]!.receipt;
    }
    const due = [...before.values()].filter(({ hiddenUntilMs }) => hiddenUntilMs <= nowMs()).length;
    if (!isFifo) expect(numbers.length, "all that is due, up to the count").toBe(Math.min(count, due));
    return numbers.length;
  };

  for (const one of steps) {
    if (one.do === "wait") clock.advanceSeconds(one.seconds);
    else if (one.do === "crash") await engine.crash();
    else if (one.do === "receive") await receive(one.count, one.hiddenSeconds);
    else if (one.do === "send") {
      const number = sent++;
      await call("sendMessage", {
        queue,
        body: `${number}`,
        group: one.group,
        ...(!isFifo && { delaySeconds: one.delaySeconds }),
      });
      known.push({ number, group: one.group, hiddenUntilMs: nowMs() + (isFifo ? 0 : one.delaySeconds * 1000) });
    } else {
      const target = inFlight(one.which);
      if (target?.receipt === undefined) continue;
      if (one.do === "delete") {
        await call("deleteMessage", { queue, receipt: target.receipt });
        known = known.filter((other) => other !== target);
      } else {
        await call("hideMessage", { queue, receipt: target.receipt, visibilityTimeoutSeconds: one.seconds });
        target.hiddenUntilMs = nowMs() + one.seconds * 1000;
      }
    }
  }
  // Nothing is lost: once everything is visible again, everything that was not deleted comes.
  clock.advanceSeconds(100);
  while ((await receive(10, 1000)) > 0) {
    for (const one of known.filter(({ hiddenUntilMs }) => hiddenUntilMs > nowMs())) {
      await call("deleteMessage", { queue, receipt: one.receipt ?? "" });
      known = known.filter((other) => other !== one);
    }
  }
  expect(known).toEqual([]);
}

describe("a queue, whatever is done to it, loses nothing and hands nothing out that is hidden or deleted", () => {
  for (const [kind, isFifo] of [
    ["a standard queue", false],
    ["a FIFO queue, which also keeps the order of each group", true],
  ] as const) {
    test(kind, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), (steps) => follow(isFifo, steps)),
        { numRuns: 150 },
      );
    });
    test(`${kind}, whose engine is killed again and again`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
          const engine = mortalEngine();
          try {
            await follow(isFifo, steps, engine);
          } finally {
            await engine.close();
          }
        }),
        { numRuns: 12 },
      );
    });
  }
});

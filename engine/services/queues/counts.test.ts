import {
  array,
  assert,
  asyncProperty,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { sampled } from "../../testing/property-runs.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

const seconds = integer({ min: 0, max: 90 });
const step = oneof(
  record({ do: constant("send" as const), count: integer({ min: 1, max: 3 }), delaySeconds: seconds }),
  record({ do: constant("receive" as const), hiddenSeconds: seconds, next: constantFrom("keep", "delete", "show") }),
  record({ do: constant("wait" as const), seconds }),
  record({ do: constant("purge" as const) }),
);
type Step = typeof step extends Arbitrary<infer Taken> ? Taken : never;

/** A queue, and beside it what its messages must be. */
class QueueAndModel {
  readonly #isFifo: boolean;
  readonly #queue: string;
  readonly #service = serviceUnderTest(queues);
  readonly #model = new Map<string, { readonly visibleAtMs: number; readonly isReceived: boolean }>();
  #sent = 0;

  constructor(isFifo: boolean) {
    this.#isFifo = isFifo;
    this.#queue = isFifo ? "q.fifo" : "q";
  }

  async create(): Promise<void> {
    const settings = { delaySeconds: this.#fifoDelaySeconds };
    await this.#service.call("createQueue", { queue: this.#queue, isFifo: this.#isFifo, settings });
  }

  // A FIFO queue takes no delay of a single message.
  get #fifoDelaySeconds(): number {
    return this.#isFifo ? 20 : 0;
  }

  async take(each: Step): Promise<void> {
    const { call, clock } = this.#service;
    if (each.do === "wait") clock.advanceSeconds(each.seconds);
    if (each.do === "purge") {
      // A purge is not repeated within a minute.
      clock.advanceSeconds(61);
      await call("purgeQueue", { queue: this.#queue });
      this.#model.clear();
    }
    if (each.do === "send") for (let n = 0; n < each.count; n += 1) await this.#send(each.delaySeconds);
    if (each.do === "receive") await this.#receive(each.hiddenSeconds, each.next);
  }

  async #send(seconds: number): Promise<void> {
    const { call, clock } = this.#service;
    const body = `${(this.#sent += 1)}`;
    const delaySeconds = this.#isFifo ? this.#fifoDelaySeconds : seconds;
    const where = this.#isFifo ? { group: body, deduplicationId: body } : { delaySeconds };
    const { messageId } = await call("sendMessage", { queue: this.#queue, body, ...where });
    this.#model.set(messageId, { visibleAtMs: clock.nowMs() + delaySeconds * 1000, isReceived: false });
  }

  async #receive(visibilityTimeoutSeconds: number, next: string): Promise<void> {
    const { call, clock } = this.#service;
    const queue = this.#queue;
    const { messages } = await call("receiveMessages", { queue, count: 3, visibilityTimeoutSeconds });
    for (const { messageId, receipt } of messages) {
      const visibleAtMs = clock.nowMs() + visibilityTimeoutSeconds * 1000;
      this.#model.set(messageId, { visibleAtMs, isReceived: true });
      if (visibilityTimeoutSeconds === 0) continue;
      if (next === "delete") {
        await call("deleteMessage", { queue, receipt });
        this.#model.delete(messageId);
      } else if (next === "show") {
        await call("hideMessage", { queue, receipt, visibilityTimeoutSeconds: 0 });
        this.#model.set(messageId, { visibleAtMs: clock.nowMs(), isReceived: true });
      }
    }
  }

  async told() {
    return (await this.#service.call("measureQueue", { queue: this.#queue })).counts;
  }

  meant() {
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const { visibleAtMs, isReceived } of this.#model.values())
      counts[visibleAtMs <= this.#service.clock.nowMs() ? "visible" : isReceived ? "inFlight" : "delayed"] += 1;
    return counts;
  }
}

describe.each([
  ["standard", false],
  ["FIFO", true],
])("counts of a %s queue", (_, isFifo) => {
  test("equal those of a model under random sends, receives, deletes, waits and purges", async () => {
    await assert(
      asyncProperty(array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
        const both = new QueueAndModel(isFifo);
        await both.create();
        for (const each of steps) {
          await both.take(each);
          expect(await both.told()).toEqual(both.meant());
        }
      }),
      sampled(60, 1),
    );
  });
});

describe("messages that have outlived the queue's retention", () => {
  const retention = { retentionSeconds: 60 };
  const none = { visible: 0, inFlight: 0, delayed: 0 };
  const counting = (settings: object, isFifo = false) => {
    const { call, clock } = serviceUnderTest(queues);
    const queue = isFifo ? "q.fifo" : "q";
    return {
      call,
      clock,
      queue,
      create: () => call("createQueue", { queue, isFifo, settings: { ...retention, ...settings } }),
      counts: async () => (await call("measureQueue", { queue })).counts,
    };
  };

  test("count no more, whether they were received or not", async () => {
    const { call, clock, queue, create, counts } = counting({});
    await create();
    for (const body of ["in flight", "shown again", "untouched"]) await call("sendMessage", { queue, body });
    await call("receiveMessages", { queue, visibilityTimeoutSeconds: 100 });
    await call("receiveMessages", { queue, visibilityTimeoutSeconds: 20 });
    clock.advanceSeconds(30);
    await call("sendMessage", { queue, body: "younger" });
    expect(await counts()).toEqual({ visible: 3, inFlight: 1, delayed: 0 });
    clock.advanceSeconds(30);
    expect(await counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    clock.advanceSeconds(30);
    expect(await counts()).toEqual(none);
  });

  test("count no more when they were delayed for longer, or nearly as long", async () => {
    const { call, clock, queue, create, counts } = counting({});
    await create();
    await call("sendMessage", { queue, body: "for longer", delaySeconds: 90 });
    await call("sendMessage", { queue, body: "nearly", delaySeconds: 50 });
    expect(await counts()).toEqual({ visible: 0, inFlight: 0, delayed: 2 });
    clock.advanceSeconds(59);
    expect(await counts()).toEqual({ visible: 1, inFlight: 0, delayed: 1 });
    clock.advanceSeconds(1);
    expect(await counts()).toEqual(none);
  });

  test("count no more in a dead-letter queue, where they keep their age", async () => {
    const { call, clock, queue, create, counts } = counting({});
    await create();
    const deadLetter = { queue: { account: "111111111111", region: "us-east-1", name: queue }, maxReceiveCount: 1 };
    await call("createQueue", { queue: "source", settings: { deadLetter } });
    await call("sendMessage", { queue: "source", body: "poison" });
    await call("receiveMessages", { queue: "source", visibilityTimeoutSeconds: 50 });
    clock.advanceSeconds(50);
    expect((await call("receiveMessages", { queue: "source" })).messages).toEqual([]);
    expect(await counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    clock.advanceSeconds(10);
    expect(await counts()).toEqual(none);
  });

  test("count no more in the groups of a FIFO queue", async () => {
    const { call, clock, queue, create, counts } = counting({ contentBasedDeduplication: true }, true);
    await create();
    const send = (group: string, body: string) => call("sendMessage", { queue, group, body });
    for (const group of ["a", "b"]) for (const body of ["1", "2"]) await send(group, `${group}${body}`);
    await call("receiveMessages", { queue, visibilityTimeoutSeconds: 100 });
    clock.advanceSeconds(30);
    await send("b", "younger");
    expect(await counts()).toEqual({ visible: 4, inFlight: 1, delayed: 0 });
    clock.advanceSeconds(30);
    expect(await counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });
});

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALL_JOBS, type Job } from "../../kernel/jobs.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "../queues/service.ts";
import { topics } from "./service.ts";

function topicsUnderTest() {
  const { call, clock, calls } = serviceUnderTest(topics, [queues]);
  const scope = { account: "111111111111", region: "us-east-1" };
  const queue = async (name: string) => {
    await calls.call(queues, "createQueue", { queue: name, isFifo: name.endsWith(".fifo") }, scope);
    return `arn:aws:sqs:us-east-1:111111111111:${name}`;
  };
  const bodies = async (name: string) => {
    const { messages } = await calls.call(queues, "receiveMessages", { queue: name, count: 10 }, scope);
    return messages.map(({ body }) => body);
  };
  return { call, clock, calls, scope, queue, bodies };
}
const failure = (code: string) => expect.objectContaining({ name: "ServiceError", code });

describe("a topic", () => {
  test("hands each message to every queue that has subscribed", async () => {
    const { call, queue, bodies } = topicsUnderTest();
    await call("createTopic", { topic: "news" });
    for (const name of ["a", "b"]) {
      const endpoint = await queue(name);
      await call("subscribe", { topic: "news", protocol: "queue", endpoint, settings: { isRaw: true } });
    }
    await call("publish", { topic: "news", message: "hello" });
    expect([await bodies("a"), await bodies("b")]).toEqual([["hello"], ["hello"]]);
    await expect(call("publish", { topic: "nothing", message: "x" })).rejects.toEqual(failure("TopicNotFound"));
  });

  test("gives each subscriber what its filter lets through, whatever the messages", async () => {
    const kinds = fc.array(fc.constantFrom("a", "ab", "b"), { maxLength: 20 });
    const property = fc.asyncProperty(kinds, async (published) => {
      const { call, queue, bodies } = topicsUnderTest();
      await call("createTopic", { topic: "news" });
      const filters = { all: undefined, exact: '{"kind":["a"]}', prefix: '{"kind":[{"prefix":"a"}]}', none: "{}" };
      for (const [name, filter] of Object.entries(filters)) {
        const settings = { isRaw: true, ...(filter !== undefined && { filter }) };
        await call("subscribe", { topic: "news", protocol: "queue", endpoint: await queue(name), settings });
      }
      for (const [index, kind] of published.entries()) {
        const attributes = { kind: { type: "String", value: kind } };
        await call("publish", { topic: "news", message: `${index}`, attributes });
      }
      const wanted = (wants: (kind: string) => boolean) =>
        published.flatMap((kind, index) => (wants(kind) ? [`${index}`] : []));
      const all = async (name: string) => [...(await bodies(name)), ...(await bodies(name))];
      expect(await all("all")).toEqual(wanted(() => true));
      expect(await all("none")).toEqual(wanted(() => true));
      expect(await all("exact")).toEqual(wanted((kind) => kind === "a"));
      expect(await all("prefix")).toEqual(wanted((kind) => kind.startsWith("a")));
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test("of the FIFO kind keeps its order for every subscriber, however many publish at once", async () => {
    const { call, queue, bodies } = topicsUnderTest();
    await call("createTopic", { topic: "t.fifo", isFifo: true });
    for (const name of ["a.fifo", "b.fifo"]) {
      const endpoint = await queue(name);
      await call("subscribe", { topic: "t.fifo", protocol: "queue", endpoint, settings: { isRaw: true } });
    }
    const publishing = Array.from({ length: 10 }, async (_, n) => {
      const message = { topic: "t.fifo", message: `${n}`, group: "g", deduplicationId: `${n}` };
      return { n: `${n}`, ...(await call("publish", message)) };
    });
    const sent = await Promise.all(publishing);
    const inOrder = sent.toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0)).map(({ n }) => n);
    expect([await bodies("a.fifo"), await bodies("b.fifo")]).toEqual([inOrder, inOrder]);
  });

  test("takes the same message again after five minutes, or in another group where each is by itself", async () => {
    const { call, clock } = topicsUnderTest();
    await call("createTopic", { topic: "t.fifo", isFifo: true, settings: { deduplicationScope: "group" } });
    const publish = async (group: string) =>
      (await call("publish", { topic: "t.fifo", message: "x", group, deduplicationId: "d" })).sequence;
    expect([await publish("g"), await publish("g"), await publish("h")]).toEqual([1, 1, 2]);
    clock.advanceSeconds(300);
    expect(await publish("g")).toBe(3);
  });

  test("forgets its archive by the day", async () => {
    const { call, clock, queue, calls, scope } = topicsUnderTest();
    const archive = '{"MessageRetentionPeriod":1}';
    await call("createTopic", { topic: "t.fifo", isFifo: true, settings: { archive } });
    const publish = (message: string) =>
      call("publish", { topic: "t.fifo", message, group: "g", deduplicationId: message });
    await publish("old");
    clock.advanceSeconds(24 * 60 * 60 + 1);
    await publish("new");
    const replay = '{"PointType":"Timestamp","StartingPoint":"2020-01-01T00:00:00Z"}';
    const endpoint = await queue("q.fifo");
    const settings = { isRaw: true, replay };
    await call("subscribe", { topic: "t.fifo", protocol: "queue", endpoint, settings });
    const replayed = calls.store.read((tx) =>
      tx.range<{ type: string; payload: unknown }>(ALL_JOBS, { limit: 9 }),
    );
    const [job] = (await replayed).map(({ value }) => value);
    await calls.store.transact((tx) =>
      topics.jobs!["topics.replay"]!(tx, job as unknown as Job, calls.contextOf(topics, scope)),
    );
    const { messages } = await calls.call(queues, "receiveMessages", { queue: "q.fifo", count: 10 }, scope);
    expect(messages.map(({ body }) => body)).toEqual(["new"]);
  });

  test("of another account's queue waits until that account confirms, in the queue itself", async () => {
    const { call, calls } = topicsUnderTest();
    const neighbour = { account: "222222222222", region: "us-east-1" };
    await calls.call(queues, "createQueue", { queue: "theirs" }, neighbour);
    await call("createTopic", { topic: "news" });
    const endpoint = "arn:aws:sqs:us-east-1:222222222222:theirs";
    await call("subscribe", { topic: "news", protocol: "queue", endpoint });
    const { messages } = await calls.call(queues, "receiveMessages", { queue: "theirs" }, neighbour);
    const { Type, Token } = JSON.parse(messages[0]!.body) as Record<string, string>;
    expect(Type).toBe("SubscriptionConfirmation");
    const confirmed = await call("confirmSubscription", { topic: "news", token: Token! });
    expect(confirmed).toMatchObject({ endpoint, isConfirmed: true });
    await call("publish", { topic: "news", message: "hello" });
    expect((await calls.call(queues, "receiveMessages", { queue: "theirs" }, neighbour)).messages).toHaveLength(1);
  });
});

import { describe, expect, test } from "vitest";
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
});

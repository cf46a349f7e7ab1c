import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

const queue = "orders.fifo";
async function fifoUnderTest(settings: object = {}) {
  const { call, clock } = serviceUnderTest(queues);
  await call("createQueue", { queue, isFifo: true, settings: { contentBasedDeduplication: true, ...settings } });
  const send = (group: string, body: string, more: object = {}) => call("sendMessage", { queue, group, body, ...more });
  const receive = async (count = 10) => (await call("receiveMessages", { queue, count })).messages;
  const bodies = async (count = 10) => (await receive(count)).map(({ body }) => body);
  return { call, clock, send, receive, bodies };
}
const failure = (code: string) => expect.objectContaining({ name: "ServiceError", code });

describe("a FIFO queue", () => {
  test("hands out each group in order, and nothing more of a group while one of it is in flight", async () => {
    const { call, send, receive, bodies } = await fifoUnderTest();
    for (const body of ["a1", "a2", "a3"]) await send("a", body);
    await send("b", "b1");
    const [first] = await receive(1);
    expect(first).toMatchObject({ body: "a1", group: "a", sequence: 1 });
    expect(await bodies()).toEqual(["b1"]);
    await call("deleteMessage", { queue, receipt: first!.receipt });
    expect(await bodies()).toEqual(["a2", "a3"]);
  });

  test("hands a message that was not deleted out again before its successors", async () => {
    const { clock, send, bodies } = await fifoUnderTest();
    for (const body of ["a1", "a2"]) await send("a", body);
    expect(await bodies(1)).toEqual(["a1"]);
    clock.advanceSeconds(30);
    expect(await bodies(1)).toEqual(["a1"]);
  });

  test("shows a message again at once when it is asked to, but waits for the rest of the group", async () => {
    const { call, clock, send, receive, bodies } = await fifoUnderTest();
    for (const body of ["a1", "a2"]) await send("a", body);
    const [first] = await receive(2);
    await call("hideMessage", { queue, receipt: first!.receipt, visibilityTimeoutSeconds: 0 });
    expect(await bodies()).toEqual([]);
    clock.advanceSeconds(30);
    expect(await bodies()).toEqual(["a1", "a2"]);
  });

  test("takes the same message once within five minutes, and again after", async () => {
    const { clock, send, bodies } = await fifoUnderTest();
    const first = await send("a", "same");
    expect(await send("a", "same")).toEqual(first);
    expect(await send("a", "other body", { deduplicationId: "id" })).toEqual(
      await send("b", "another", { deduplicationId: "id" }),
    );
    expect(await bodies()).toEqual(["same", "other body"]);
    clock.advanceSeconds(299);
    expect(await send("a", "same")).toEqual(first);
    clock.advanceSeconds(1);
    expect(await send("a", "same")).not.toEqual(first);
  });

  test("tells groups apart when deduplication is per group", async () => {
    const { send } = await fifoUnderTest({ deduplicationScope: "group" });
    expect(await send("a", "same")).not.toEqual(await send("b", "same"));
  });

  test("needs a group and a deduplication id, and no delay per message", async () => {
    const { call, send } = await fifoUnderTest({ contentBasedDeduplication: false });
    await expect(call("sendMessage", { queue, body: "x" })).rejects.toEqual(failure("GroupMissing"));
    await expect(send("a", "x")).rejects.toEqual(failure("DeduplicationMissing"));
    await expect(send("a", "x", { deduplicationId: "1", delaySeconds: 1 })).rejects.toEqual(failure("StandardOnly"));
    await call("createQueue", { queue: "plain" });
    await expect(call("sendMessage", { queue: "plain", body: "x", deduplicationId: "1" })).rejects.toEqual(
      failure("FifoOnly"),
    );
  });

  test("refuses to delete by a receipt whose time is over", async () => {
    const { call, clock, send, receive } = await fifoUnderTest();
    await send("a", "a1");
    const [first] = await receive();
    clock.advanceSeconds(30);
    await expect(call("deleteMessage", { queue, receipt: first!.receipt })).rejects.toEqual(failure("ReceiptExpired"));
  });

  test("buries what was received too often and goes on with its successor", async () => {
    const { call, clock, send, bodies } = await fifoUnderTest();
    await call("createQueue", { queue: "dead.fifo", isFifo: true });
    const deadLetter = {
      queue: { account: "111111111111", region: "us-east-1", name: "dead.fifo" },
      maxReceiveCount: 1,
    };
    await call("updateQueue", { queue, settings: { deadLetter } });
    for (const body of ["a1", "a2"]) await send("a", body);
    expect(await bodies(1)).toEqual(["a1"]);
    clock.advanceSeconds(30);
    expect(await bodies(1)).toEqual(["a2"]);
    expect((await call("receiveMessages", { queue: "dead.fifo" })).messages).toMatchObject([
      { body: "a1", deadLetterSource: queue },
    ]);
  });

  test("gives concurrent senders distinct sequence numbers", async () => {
    const { send } = await fifoUnderTest();
    const sent = await Promise.all(Array.from({ length: 50 }, (_, i) => send("a", `${i}`)));
    expect(new Set(sent.map(({ sequence }) => sequence)).size).toBe(50);
  });
});

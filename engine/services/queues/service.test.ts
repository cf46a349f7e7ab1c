import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { queues } from "./service.ts";

function queueUnderTest() {
  const { call, clock, calls } = serviceUnderTest(queues);
  const bodies = async (queue = "orders", more: object = {}) =>
    (await call("receiveMessages", { queue, count: 10, ...more })).messages.map((message) => message.body);
  return { call, clock, calls, bodies };
}
const failure = (code: string) => expect.objectContaining({ name: "ServiceError", code });
const target = (name: string) => ({ account: "111111111111", region: "us-east-1", name });

describe("a queue", () => {
  test("is created once however often it is asked for with the same settings", async () => {
    const { call } = queueUnderTest();
    const first = await call("createQueue", { queue: "orders", settings: { visibilityTimeoutSeconds: 60 } });
    expect(await call("createQueue", { queue: "orders", settings: { visibilityTimeoutSeconds: 60 } })).toEqual(first);
    expect(await call("createQueue", { queue: "orders" })).toEqual(first);
    await expect(call("createQueue", { queue: "orders", settings: { visibilityTimeoutSeconds: 61 } })).rejects.toEqual(
      failure("QueueExists"),
    );
  });

  test("has a name of letters, digits, hyphens and underscores, and .fifo exactly when it is one", async () => {
    const { call } = queueUnderTest();
    for (const queue of ["", "a b", "a.fifo", "x".repeat(81)]) {
      await expect(call("createQueue", { queue })).rejects.toEqual(failure("QueueNameInvalid"));
    }
    await expect(call("createQueue", { queue: "a", isFifo: true })).rejects.toEqual(failure("QueueNameInvalid"));
  });

  test("refuses settings out of range and FIFO settings where there is no order", async () => {
    const { call } = queueUnderTest();
    await expect(call("createQueue", { queue: "a", settings: { delaySeconds: 901 } })).rejects.toEqual(
      failure("SettingInvalid"),
    );
    await expect(call("createQueue", { queue: "a", settings: { retentionSeconds: 59 } })).rejects.toEqual(
      failure("SettingInvalid"),
    );
    await expect(call("createQueue", { queue: "a", settings: { contentBasedDeduplication: true } })).rejects.toEqual(
      failure("FifoOnly"),
    );
  });

  test("is listed by prefix, page by page", async () => {
    const { call } = queueUnderTest();
    for (const queue of ["b", "a-2", "a-1", "a-3"]) await call("createQueue", { queue });
    const first = await call("listQueues", { prefix: "a-", limit: 2 });
    expect(first.queues).toEqual(["a-1", "a-2"]);
    expect(await call("listQueues", { prefix: "a-", limit: 2, next: first.next! })).toEqual({ queues: ["a-3"] });
    await expect(call("listQueues", { next: "!" })).rejects.toEqual(failure("TokenInvalid"));
  });

  test("is not seen from another account or region", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await expect(call("getQueue", { queue: "orders" }, { region: "eu-west-1" })).rejects.toEqual(
      failure("QueueNotFound"),
    );
    await expect(call("getQueue", { queue: "orders" }, { account: "222222222222" })).rejects.toEqual(
      failure("QueueNotFound"),
    );
    expect((await call("getQueue", { queue: "orders", owner: "111111111111" }, { account: "222222222222" })).name).toBe(
      "orders",
    );
  });

  test("starts empty when it is made again under its name", async () => {
    const { call, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "old" });
    await call("deleteQueue", { queue: "orders" });
    await expect(call("sendMessage", { queue: "orders", body: "x" })).rejects.toEqual(failure("QueueNotFound"));
    await call("createQueue", { queue: "orders" });
    expect(await bodies()).toEqual([]);
  });

  test("changes the settings that are named, takes away those that are null and keeps the rest", async () => {
    const { call, clock } = queueUnderTest();
    await call("createQueue", { queue: "dead" });
    await call("createQueue", {
      queue: "orders",
      settings: { policy: "{}", deadLetter: { queue: target("dead"), maxReceiveCount: 3 } },
    });
    expect(await call("listDeadLetterSources", { queue: "dead" })).toEqual({ queues: ["orders"] });
    clock.advanceSeconds(5);
    const { settings } = await call("updateQueue", {
      queue: "orders",
      settings: { delaySeconds: 7, policy: null, deadLetter: null },
    });
    expect(settings).toMatchObject({ delaySeconds: 7, visibilityTimeoutSeconds: 30 });
    expect(settings).not.toHaveProperty("policy");
    expect(await call("listDeadLetterSources", { queue: "dead" })).toEqual({ queues: [] });
  });

  test("keeps labels and permissions until they are taken away", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders", labels: { team: "shop", tier: "1" } });
    await call("labelQueue", { queue: "orders", labels: { tier: "2" } });
    await call("unlabelQueue", { queue: "orders", names: ["team"] });
    await call("grantPermission", {
      queue: "orders",
      label: "friends",
      accounts: ["222222222222"],
      actions: ["SendMessage"],
    });
    await expect(
      call("grantPermission", { queue: "orders", label: "friends", accounts: [], actions: [] }),
    ).rejects.toEqual(failure("PermissionExists"));
    expect(await call("getQueue", { queue: "orders" })).toMatchObject({
      labels: { tier: "2" },
      permissions: [{ label: "friends" }],
    });
    await call("revokePermission", { queue: "orders", label: "friends" });
    await expect(call("revokePermission", { queue: "orders", label: "friends" })).rejects.toEqual(
      failure("PermissionNotFound"),
    );
  });
});

describe("a message", () => {
  test("stays hidden after its receipt until its visibility timeout ends", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "hello" });
    expect(await bodies()).toEqual(["hello"]);
    expect(await bodies()).toEqual([]);
    clock.advanceSeconds(30);
    expect((await call("receiveMessages", { queue: "orders" })).messages).toMatchObject([
      { body: "hello", receiveCount: 2 },
    ]);
  });

  test("is gone once deleted; deleting again is no error", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "x".repeat(10_000) });
    const [message] = (await call("receiveMessages", { queue: "orders" })).messages;
    const { receipt } = message!;
    expect(message!.body).toBe("x".repeat(10_000));
    await call("deleteMessage", { queue: "orders", receipt });
    await call("deleteMessage", { queue: "orders", receipt });
    clock.advanceSeconds(100);
    expect(await bodies()).toEqual([]);
    await expect(call("deleteMessage", { queue: "orders", receipt: "nonsense" })).rejects.toEqual(
      failure("ReceiptInvalid"),
    );
  });

  test("is not deleted by a receipt that a later one has replaced", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "hello" });
    const [first] = (await call("receiveMessages", { queue: "orders", visibilityTimeoutSeconds: 1 })).messages;
    clock.advanceSeconds(1);
    await bodies();
    await call("deleteMessage", { queue: "orders", receipt: first!.receipt });
    clock.advanceSeconds(30);
    expect(await bodies()).toEqual(["hello"]);
  });

  test("can be shown at once or hidden longer, while it is in flight", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "hello" });
    const receive = async () => (await call("receiveMessages", { queue: "orders" })).messages[0]!.receipt;
    const first = await receive();
    await call("hideMessage", { queue: "orders", receipt: first, visibilityTimeoutSeconds: 0 });
    await expect(call("hideMessage", { queue: "orders", receipt: first, visibilityTimeoutSeconds: 5 })).rejects.toEqual(
      failure("MessageNotInFlight"),
    );
    const second = await receive();
    await call("hideMessage", { queue: "orders", receipt: second, visibilityTimeoutSeconds: 100 });
    clock.advanceSeconds(99);
    expect(await bodies()).toEqual([]);
    await expect(
      call("hideMessage", { queue: "orders", receipt: second, visibilityTimeoutSeconds: 43_200 }),
    ).rejects.toEqual(failure("HiddenTooLong"));
    await call("deleteMessage", { queue: "orders", receipt: second });
    await expect(
      call("hideMessage", { queue: "orders", receipt: second, visibilityTimeoutSeconds: 1 }),
    ).rejects.toEqual(failure("MessageGone"));
  });

  test("waits for its delay, or for the queue's", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders", settings: { delaySeconds: 10 } });
    await call("sendMessage", { queue: "orders", body: "queue's" });
    await call("sendMessage", { queue: "orders", body: "own", delaySeconds: 5 });
    expect((await call("measureQueue", { queue: "orders" })).counts).toEqual({ visible: 0, inFlight: 0, delayed: 2 });
    clock.advanceSeconds(5);
    expect(await bodies()).toEqual(["own"]);
    clock.advanceSeconds(5);
    expect(await bodies()).toEqual(["queue's"]);
    expect((await call("measureQueue", { queue: "orders" })).counts).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
  });

  test("leaves when its retention is over, received or not, long or short", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders", settings: { retentionSeconds: 60 } });
    await call("sendMessage", { queue: "orders", body: "received" });
    await call("receiveMessages", { queue: "orders", visibilityTimeoutSeconds: 59 });
    await call("sendMessage", { queue: "orders", body: "x".repeat(5000) });
    clock.advanceSeconds(61);
    expect(await bodies()).toEqual([]);
    expect((await call("measureQueue", { queue: "orders" })).counts).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("may be as long as the queue allows, counting its attributes, and holds only what XML can say", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders", settings: { messageBytesMax: 1024 } });
    const send = (body: string, attributes = {}) => call("sendMessage", { queue: "orders", body, attributes });
    await send("ä".repeat(512));
    await expect(send("ä".repeat(512), { a: { type: "String", value: "1" } })).rejects.toEqual(
      failure("MessageTooLong"),
    );
    await expect(send("")).rejects.toEqual(failure("BodyMissing"));
    await expect(send("a\u0000b")).rejects.toMatchObject({ code: "CharacterInvalid", details: { codePoint: "#x0" } });
    await expect(send("a", { "a..b": { type: "String", value: "1" } })).rejects.toEqual(failure("AttributeInvalid"));
    await expect(send("a", { a: { type: "Text", value: "1" } })).rejects.toEqual(failure("AttributeInvalid"));
    await expect(send("a", { a: { type: "Number", value: "one" } })).rejects.toEqual(failure("AttributeInvalid"));
  });

  test("comes with its attributes, sender and times", async () => {
    const { call, clock } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const attributes = { kind: { type: "String", value: "new" }, raw: { type: "Binary", value: Buffer.from([1, 2]) } };
    const { messageId } = await call("sendMessage", { queue: "orders", body: "b", attributes, trace: "Root=1" });
    clock.advanceSeconds(1);
    expect((await call("receiveMessages", { queue: "orders" })).messages).toEqual([
      {
        messageId,
        body: "b",
        attributes,
        trace: "Root=1",
        sender: "cloudstack",
        receiveCount: 1,
        receipt: expect.any(String),
        sentAtMs: Date.parse("2030-01-01T00:00:00Z"),
        firstReceivedAtMs: Date.parse("2030-01-01T00:00:01Z"),
      },
    ]);
  });
});

describe("batches", () => {
  test("take what is right and refuse the rest entry by entry", async () => {
    const { call, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const { done, failed } = await call("sendMessages", {
      queue: "orders",
      entries: [
        { id: "1", body: "a" },
        { id: "2", body: "" },
        { id: "3", body: "c" },
      ],
    });
    expect(done.map(({ id }) => id)).toEqual(["1", "3"]);
    expect(failed).toEqual([{ id: "2", error: failure("BodyMissing") }]);
    expect(await bodies()).toEqual(["a", "c"]);
  });

  test("have one to ten entries with ids of their own", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const send = (ids: string[]) =>
      call("sendMessages", { queue: "orders", entries: ids.map((id) => ({ id, body: "x" })) });
    await expect(send([])).rejects.toEqual(failure("BatchEmpty"));
    await expect(send(Array.from({ length: 11 }, (_, i) => `${i}`))).rejects.toEqual(failure("BatchTooLarge"));
    await expect(send(["a", "a"])).rejects.toEqual(failure("BatchIdsNotDistinct"));
    await expect(send(["a b"])).rejects.toEqual(failure("BatchIdInvalid"));
  });

  test("settle received messages", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessages", {
      queue: "orders",
      entries: [
        { id: "1", body: "a" },
        { id: "2", body: "b" },
      ],
    });
    const [a, b] = (await call("receiveMessages", { queue: "orders", count: 2 })).messages;
    expect(
      await call("hideMessages", {
        queue: "orders",
        entries: [
          { id: "a", receipt: a!.receipt, visibilityTimeoutSeconds: 0 },
          { id: "x", receipt: "?", visibilityTimeoutSeconds: 0 },
        ],
      }),
    ).toEqual({ done: [{ id: "a" }], failed: [{ id: "x", error: failure("ReceiptInvalid") }] });
    expect(await call("deleteMessages", { queue: "orders", entries: [{ id: "b", receipt: b!.receipt }] })).toEqual({
      done: [{ id: "b" }],
      failed: [],
    });
    clock.advanceSeconds(60);
    expect(await bodies()).toEqual(["a"]);
  });
});

describe("receiving", () => {
  test("takes one to ten, waits up to 20 seconds and hides up to 12 hours", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    for (const bad of [
      { count: 0 },
      { count: 11 },
      { waitSeconds: 21 },
      { visibilityTimeoutSeconds: 43_201 },
      { visibilityTimeoutSeconds: -1 },
    ]) {
      await expect(call("receiveMessages", { queue: "orders", ...bad })).rejects.toEqual(failure("OutOfRange"));
    }
  });

  test("waits for a message and answers as soon as it comes", async () => {
    const { call, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const waiting = bodies("orders", { waitSeconds: 20 });
    await call("sendMessage", { queue: "orders", body: "here" });
    expect(await waiting).toEqual(["here"]);
  });

  test("waits no longer than asked, by the engine's clock", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const waiting = bodies("orders", { waitSeconds: 20 });
    await settled();
    clock.advanceSeconds(20);
    expect(await waiting).toEqual([]);
    void call;
  });

  test("wakes when a delayed message falls due", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders", settings: { waitSeconds: 20 } });
    await call("sendMessage", { queue: "orders", body: "later", delaySeconds: 3 });
    const waiting = bodies();
    await settled();
    clock.advanceSeconds(3);
    expect(await waiting).toEqual(["later"]);
  });

  test("ends without taking anything when the client has gone", async () => {
    const { call, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    const client = new AbortController();
    const waiting = call("receiveMessages", { queue: "orders", waitSeconds: 20 }, { waiter: client });
    await settled();
    client.abort();
    expect((await waiting).messages).toEqual([]);
    await call("sendMessage", { queue: "orders", body: "kept" });
    expect(await bodies()).toEqual(["kept"]);
  });

  test("by 32 clients at once hands every message out exactly once", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await Promise.all(Array.from({ length: 320 }, (_, i) => call("sendMessage", { queue: "orders", body: `${i}` })));
    const all = await Promise.all(
      Array.from({ length: 32 }, () => call("receiveMessages", { queue: "orders", count: 10 })),
    );
    const bodies = all.flatMap(({ messages }) => messages.map(({ body }) => Number(body))).toSorted((a, b) => a - b);
    expect(bodies).toEqual(Array.from({ length: 320 }, (_, i) => i));
  });

  test("a purge empties the queue, once a minute", async () => {
    const { call, clock, bodies } = queueUnderTest();
    await call("createQueue", { queue: "orders" });
    await call("sendMessage", { queue: "orders", body: "a" });
    await call("purgeQueue", { queue: "orders" });
    expect(await bodies()).toEqual([]);
    await expect(call("purgeQueue", { queue: "orders" })).rejects.toEqual(failure("PurgeTooSoon"));
    clock.advanceSeconds(60);
    await call("purgeQueue", { queue: "orders" });
  });
});

describe("dead-letter queues", () => {
  test("take what was received too often, with its age, where it came from and how often it was received", async () => {
    const { call, clock } = queueUnderTest();
    await call("createQueue", { queue: "dead" });
    await call("createQueue", {
      queue: "orders",
      settings: { visibilityTimeoutSeconds: 1, deadLetter: { queue: target("dead"), maxReceiveCount: 2 } },
    });
    const { messageId } = await call("sendMessage", { queue: "orders", body: "x".repeat(9000) });
    for (const count of [1, 1, 0]) {
      expect((await call("receiveMessages", { queue: "orders" })).messages).toHaveLength(count);
      clock.advanceSeconds(1);
    }
    expect((await call("receiveMessages", { queue: "dead" })).messages).toMatchObject([
      {
        messageId,
        body: "x".repeat(9000),
        deadLetterSource: "orders",
        receiveCount: 3,
        sentAtMs: Date.parse("2030-01-01T00:00:00Z"),
      },
    ]);
  });

  test("must exist, be of the same kind and allow the source", async () => {
    const { call } = queueUnderTest();
    await call("createQueue", { queue: "closed", settings: { deadLetterSources: { permission: "none", queues: [] } } });
    await call("createQueue", {
      queue: "picky",
      settings: { deadLetterSources: { permission: "listed", queues: [target("friend")] } },
    });
    await call("createQueue", { queue: "ordered.fifo", isFifo: true });
    const create = (queue: string, dead: string) =>
      call("createQueue", { queue, settings: { deadLetter: { queue: target(dead), maxReceiveCount: 1 } } });
    for (const dead of ["absent", "closed", "picky", "ordered.fifo"])
      await expect(create("x", dead)).rejects.toEqual(failure("DeadLetterQueueInvalid"));
    expect((await create("friend", "picky")).name).toBe("friend");
  });
});

const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

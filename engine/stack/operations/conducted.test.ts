import { describe, expect, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { thingErrors, thingsService } from "../../testing/stack-things.ts";
import type { StackEvent } from "../apply/stack-event.ts";

const WHERE = { scope: TEST_SCOPE, stack: "web" };
const TWO = `
Resources:
  A: {Type: Thing, Properties: {Value: a}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref A]}}
`;

/** A stack whose step `create a` waits until it is let go. */
function gated(store = memoryStore()) {
  let open = () => {};
  let reached = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const isWaiting = new Promise<void>((resolve) => (reached = resolve));
  const before = async (step: string) => {
    if (step !== "create a") return;
    reached();
    await gate;
  };
  const stack = stacksUnderTest([thingsService({ shouldFail: () => false, before })], { store });
  return { ...stack, open, isWaiting };
}

describe("a second deployment of a stack", () => {
  test("is refused at once, and told who deploys it since when", async () => {
    const { deploy, stacks, open, isWaiting } = gated();
    const first = deploy(TWO);
    await isWaiting;
    const refusal = await deploy(TWO);
    const [{ deploymentId } = { deploymentId: "" }] = await stacks.events(WHERE);
    expect(refusal).toMatchObject({
      status: "refused",
      diagnostics: [
        {
          code: "CS3001",
          message: `test is deploying stack web since 2030-01-01T00:00:00Z (${deploymentId})`,
          hint: "wait for it with --lock-timeout 1m; should it be gone, its lock ends in 30 s",
        },
      ],
    });
    open();
    expect(await first).toMatchObject({ status: "deployed", serial: 1 });
  });

  test("waits as long as its user says, and goes on from what the first one made", async () => {
    const { deploy, open, isWaiting } = gated();
    const first = deploy(TWO);
    await isWaiting;
    const seen: string[] = [];
    const onEvent = ({ status, cause }: StackEvent) => {
      seen.push(status);
      if (status === "waiting") {
        expect(cause?.message).toContain("test is deploying stack web since");
        open();
      }
    };
    const second = deploy(TWO.replace("Value: b", "Value: b2"), { lockTimeoutMs: 60_000, onEvent });
    expect(await first).toMatchObject({ status: "deployed", serial: 1 });
    expect(await second).toMatchObject({ status: "deployed", serial: 2 });
    expect(seen).toEqual(["waiting", "started", "begun", "done", "succeeded"]);
  });

  test("gives up when that time is over", async () => {
    const { deploy, open, isWaiting, clock } = gated();
    const first = deploy(TWO);
    await isWaiting;
    const onEvent = () => void setImmediate(() => clock.advanceSeconds(5));
    const second = await deploy(TWO, { lockTimeoutMs: 5000, onEvent });
    expect(second).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3001" }] });
    open();
    await first;
  });

  test("that waits for one that died goes on when the lease ends, and finds what is to be settled", async () => {
    const store = memoryStore();
    await stacksUnderTest(undefined, { store: dyingStore(store, 2) }).deploy(TWO).catch(() => undefined);
    const { deploy, clock, stacks } = stacksUnderTest(undefined, { store, seed: 9 });
    const onEvent = () => void setImmediate(() => clock.advanceSeconds(31));
    expect(await deploy(TWO, { lockTimeoutMs: 60_000, onEvent })).toMatchObject({ diagnostics: [{ code: "CS3002" }] });
    expect(await stacks.settle(WHERE)).toMatchObject({ status: "undone", takenSteps: 1 });
    expect(await deploy(TWO)).toMatchObject({ status: "deployed" });
  });

  test("cannot take the lock of one that is slow: the lease is renewed while it works", async () => {
    const store = memoryStore();
    const slow = gated(store);
    const first = slow.deploy(TWO);
    await slow.isWaiting;
    for (let seconds = 0; seconds < 100; seconds += 10) {
      slow.clock.advanceSeconds(10);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const other = stacksUnderTest(undefined, { store, seed: 9 });
    other.clock.advanceSeconds(100);
    expect(await other.deploy(TWO)).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3001" }] });
    slow.open();
    expect(await first).toMatchObject({ status: "deployed" });
  });
});

describe("a deployment that is interrupted by its name", () => {
  test("ends what is in flight, begins nothing more, and goes back", async () => {
    const { deploy, stacks, store, open, isWaiting } = gated();
    const deploying = deploy(TWO, { name: "mine" });
    await isWaiting;
    expect(stacks.interrupt("another")).toBe(false);
    expect(stacks.interrupt("mine")).toBe(true);
    open();
    expect(await deploying).toMatchObject({ status: "rolled-back", cause: { code: "Interrupted" } });
    expect(await contentsOf(store, "things")).toEqual({});
    expect(stacks.interrupt("mine")).toBe(false);
  });

  test("keeps what was done when its user asks for that then", async () => {
    const { deploy, stacks, store, open, isWaiting } = gated();
    const deploying = deploy(TWO, { name: "mine" });
    await isWaiting;
    stacks.interrupt("mine", "keep");
    open();
    expect(await deploying).toMatchObject({ status: "kept", cause: { code: "Interrupted" } });
    expect(Object.values(await contentsOf(store, "things"))).toMatchObject([{ value: "a" }]);
    expect(await stacks.rollback(WHERE)).toMatchObject({ status: "rolled-back" });
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("stops waiting for a step's next attempt, and keeps the interruption as its cause", async () => {
    const before = async (step: string) => {
      if (step === "create b") throw thingErrors.Busy({ step });
    };
    const { deploy, stacks, store } = stacksUnderTest([thingsService({ shouldFail: () => false, before })]);
    const failed: string[] = [];
    const onEvent = ({ status, cause }: StackEvent) => {
      if (status === "retrying") setImmediate(() => stacks.interrupt("mine"));
      if (status === "failed") failed.push(cause?.code ?? "");
    };
    expect(await deploy(TWO, { name: "mine", onEvent })).toMatchObject({
      status: "rolled-back",
      cause: { code: "Interrupted" },
    });
    expect(failed).toEqual(["Busy"]);
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("stops waiting for another one", async () => {
    const { deploy, stacks, open, isWaiting } = gated();
    const first = deploy(TWO);
    await isWaiting;
    const onEvent = () => void stacks.interrupt("second");
    const second = await deploy(TWO, { name: "second", lockTimeoutMs: 60_000, onEvent });
    expect(second).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3001" }] });
    open();
    await first;
  });
});

test("a deployment tells the chain of steps that made it as long as it was", async () => {
  const { deploy, clock } = stacksUnderTest([
    thingsService({
      shouldFail: () => false,
      before: async (step) => clock.advanceMs(step === "create a" ? 30 : step === "create c" ? 50 : 5),
    }),
  ]);
  const text = `${TWO}  C: {Type: Thing, Properties: {Value: c, Uses: [!Ref A]}}
  D: {Type: Thing, Properties: {Value: d}}
`;
  const { timings } = await deploy(text, { concurrency: 1 });
  expect(timings).toEqual({
    elapsedMs: 90,
    criticalPath: [
      { logicalId: "A", waitedMs: 0, tookMs: 30 },
      { logicalId: "C", waitedMs: 10, tookMs: 50 },
    ],
  });
});

describe("the events of a stack", () => {
  test("are followed from the first to each new one, of one deployment until it ends", async () => {
    const { deploy, stacks } = stacksUnderTest();
    const first = await deploy(TWO);
    const seen: string[] = [];
    for await (const event of stacks.follow({ ...WHERE, deploymentId: first.deploymentId }))
      seen.push(`${event.status} ${event.logicalId ?? "stack"}`);
    expect(seen).toEqual(["started stack", "done A", "done B", "succeeded stack"]);

    const stop = new AbortController();
    const following = (async () => {
      for await (const event of stacks.follow({ ...WHERE, logicalId: "B" }, stop.signal)) {
        if (event.action === "update") return event.status;
      }
      return "stopped";
    })();
    await deploy(TWO.replace("Value: b", "Value: b2"));
    expect(await following).toBe("done");
    const idle = stacks.follow({ ...WHERE, stack: "other" }, stop.signal)[Symbol.asyncIterator]().next();
    stop.abort();
    expect(await idle).toEqual({ done: true, value: undefined });
  });

  test("are chosen by resource and by status", async () => {
    const { deploy, stacks } = stacksUnderTest([thingsService({ shouldFail: (step) => step === "create b" })]);
    await deploy(TWO);
    const found = async (query: object) =>
      (await stacks.events({ ...WHERE, ...query })).map(({ status, logicalId }) => `${status} ${logicalId ?? "stack"}`);
    expect(await found({ logicalId: "A" })).toEqual(["done A", "undone A"]);
    expect(await found({ statuses: ["failed", "rolled-back"] })).toEqual(["failed B", "rolled-back stack"]);
  });
});

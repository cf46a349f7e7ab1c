import { describe, expect, test } from "vitest";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { thingErrors, thingsService, type Faults } from "../../testing/stack-things.ts";
import type { StackEvent } from "./stack-event.ts";

const TWO = `
Resources:
  A: {Type: Thing, Properties: {Value: a}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref A]}}
`;
const CHANGED = TWO.replace("Value: a", "Value: a2, Kind: other").replace("Value: b", "Value: b2");

const under = (faults: Partial<Faults>) => stacksUnderTest([thingsService({ shouldFail: () => false, ...faults })]);

/** Throws `Busy` as often as said at one step. */
function busyTimes(at: string, times: number) {
  let left = times;
  return async (step: string) => {
    if (step === at && left-- > 0) throw thingErrors.Busy({ step });
  };
}

describe("a step that fails for a reason that passes", () => {
  test("is taken again after 100 ms, 200 ms, 400 ms, and the result is as if nothing had happened", async () => {
    const { deploy, planText, clock } = under({ before: busyTimes("create b", 3) });
    const retries: string[] = [];
    const startedAtMs = clock.nowMs();
    const onEvent = (event: StackEvent) => {
      if (event.status !== "retrying") return;
      retries.push(`${event.logicalId} ${event.cause?.code} at ${event.atMs - startedAtMs} ms`);
      setImmediate(() => clock.advanceMs(100 * 2 ** (retries.length - 1)));
    };
    expect(await deploy(TWO, { onEvent })).toMatchObject({ status: "deployed", serial: 1 });
    expect(retries).toEqual(["B Busy at 0 ms", "B Busy at 100 ms", "B Busy at 300 ms"]);
    expect(await planText(TWO)).toBe("web  2 resources: 2 unchanged");
  });

  test("fails after the eighth time, with that cause", async () => {
    const { deploy, clock, store } = under({ before: busyTimes("create b", 100) });
    let retries = 0;
    const onEvent = (event: StackEvent) => {
      if (event.status !== "retrying") return;
      retries += 1;
      setImmediate(() => clock.advanceSeconds(60));
    };
    expect(await deploy(TWO, { onEvent })).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "B", code: "Busy" },
    });
    expect(retries).toBe(7);
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("is not taken again when its time is over", async () => {
    const { deploy, clock } = under({ before: busyTimes("create a", 100) });
    let retries = 0;
    const onEvent = (event: StackEvent) => {
      if (event.status !== "retrying") return;
      retries += 1;
      setImmediate(() => clock.advanceMs(100 * 2 ** (retries - 1)));
    };
    expect(await deploy(TWO, { onEvent, stepTimeoutMs: 1000 })).toMatchObject({ cause: { code: "Busy" } });
    expect(retries).toBe(3);
  });

  test("is undone with the same patience", async () => {
    const { deploy, clock, store } = under({
      before: busyTimes("delete a", 2),
      shouldFail: (step) => step === "create b",
    });
    const onEvent = (event: StackEvent) => {
      if (event.status === "retrying") setImmediate(() => clock.advanceSeconds(1));
    };
    expect(await deploy(TWO, { onEvent })).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "B", code: "Injected" },
    });
    expect(await contentsOf(store, "things")).toEqual({});
  });
});

test("a step that takes longer than it may fails, and what it does later counts for nothing", async () => {
  let finish = () => {};
  const hanging = new Promise<void>((resolve) => (finish = resolve));
  const { deploy, clock, store } = under({ before: (step) => (step === "create b" ? hanging : Promise.resolve()) });
  const onEvent = (event: StackEvent) => {
    if (event.status === "begun" && event.logicalId === "B") setImmediate(() => clock.advanceSeconds(90));
  };
  expect(await deploy(TWO, { stepTimeoutMs: 90_000, onEvent })).toMatchObject({
    status: "rolled-back",
    cause: { logicalId: "B", code: "TimedOut", message: "It took longer than 90 s." },
  });
  finish();
  await hanging;
  expect(await contentsOf(store, "things")).toEqual({});
});

describe("a deployment that fails and keeps what it did", () => {
  test("leaves the new beside what it replaced, and the next one goes on from there", async () => {
    let failing = "update b2";
    const { deploy, stacks, store, planText } = under({ shouldFail: (step) => step === failing });
    await deploy(TWO);
    const result = await deploy(CHANGED, { onFailure: "keep" });
    expect(result).toMatchObject({ status: "kept", serial: 1, cause: { logicalId: "B", code: "Injected" } });
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({
      status: "failed",
      serial: 1,
      kept: [result.deploymentId],
      cause: { logicalId: "B" },
    });
    const values = async () =>
      Object.values(await contentsOf(store, "things")).flatMap((each) =>
        typeof each === "object" ? [(each as { value: string }).value] : [],
      );
    expect((await values()).sort()).toEqual(["a", "a2", "b"]);
    failing = "";
    expect(await deploy(CHANGED)).toMatchObject({ status: "deployed", serial: 2 });
    expect((await values()).sort()).toEqual(["a2", "b2"]);
    expect(await planText(CHANGED)).toBe("web  2 resources: 2 unchanged");
    expect(await stacks.get(TEST_SCOPE, "web")).not.toHaveProperty("kept");
  });

  test("keeps nothing of a later one that rolls back", async () => {
    let failing = ["update b2"];
    const { deploy, stacks, store } = under({ shouldFail: (step) => failing.includes(step) });
    await deploy(TWO);
    await deploy(CHANGED, { onFailure: "keep" });
    const kept = await contentsOf(store, "things");
    failing = ["update b3"];
    expect(await deploy(CHANGED.replace("b2", "b3"))).toMatchObject({ status: "rolled-back" });
    expect(await contentsOf(store, "things")).toEqual(kept);
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "failed" });
  });
});

describe("a deployment that fails and deletes its stack", () => {
  test("leaves nothing of a first deployment but its log", async () => {
    const { deploy, stacks, store } = under({ shouldFail: (step) => step === "create b" });
    const result = await deploy(TWO, { onFailure: "delete" });
    expect(result).toMatchObject({ status: "rolled-back", cause: { logicalId: "B" } });
    expect(await stacks.list(TEST_SCOPE)).toEqual([]);
    expect(await contentsOf(store, "things")).toEqual({});
    const events = await stacks.events({ scope: TEST_SCOPE, stack: "web" });
    expect(events.at(-1)).toMatchObject({ status: "rolled-back", cause: { logicalId: "B", code: "Injected" } });
  });

  test("is refused for a stack that has been deployed", async () => {
    const { deploy, planText } = under({});
    await deploy(TWO);
    expect(await deploy(CHANGED, { onFailure: "delete" })).toMatchObject({
      status: "refused",
      diagnostics: [
        { code: "CS3005", message: "stack web has been deployed (serial 1), so a failure cannot delete it" },
      ],
    });
    expect(await planText(TWO)).toBe("web  2 resources: 2 unchanged");
  });
});

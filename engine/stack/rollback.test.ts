import { describe, expect, test } from "vitest";
import { memoryStore } from "../kernel/memory.ts";
import type { Store } from "../kernel/store.ts";
import { machines } from "../services/machines/service.ts";
import { networks } from "../services/networks/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";

const BEFORE = `
Resources:
  A: {Type: Thing, Properties: {Value: a, Labels: {tier: blue}, Secret: one}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref A]}}
  C: {Type: Thing, Properties: {Value: c, Uses: [!Ref B]}}
  Gone: {Type: Thing, Properties: {Value: gone, Uses: [!Ref A]}}
`;
/** Creates D, updates C, replaces A, updates B in turn, deletes Gone. */
const AFTER = `
Resources:
  A: {Type: Thing, Properties: {Value: a2, Kind: other, Labels: {tier: green}, Secret: two}}
  B: {Type: Thing, Properties: {Value: b2, Uses: [!Ref A]}}
  C: {Type: Thing, Properties: {Value: c2, Uses: [!Ref B], Labels: {new: yes}}}
  D: {Type: Thing, Properties: {Value: d, Uses: [!Ref C]}}
`;
const STEPS = ["create a2", "update b2", "update c2", "create d", "delete gone", "delete a"];

/** The stack and its resources, without what a failed deployment may leave: its cause, its lock, its log. */
async function stateOf(store: Store) {
  const { stacks } = stacksUnderTest(undefined, { store });
  const details = await stacks.get(TEST_SCOPE, "web");
  const { cause: _cause, ...rest } = details ?? {};
  return { things: await contentsOf(store, "things"), stack: rest };
}

describe("a failed deployment", () => {
  test.each(STEPS)("that fails at %s leaves the stack as it was", async (step) => {
    let failing = "";
    const { deploy, store, planText } = stacksUnderTest([thingsService({ shouldFail: (at) => at === failing })]);
    await deploy(BEFORE);
    const before = await stateOf(store);
    failing = step;
    const result = await deploy(AFTER);
    expect(result).toMatchObject({
      status: "rolled-back",
      cause: { code: "Injected", message: `Injected at ${step}.` },
      serial: 1,
      remaining: [],
    });
    expect(await stateOf(store)).toEqual(before);
    expect(await planText(BEFORE)).toBe("web  4 resources: 4 unchanged");
    failing = "";
    expect(await deploy(AFTER)).toMatchObject({ status: "deployed", serial: 2 });
    expect(await planText(AFTER)).toBe("web  4 resources: 4 unchanged");
  });

  test("of a stack that never deployed leaves no resources, and the stack's record with the cause", async () => {
    const { deploy, store, stacks } = stacksUnderTest([thingsService({ shouldFail: (at) => at === "create c" })]);
    expect(await deploy(BEFORE)).toMatchObject({ status: "rolled-back", cause: { logicalId: "C" } });
    expect(await contentsOf(store, "things")).toEqual({});
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({
      status: "failed",
      serial: 0,
      resources: [],
      cause: { logicalId: "C", code: "Injected", message: "Injected at create c." },
    });
  });

  test("skips what depends on the failure and says what was undone", async () => {
    const seen: string[] = [];
    const { deploy } = stacksUnderTest([thingsService({ shouldFail: (at) => at === "create b" })]);
    await deploy(BEFORE, {
      concurrency: 1,
      onEvent: (event) => void seen.push(`${event.status} ${event.logicalId ?? "stack"}`),
    });
    expect(seen).toEqual([
      "started stack",
      "begun A",
      "done A",
      "begun B",
      "failed B",
      "skipped Gone",
      "skipped C",
      "rolling-back stack",
      "undone A",
      "rolled-back stack",
    ]);
  });

  test("that fails by a defect goes back too, and the defect is not hidden", async () => {
    const shouldFail = (at: string) => {
      if (at === "create c") throw new TypeError("a bug in a handler");
      return false;
    };
    const { deploy, stacks, store } = stacksUnderTest([thingsService({ shouldFail })]);
    await expect(deploy(BEFORE)).rejects.toThrow("a bug in a handler");
    expect(await contentsOf(store, "things")).toEqual({});
    const cause = { code: "InternalError", message: "a bug in a handler" };
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "failed", cause });
    expect(await stacks.settle({ scope: TEST_SCOPE, stack: "web" })).toEqual({ status: "clean", stack: "web" });
  });

  test("whose rollback is refused says what remains, and finishes it later", async () => {
    let failing: readonly string[] = ["create b", "delete a"];
    const { deploy, stacks, store } = stacksUnderTest([thingsService({ shouldFail: (at) => failing.includes(at) })]);
    const result = await deploy(BEFORE);
    expect(result).toMatchObject({
      status: "rollback-failed",
      cause: { logicalId: "B" },
      remaining: [{ logicalId: "A", code: "Injected", message: "Injected at delete a." }],
    });
    const where = { scope: TEST_SCOPE, stack: "web" };
    expect(await deploy(BEFORE)).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3006" }] });
    expect(await stacks.settle(where)).toEqual({ status: "clean", stack: "web" });
    failing = [];
    expect(await stacks.continueRollback(where)).toMatchObject({ status: "rolled-back", cause: { logicalId: "B" } });
    expect(await contentsOf(store, "things")).toEqual({});
    expect(await deploy(BEFORE)).toMatchObject({ status: "deployed" });
  });

  test("whose undoing meets a defect says what remains, and is not stuck", async () => {
    let isMended = false;
    const shouldFail = (at: string) => {
      if (at === "delete a" && !isMended) throw new TypeError("a bug in a handler");
      return at === "create b";
    };
    const { deploy, stacks, store } = stacksUnderTest([thingsService({ shouldFail })]);
    expect(await deploy(BEFORE)).toMatchObject({
      status: "rollback-failed",
      cause: { logicalId: "B", code: "Injected" },
      remaining: [{ logicalId: "A", code: "InternalError", message: "a bug in a handler" }],
    });
    isMended = true;
    expect(await stacks.continueRollback({ scope: TEST_SCOPE, stack: "web" })).toMatchObject({ status: "rolled-back" });
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("that is interrupted by its user ends what is in flight and goes back", async () => {
    const { deploy, store } = stacksUnderTest();
    const stop = new AbortController();
    const result = await deploy(BEFORE, {
      signal: stop.signal,
      onEvent: (event) => void (event.logicalId === "A" && stop.abort()),
    });
    expect(result).toMatchObject({ status: "rolled-back", cause: { code: "Interrupted" } });
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("of native resources gives back sizes, labels and the volume that moved", async () => {
    const services = [networks, machines, volumes];
    const { deploy, store, planText } = stacksUnderTest(services);
    const before = `
Resources:
  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16}}
  Disk: {Type: Volume, Properties: {Size: 20}}
  Web: {Type: Instance, Properties: {Image: alpine, VpcID: !Ref Net, VolumeID: !Ref Disk, Labels: {tier: blue}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.1.0/24}}
`;
    await deploy(before);
    const contents = async () =>
      Promise.all(["networks", "machines", "volumes"].map((service) => contentsOf(store, service)));
    const kept = await contents();
    const broken =
      before.replace("Size: 20", "Size: 40").replace("alpine", "debian").replace("blue", "green") +
      "  Clash: {Type: Subnet, DependsOn: Web, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.1.0/25}}\n";
    expect(await deploy(broken)).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "Clash", code: "SubnetOverlaps" },
    });
    expect(await contents()).toEqual(kept);
    expect(await planText(before)).toBe("web  4 resources: 4 unchanged");
  });
});

const crashAt = async (commits: number, base: Store, text: string): Promise<boolean> => {
  const dying = stacksUnderTest(undefined, { store: dyingStore(base, commits), seed: 7 });
  const result = await dying.deploy(text).catch((error: unknown) => error);
  return result instanceof Error;
};

describe("a crash", () => {
  test("after any transaction of a deployment is settled to the state before", async () => {
    let crashes = 0;
    for (let commits = 0; ; commits++) {
      const base = memoryStore();
      await stacksUnderTest(undefined, { store: base }).deploy(BEFORE);
      const before = await stateOf(base);
      if (!(await crashAt(commits, base, AFTER))) break;
      crashes += 1;
      const { stacks, deploy, planText } = stacksUnderTest(undefined, { store: base, seed: 8 });
      if (commits > 0)
        expect(await deploy(AFTER)).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3001" }] });
      await stacks.settleAll({ isHolderGone: true });
      expect(await stateOf(base)).toEqual(before);
      expect(await planText(BEFORE)).toBe("web  4 resources: 4 unchanged");
      expect(await deploy(AFTER)).toMatchObject({ status: "deployed" });
    }
    expect(crashes).toBe(6);
  });

  test("after any transaction of a deployment can be resumed to the state after", async () => {
    for (let commits = 1; commits < 6; commits++) {
      const base = memoryStore();
      await stacksUnderTest(undefined, { store: base }).deploy(BEFORE);
      await crashAt(commits, base, AFTER);
      const { stacks, planText, store } = stacksUnderTest(undefined, { store: base, seed: 8 });
      expect(await stacks.settle({ scope: TEST_SCOPE, stack: "web", how: "resume", isHolderGone: true })).toMatchObject(
        {
          status: "resumed",
          takenSteps: commits - 1,
        },
      );
      expect(await planText(AFTER)).toBe("web  4 resources: 4 unchanged");
      const left = Object.values(await contentsOf(store, "things")).flatMap((each) =>
        typeof each === "object" ? [each as { value: string }] : [],
      );
      expect(left.map((each) => each.value).sort()).toEqual(["a2", "b2", "c2", "d"]);
    }
  });

  test("in the middle of a rollback is settled all the same", async () => {
    for (let commits = 3; commits < 12; commits++) {
      const base = memoryStore();
      await stacksUnderTest(undefined, { store: base }).deploy(BEFORE);
      const before = await stateOf(base);
      const failing = thingsService({ shouldFail: (at) => at === "create d" });
      const dying = stacksUnderTest([failing], { store: dyingStore(base, commits), seed: 7 });
      await dying.deploy(AFTER).catch((error: unknown) => error);
      await stacksUnderTest(undefined, { store: base, seed: 8 }).stacks.settleAll({ isHolderGone: true });
      expect(await stateOf(base)).toEqual(before);
    }
  });

  test("of a holder is noticed when its lease ends, and its late writes are fenced off", async () => {
    const base = memoryStore();
    await crashAt(2, base, BEFORE);
    const { stacks, clock, store } = stacksUnderTest(undefined, { store: base, seed: 8 });
    const where = { scope: TEST_SCOPE, stack: "web" };
    expect(await stacks.settle(where)).toEqual({ status: "locked", stack: "web" });
    clock.advanceSeconds(31);
    expect(await stacks.settle(where)).toMatchObject({ status: "undone", takenSteps: 1, plannedSteps: 4 });
    expect(await contentsOf(store, "things")).toEqual({});
    expect(await stacks.settle(where)).toEqual({ status: "clean", stack: "web" });
  });

  test("of an engine whose store is its own again is noticed at once", async () => {
    const base = memoryStore();
    await crashAt(2, base, BEFORE);
    const { stacks, deploy, store } = stacksUnderTest(undefined, { store: base, seed: 8, isAlone: true });
    expect(await deploy(BEFORE)).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3002" }] });
    expect(await stacks.settle({ scope: TEST_SCOPE, stack: "web" })).toMatchObject({ status: "undone", takenSteps: 1 });
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("of nobody: a deployment under way in the same engine keeps its lock", async () => {
    const { stacks, deploy } = stacksUnderTest(undefined, { isAlone: true });
    let settled: Promise<unknown> | undefined;
    const result = await deploy(BEFORE, {
      concurrency: 1,
      onEvent: (event) => {
        if (event.status === "started") settled = stacks.settle({ scope: TEST_SCOPE, stack: "web" });
      },
    });
    expect(await settled).toEqual({ status: "locked", stack: "web" });
    expect(result.status).toBe("deployed");
  });

  test("of a holder that comes back finds its stack taken over, and writes nothing", async () => {
    const base = memoryStore();
    const first = stacksUnderTest(undefined, { store: base });
    const second = stacksUnderTest(undefined, { store: base, seed: 8 });
    let settled: Promise<unknown> | undefined;
    const deploying = first.deploy(BEFORE, {
      concurrency: 1,
      onEvent: (event) => {
        if (event.status === "done")
          settled ??= second.stacks.settle({ scope: TEST_SCOPE, stack: "web", isHolderGone: true });
      },
    });
    await expect(deploying).rejects.toMatchObject({ name: "LeaseLost" });
    expect(await settled).toMatchObject({ status: "undone" });
    expect(await contentsOf(base, "things")).toEqual({});
  });
});

import { describe, expect, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import type { Store } from "../../kernel/store.ts";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { emptyWorld, outsideErrors, outsideService, type Moment, type World } from "../../testing/outside-things.ts";
import { thingsService } from "../../testing/stack-things.ts";

const WHERE = { scope: TEST_SCOPE, stack: "web" };
const BEFORE = `
Resources:
  Web: {Type: Process, Properties: {Command: web}}
  Old: {Type: Process, Properties: {Command: old}}
  Cache: {Type: Process, Properties: {Command: cache}}
`;
/** Updates Web, replaces Cache, makes Jobs and a thing that uses it, deletes Old. */
const AFTER = `
Resources:
  Web: {Type: Process, Properties: {Command: web2}}
  Cache: {Type: Process, Properties: {Command: cache2, Kind: other}}
  Jobs: {Type: Process, Properties: {Command: jobs}}
  Note: {Type: Thing, Properties: {Value: !Ref Jobs, Labels: {web: !GetAtt Web.Token}}}
`;

const engine = (world: World, parts: { store?: Store; at?: Moment; seed?: number; failing?: string } = {}) =>
  stacksUnderTest(
    [outsideService(world, parts.at), thingsService({ shouldFail: (step) => step.startsWith(parts.failing ?? "no ") })],
    parts,
  );

const running = (world: World) => [...world.things.values()].map(({ command }) => command).sort();

/** The world, the records of what is in it, and the stack, without what a failure may leave: its cause and log. */
async function stateOf(world: World, store: Store) {
  const found = await engine(world, { store }).stacks.get(TEST_SCOPE, "web");
  const { cause: _cause, ...stack } = found ?? {};
  return { running: running(world), records: await contentsOf(store, "outside"), stack, serial: found?.serial };
}

describe("an effect outside the store", () => {
  test("happens once, is changed in place, is replaced, and goes after the deployment has succeeded", async () => {
    const world = emptyWorld();
    const { deploy, planText, destroy, stacks } = engine(world);
    expect(await deploy(BEFORE)).toMatchObject({ status: "deployed" });
    expect(running(world)).toEqual(["cache", "old", "web"]);
    world.calls.length = 0;
    expect(await deploy(AFTER, { concurrency: 1 })).toMatchObject({ status: "deployed", remaining: [] });
    expect(world.calls).toEqual(["update web2", "create cache2", "create jobs", "delete cache", "delete old"]);
    expect(running(world)).toEqual(["cache2", "jobs", "web2"]);
    expect(await planText(AFTER)).toBe("web  4 resources: 4 unchanged");
    const cleaned = await stacks.events({ ...WHERE, statuses: ["cleaned"] });
    expect(cleaned.map(({ logicalId }) => logicalId).sort()).toEqual(["Cache", "Old"]);
    await destroy();
    expect(running(world)).toEqual([]);
  });

  test("is undone with the rest when a later step fails", async () => {
    const world = emptyWorld();
    const store = memoryStore();
    await engine(world, { store }).deploy(BEFORE);
    const before = await stateOf(world, store);
    const { deploy } = engine(world, { store, failing: "create ", seed: 2 });
    expect(await deploy(AFTER)).toMatchObject({ status: "rolled-back", cause: { logicalId: "Note" } });
    expect(await stateOf(world, store)).toEqual(before);
  });

  test("that fails after it has happened is found and undone", async () => {
    const world = emptyWorld();
    const at: Moment = async (moment) => {
      if (moment === "after create jobs") throw outsideErrors.WorldBroken({ call: moment });
    };
    const { deploy } = engine(world, { at });
    await deploy(BEFORE);
    expect(await deploy(AFTER)).toMatchObject({ status: "rolled-back", cause: { logicalId: "Jobs" } });
    expect(running(world)).toEqual(["cache", "old", "web"]);
  });

  test("that fails and is kept leaves nothing that belongs to nobody", async () => {
    const world = emptyWorld();
    let isBroken = true;
    const at: Moment = async (moment) => {
      if (isBroken && moment === "after create jobs") throw outsideErrors.WorldBroken({ call: moment });
    };
    const { deploy } = engine(world, { at });
    await deploy(BEFORE);
    expect(await deploy(AFTER, { onFailure: "keep" })).toMatchObject({ status: "kept" });
    expect(running(world)).not.toContain("jobs");
    isBroken = false;
    expect(await deploy(AFTER)).toMatchObject({ status: "deployed" });
    expect(running(world)).toEqual(["cache2", "jobs", "web2"]);
  });

  test("is repeated with the same token while the world is busy", async () => {
    const world = emptyWorld();
    let busy = 2;
    const at: Moment = async (moment) => {
      if (moment === "after create web" && busy-- > 0) throw outsideErrors.WorldBusy({ call: moment });
    };
    const { deploy, clock } = engine(world, { at });
    const onEvent = ({ status }: { status: string }) =>
      void (status === "retrying" && setImmediate(() => clock.advanceSeconds(1)));
    expect(await deploy(BEFORE, { onEvent })).toMatchObject({ status: "deployed" });
    expect(running(world)).toEqual(["cache", "old", "web"]);
    expect(world.calls.filter((call) => call === "create web")).toHaveLength(3);
  });

  test("that takes too long is told to stop, and what it had done is undone", async () => {
    const world = emptyWorld();
    const signals: AbortSignal[] = [];
    const at: Moment = async (moment, signal) => {
      if (moment !== "after create jobs") return;
      signals.push(signal);
      setImmediate(() => clock.advanceSeconds(60));
      await new Promise<never>(() => undefined);
    };
    const { deploy, clock } = engine(world, { at });
    await deploy(BEFORE);
    expect(await deploy(AFTER, { stepTimeoutMs: 60_000 })).toMatchObject({
      status: "rolled-back",
      cause: { logicalId: "Jobs", code: "TimedOut" },
    });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(running(world)).toEqual(["cache", "old", "web"]);
  });

  test("that fails by a defect after the deployment has succeeded does not take the deployment back", async () => {
    const world = emptyWorld();
    const at: Moment = async (moment) => {
      if (moment === "delete old") throw new TypeError("a bug in an effect");
    };
    const { deploy, stacks } = engine(world, { at });
    await deploy(BEFORE);
    expect(await deploy(AFTER)).toMatchObject({
      status: "deployed",
      remaining: [{ logicalId: "Old", code: "InternalError", message: "a bug in an effect" }],
    });
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "deployed", serial: 2 });
  });

  test("that cannot be removed after a success is told, and is removed when the stack is settled", async () => {
    const world = emptyWorld();
    let isBroken = true;
    const at: Moment = async (moment) => {
      if (isBroken && moment === "delete old") throw outsideErrors.WorldBroken({ call: moment });
    };
    const { deploy, stacks } = engine(world, { at });
    await deploy(BEFORE);
    expect(await deploy(AFTER)).toMatchObject({
      status: "deployed",
      serial: 2,
      remaining: [{ logicalId: "Old", code: "WorldBroken", message: "The world breaks at delete old." }],
    });
    expect(running(world)).toEqual(["cache2", "jobs", "old", "web2"]);
    isBroken = false;
    expect(await stacks.settle(WHERE)).toEqual({ status: "clean", stack: "web" });
    expect(running(world)).toEqual(["cache2", "jobs", "web2"]);
    expect(await stacks.get(TEST_SCOPE, "web")).not.toHaveProperty("cleaning");
  });
});

describe("a crash", () => {
  /** The process dies after so many commits, or at so manieth effect outside, before or after it. */
  async function crash(store: Store, world: World, death: { commits?: number; moment?: number }): Promise<boolean> {
    let left = death.moment ?? Infinity;
    const process = dyingStore(store, death.commits ?? Infinity);
    let isDead = false;
    const dying: Store = {
      ...process,
      transact: (run, options) => (isDead ? never() : process.transact(run, options)),
      read: (run, options) => (isDead ? never() : process.read(run, options)),
    };
    const at: Moment = async () => {
      if (left-- > 0) return;
      isDead = true;
      await never();
    };
    const { deploy } = engine(world, { store: dying, at, seed: 7 });
    const ended = deploy(AFTER, { concurrency: 1 }).then(
      ({ status }) => status,
      () => "died",
    );
    const result = await Promise.race([ended, deathOf(() => isDead)]);
    return result === "died";
  }
  const never = () => new Promise<never>(() => undefined);
  async function deathOf(isDead: () => boolean): Promise<"died"> {
    for (let turns = 0; turns < 5 || !isDead(); turns++) await new Promise<void>((resolve) => setImmediate(resolve));
    return "died";
  }

  for (const how of ["commits", "moment"] as const) {
    test(`at any of the deployment's ${how} is settled to the state before, inside and outside`, async () => {
      let crashes = 0;
      for (let count = how === "commits" ? 1 : 0; ; count++) {
        const [store, world] = [memoryStore(), emptyWorld()];
        await engine(world, { store }).deploy(BEFORE);
        const before = await stateOf(world, store);
        if (!(await crash(store, world, { [how]: count }))) break;
        crashes += 1;
        const { stacks, planText } = engine(world, { store, seed: 8 });
        await stacks.settleAll({ isHolderGone: true });
        const settled = await stateOf(world, store);
        // After the commit there is only one way: what is left to be removed outside goes.
        if (settled.serial === 2) expect(running(world)).toEqual(["cache2", "jobs", "web2"]);
        else expect(settled).toEqual(before);
        expect(await planText(settled.serial === 2 ? AFTER : BEFORE)).toContain("unchanged");
      }
      expect(crashes).toBeGreaterThan(how === "commits" ? 7 : 9);
    });
  }

  test("at any effect can be finished: what had happened is not made twice", async () => {
    for (let moment = 0; moment < 6; moment++) {
      const [store, world] = [memoryStore(), emptyWorld()];
      await engine(world, { store }).deploy(BEFORE);
      expect(await crash(store, world, { moment })).toBe(true);
      const { stacks, planText } = engine(world, { store, seed: 8 });
      const settled = await stacks.settle({ ...WHERE, how: "resume", isHolderGone: true });
      expect(settled).toMatchObject({ status: "resumed" });
      expect(running(world)).toEqual(["cache2", "jobs", "web2"]);
      expect(await planText(AFTER)).toBe("web  4 resources: 4 unchanged");
    }
  });
});

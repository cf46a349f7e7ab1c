import { assert, asyncProperty, boolean, integer, nat } from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../kernel/memory.ts";
import type { Store } from "../kernel/store.ts";
import { generatedStacks } from "../testing/generated-stacks.ts";
import { sampled } from "../testing/property-runs.ts";
import { serviceRecords } from "../testing/stack-contents.ts";
import { dyingStore, TEST_SCOPE } from "../testing/stack-engine.ts";
import { stackChange } from "../testing/stack-graphs.ts";
import { thingErrors } from "../testing/stack-things.ts";
import type { HandlerCall, Watcher } from "../testing/watched-types.ts";

/**
 * Handlers that fail at the moments whose numbers are given: there are two for each handler call. A call that fails
 * fails however often it is tried, since a transaction that conflicts with another is tried again.
 */
function failingAt(...moments: readonly number[]) {
  const seen = { moments: 0 };
  const failing = new Set<string>();
  const pass = ({ handler, logicalId, isUndo }: HandlerCall, when: string) => {
    const step = `${isUndo ? "undo by " : ""}${handler} ${logicalId} (${when})`;
    seen.moments += 1;
    if (moments.includes(seen.moments)) failing.add(step);
    if (failing.has(step)) throw thingErrors.Injected({ step });
  };
  const watcher: Watcher = {
    before: (call) => pass(call, "before"),
    after: (call) => pass(call, "after"),
  };
  return { watcher, seen };
}

/** The stack and what it made, without what a failed deployment may leave: its cause and its log. */
async function stateOf(store: Store) {
  const details = await generatedStacks({ store }).stacks.get(TEST_SCOPE, "web");
  const { cause: _cause, updatedAtMs: _updatedAtMs, ...stack } = details ?? {};
  return { records: await serviceRecords(store), stack };
}

async function deployed(template: string): Promise<Store> {
  const store = memoryStore();
  expect((await generatedStacks({ store }).deploy(template)).cause).toBeUndefined();
  return store;
}

const settle = (store: Store, how: "undo" | "resume" = "undo", seed = 5) =>
  generatedStacks({ store, seed }).stacks.settle({
    scope: TEST_SCOPE,
    stack: "web",
    how,
    isHolderGone: true,
  });

describe("a change of any stack", () => {
  test("that fails before or after the work of any handler leaves everything as it was", async () => {
    await assert(
      asyncProperty(stackChange(12), integer({ min: 1, max: 8 }), async ({ before, after }, concurrency) => {
        const base = await deployed(before);
        const state = await stateOf(base);
        for (let moment = 1; ; moment += 1) {
          const store = await base.fork();
          const { watcher, seen } = failingAt(moment);
          const result = await generatedStacks({ store, seed: 3 }, watcher).deploy(after, { concurrency });
          if (seen.moments < moment) {
            expect(["deployed", "unchanged"]).toContain(result.status);
            break;
          }
          expect(result).toMatchObject({ status: "rolled-back", cause: { code: "Injected" }, remaining: [] });
          expect(await stateOf(store)).toEqual(state);
        }
      }),
      sampled(10, 21),
    );
  });

  test("that fails somewhere in a large stack leaves everything as it was, and can be made afterwards", async () => {
    await assert(
      asyncProperty(stackChange(200), nat(1_000_000), async ({ before, after }, choice) => {
        const base = await deployed(before);
        const state = await stateOf(base);
        const counted = failingAt();
        await generatedStacks({ store: await base.fork(), seed: 3 }, counted.watcher).deploy(after);
        if (counted.seen.moments === 0) return;
        const { watcher } = failingAt(1 + (choice % counted.seen.moments));
        const failed = await generatedStacks({ store: base, seed: 4 }, watcher).deploy(after);
        expect(failed).toMatchObject({ status: "rolled-back", remaining: [] });
        expect(await stateOf(base)).toEqual(state);
        const under = generatedStacks({ store: base, seed: 5 });
        expect((await under.plan(before)).plan?.isEmpty).toBe(true);
        expect((await under.deploy(after)).cause).toBeUndefined();
        expect((await under.plan(after)).plan?.isEmpty).toBe(true);
      }),
      sampled(6, 22),
    );
  });

  test("whose undoing fails as well says what remains, and is undone when it is continued", async () => {
    await assert(
      asyncProperty(stackChange(15), nat(1_000_000), integer({ min: 1, max: 12 }), async (change, choice, later) => {
        const { before, after } = change;
        const base = await deployed(before);
        const state = await stateOf(base);
        const counted = failingAt();
        await generatedStacks({ store: await base.fork(), seed: 3 }, counted.watcher).deploy(after);
        if (counted.seen.moments === 0) return;
        const first = 1 + (choice % counted.seen.moments);
        const { watcher } = failingAt(first, first + later);
        const result = await generatedStacks({ store: base, seed: 4 }, watcher).deploy(after);
        if (result.status === "rollback-failed") {
          expect(result.remaining?.[0]).toMatchObject({ code: "Injected" });
          const { stacks } = generatedStacks({ store: base, seed: 5 });
          const continued = await stacks.continueRollback({ scope: TEST_SCOPE, stack: "web" });
          expect(continued).toMatchObject({ status: "rolled-back", cause: result.cause });
        }
        expect(await stateOf(base)).toEqual(state);
      }),
      sampled(30, 23),
    );
  });

  test("that dies at any commit is settled to what was, or, resumed, to what was wanted", async () => {
    await assert(
      asyncProperty(stackChange(14), boolean(), boolean(), nat(9), async (change, isResumed, isFailing, again) => {
        const { before, after } = change;
        const base = await deployed(before);
        const state = await stateOf(base);
        for (let commits = 0; ; commits += 1) {
          const store = await base.fork();
          // A failure in the middle, so that some of the commits are those of the undoing.
          const { watcher } = failingAt(...(isFailing ? [9] : []));
          const dying = generatedStacks({ store: dyingStore(store, commits), seed: 3 }, watcher);
          const result = await dying.deploy(after).catch((error: unknown) => error);
          if (!(result instanceof Error)) break;
          const how = isResumed ? "resume" : "undo";
          // The settling may die as well.
          await settle(dyingStore(store, again), how, 7).catch((error: unknown) => error);
          const settled = await settle(store, how);
          expect(["clean", "undone", "resumed"]).toContain(settled.status);
          const under = generatedStacks({ store, seed: 6 });
          const isDone = (await under.plan(after)).plan?.isEmpty === true;
          if (!isResumed || !isDone) expect(await stateOf(store)).toEqual(state);
          if (settled.status === "resumed") expect(isDone).toBe(true);
          await under.destroy();
          expect(await serviceRecords(store)).toEqual({});
        }
      }),
      sampled(10, 24),
    );
  });
});

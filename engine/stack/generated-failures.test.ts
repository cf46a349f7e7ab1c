import { assert, asyncProperty, boolean, integer, nat } from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../kernel/memory.ts";
import type { Store } from "../kernel/store.ts";
import { GENERATED_SERVICES } from "../testing/generated-stacks.ts";
import { runs } from "../testing/property-runs.ts";
import { serviceRecords } from "../testing/stack-contents.ts";
import { dyingStore, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { stackChange } from "../testing/stack-graphs.ts";
import { thingErrors } from "../testing/stack-things.ts";
import { watched, type HandlerCall } from "../testing/watched-services.ts";

/**
 * The services, failing at the moments whose numbers are given: there are two for each handler call. A call that fails
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
  const services = watched(GENERATED_SERVICES, {
    before: (call) => pass(call, "before"),
    after: (call) => pass(call, "after"),
  });
  return { services, seen };
}

/** The stack and what it made, without what a failed deployment may leave: its cause and its log. */
async function stateOf(store: Store) {
  const details = await stacksUnderTest(GENERATED_SERVICES, { store }).stacks.get(TEST_SCOPE, "web");
  const { cause: _cause, updatedAtMs: _updatedAtMs, ...stack } = details ?? {};
  return { records: await serviceRecords(store), stack };
}

async function deployed(template: string): Promise<Store> {
  const store = memoryStore();
  expect((await stacksUnderTest(GENERATED_SERVICES, { store }).deploy(template)).cause).toBeUndefined();
  return store;
}

const settle = (store: Store, how: "undo" | "resume" = "undo", seed = 5) =>
  stacksUnderTest(GENERATED_SERVICES, { store, seed }).stacks.settle({
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
          const store = base.fork();
          const { services, seen } = failingAt(moment);
          const result = await stacksUnderTest(services, { store, seed: 3 }).deploy(after, { concurrency });
          if (seen.moments < moment) {
            expect(["deployed", "unchanged"]).toContain(result.status);
            break;
          }
          expect(result).toMatchObject({ status: "rolled-back", cause: { code: "Injected" }, remaining: [] });
          expect(await stateOf(store)).toEqual(state);
        }
      }),
      { numRuns: runs(10), seed: 21 },
    );
  });

  test("that fails somewhere in a large stack leaves everything as it was, and can be made afterwards", async () => {
    await assert(
      asyncProperty(stackChange(200), nat(1_000_000), async ({ before, after }, choice) => {
        const base = await deployed(before);
        const state = await stateOf(base);
        const counted = failingAt();
        await stacksUnderTest(counted.services, { store: base.fork(), seed: 3 }).deploy(after);
        if (counted.seen.moments === 0) return;
        const { services } = failingAt(1 + (choice % counted.seen.moments));
        const failed = await stacksUnderTest(services, { store: base, seed: 4 }).deploy(after);
        expect(failed).toMatchObject({ status: "rolled-back", remaining: [] });
        expect(await stateOf(base)).toEqual(state);
        const under = stacksUnderTest(GENERATED_SERVICES, { store: base, seed: 5 });
        expect((await under.plan(before)).plan?.isEmpty).toBe(true);
        expect((await under.deploy(after)).cause).toBeUndefined();
        expect((await under.plan(after)).plan?.isEmpty).toBe(true);
      }),
      { numRuns: runs(10), seed: 22 },
    );
  });

  test("whose undoing fails as well says what remains, and is undone when it is continued", async () => {
    await assert(
      asyncProperty(stackChange(15), nat(1_000_000), integer({ min: 1, max: 12 }), async (change, choice, later) => {
        const { before, after } = change;
        const base = await deployed(before);
        const state = await stateOf(base);
        const counted = failingAt();
        await stacksUnderTest(counted.services, { store: base.fork(), seed: 3 }).deploy(after);
        if (counted.seen.moments === 0) return;
        const first = 1 + (choice % counted.seen.moments);
        const { services } = failingAt(first, first + later);
        const result = await stacksUnderTest(services, { store: base, seed: 4 }).deploy(after);
        if (result.status === "rollback-failed") {
          expect(result.remaining?.[0]).toMatchObject({ code: "Injected" });
          const { stacks } = stacksUnderTest(GENERATED_SERVICES, { store: base, seed: 5 });
          const continued = await stacks.continueRollback({ scope: TEST_SCOPE, stack: "web" });
          expect(continued).toMatchObject({ status: "rolled-back", cause: result.cause });
        }
        expect(await stateOf(base)).toEqual(state);
      }),
      { numRuns: runs(30), seed: 23 },
    );
  });

  test("that dies at any commit is settled to what was, or, resumed, to what was wanted", async () => {
    await assert(
      asyncProperty(stackChange(14), boolean(), boolean(), nat(9), async (change, isResumed, isFailing, again) => {
        const { before, after } = change;
        const base = await deployed(before);
        const state = await stateOf(base);
        for (let commits = 0; ; commits += 1) {
          const store = base.fork();
          // A failure in the middle, so that some of the commits are those of the undoing.
          const { services } = failingAt(...(isFailing ? [9] : []));
          const dying = stacksUnderTest(services, { store: dyingStore(store, commits), seed: 3 });
          const result = await dying.deploy(after).catch((error: unknown) => error);
          if (!(result instanceof Error)) break;
          const how = isResumed ? "resume" : "undo";
          // The settling may die as well.
          await settle(dyingStore(store, again), how, 7).catch((error: unknown) => error);
          const settled = await settle(store, how);
          expect(["clean", "undone", "resumed"]).toContain(settled.status);
          const under = stacksUnderTest(GENERATED_SERVICES, { store, seed: 6 });
          const isDone = (await under.plan(after)).plan?.isEmpty === true;
          if (!isResumed || !isDone) expect(await stateOf(store)).toEqual(state);
          if (settled.status === "resumed") expect(isDone).toBe(true);
          await under.destroy();
          expect(await serviceRecords(store)).toEqual({});
        }
      }),
      { numRuns: runs(10), seed: 24 },
    );
  });
});

import { assert, asyncProperty, constantFrom, integer, nat } from "fast-check";
import { describe, expect, test } from "vitest";
import type { ManualClock } from "../platform/clock.ts";
import { seededRandom } from "../platform/random.ts";
import { generatedStacks } from "../testing/generated-stacks.ts";
import { sampled } from "../testing/property-runs.ts";
import { meaningOf, recordCounts, serviceRecords } from "../testing/stack-contents.ts";
import { TEST_SCOPE, type StacksUnderTest } from "../testing/stack-engine.ts";
import { stackChange, stackHistory } from "../testing/stack-graphs.ts";
import { thingErrors } from "../testing/stack-things.ts";
import type { HandlerCall, Watcher } from "../testing/watched-types.ts";
import type { StackEvent } from "./apply/stack-event.ts";

const WEB = { scope: TEST_SCOPE, stack: "web" } as const;

/** What a stack is and how much of everything there is. */
const stateOf = async ({ stacks, store }: StacksUnderTest) => ({
  meaning: meaningOf(await stacks.get(TEST_SCOPE, "web")),
  counts: await recordCounts(store),
});

/** Handlers that fail for good from the `failsAfter`-th handler call on until told otherwise. */
function failingAfter(failsAfter: number) {
  const faults = { left: Number.POSITIVE_INFINITY, begin: () => void (faults.left = failsAfter), end: () => {} };
  faults.end = () => void (faults.left = Number.POSITIVE_INFINITY);
  const watcher: Watcher = {
    before({ handler, logicalId, isUndo }) {
      if (!isUndo && faults.left-- <= 0) throw thingErrors.Injected({ step: `${handler} ${logicalId}` });
    },
  };
  return { watcher, faults };
}

/** Handlers that are busy now and then: never so often in one transaction that it would count as a failure for good. */
function sometimesBusy(seed: number) {
  const random = seededRandom(seed);
  const times = new Map<string, number>();
  const mayBeBusy = ({ handler, logicalId, isUndo }: HandlerCall) => {
    // All deletions but those of an undoing are one transaction.
    const transaction = handler === "delete" && !isUndo ? "commit" : `${handler} ${logicalId} ${isUndo}`;
    const count = times.get(transaction) ?? 0;
    if (count === 5 || (random.bytes(1)[0] ?? 0) > 60) return;
    times.set(transaction, count + 1);
    throw thingErrors.Busy({ step: transaction });
  };
  return { busy: { before: mayBeBusy, after: mayBeBusy }, rest: () => times.clear() };
}

describe("a stack of any history", () => {
  test("goes back to any version that it had", async () => {
    await assert(
      asyncProperty(stackHistory(60), nat(3), async (templates, wanted) => {
        const under = generatedStacks();
        const states: Awaited<ReturnType<typeof stateOf>>[] = [];
        for (const template of templates) {
          const { serial = 0, cause } = await under.deploy(template);
          expect(cause).toBeUndefined();
          // A template that changes nothing makes no version.
          states[serial] = await stateOf(under);
        }
        const to = Math.min(1 + wanted, states.length - 1);
        const back = await under.stacks.rollback({ ...WEB, to });
        expect({ cause: back.cause, errors: back.diagnostics.filter((each) => each.severity === "error") }).toEqual({
          errors: [],
        });
        expect(await stateOf(under)).toEqual(states[to]);
        await under.destroy();
        expect(await serviceRecords(under.store)).toEqual({});
      }),
      sampled(15, 51),
    );
  });

  test("whose failed deployments were kept goes back to where the first began, or on", async () => {
    await assert(
      asyncProperty(
        stackChange(40),
        nat(30),
        constantFrom("back", "on"),
        async ({ before, after }, failsAfter, way) => {
          const { watcher, faults } = failingAfter(failsAfter);
          const under = generatedStacks({}, watcher);
          await under.deploy(before);
          const records = await serviceRecords(under.store);
          for (let round = 0; round < 2; round += 1) {
            faults.begin();
            const { status } = await under.deploy(after, { onFailure: "keep" });
            expect(["kept", "deployed", "unchanged"]).toContain(status);
            if (status !== "kept") return;
          }
          faults.end();
          if (way === "back") {
            expect((await under.stacks.rollback(WEB)).remaining ?? []).toEqual([]);
            expect(await serviceRecords(under.store)).toEqual(records);
            expect((await under.plan(before)).plan?.isEmpty).toBe(true);
            return;
          }
          expect((await under.deploy(after)).cause).toBeUndefined();
          const fresh = generatedStacks({ seed: 2 });
          await fresh.deploy(after);
          expect(await stateOf(under)).toEqual(await stateOf(fresh));
        },
      ),
      sampled(25, 52),
    );
  });
});

test("failures that pass by themselves change nothing about the result, forwards or backwards", async () => {
  await assert(
    asyncProperty(
      stackChange(60),
      integer({ min: 1, max: 8 }),
      nat(1_000_000),
      nat(80),
      async ({ before, after }, concurrency, seed, failsAfter) => {
        const { watcher, faults } = failingAfter(failsAfter);
        const { busy, rest } = sometimesBusy(seed);
        const under = generatedStacks({}, watcher, busy);
        const options = { concurrency, onEvent: waking(under.clock) };
        expect((await under.deploy(before, options)).cause).toBeUndefined();
        const was = await stateOf(under);
        faults.begin();
        rest();
        const failed = await under.deploy(after, options);
        faults.end();
        if (failed.status === "rolled-back") expect(await stateOf(under)).toEqual(was);
        rest();
        expect((await under.deploy(after, options)).cause).toBeUndefined();
        const calm = generatedStacks({ seed: 2 });
        await calm.deploy(after);
        expect(await stateOf(under)).toEqual(await stateOf(calm));
      },
    ),
    sampled(15, 53),
  );
});

/** Lets time pass whenever somebody waits. */
const waking = (clock: ManualClock) => (event: StackEvent) => {
  if (event.status === "retrying") setImmediate(() => clock.advanceSeconds(20));
};

import { assert, asyncProperty, boolean, integer, nat } from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../platform/random.ts";
import { disorderOf } from "../testing/event-order.ts";
import { generatedStacks } from "../testing/generated-stacks.ts";
import { sampled } from "../testing/property-runs.ts";
import { TEST_SCOPE } from "../testing/stack-engine.ts";
import { stackChange } from "../testing/stack-graphs.ts";
import { thingErrors } from "../testing/stack-things.ts";
import type { Watcher } from "../testing/watched-types.ts";
import type { StackEvent } from "./apply/stack-event.ts";

type Dependent = { readonly logicalId: string; readonly dependencies: readonly string[] };
const dependenciesIn = (resources: readonly Dependent[] = []) =>
  new Map(resources.map(({ logicalId, dependencies }) => [logicalId, dependencies]));

/** Lets handlers take their time: as long or short as the seed says. */
function unhurried(seed: number, shouldFail: () => boolean): Watcher {
  const random = seededRandom(seed);
  const pause = async () => {
    for (let turns = (random.bytes(1)[0] ?? 0) % 6; turns > 0; turns -= 1) await new Promise(setImmediate);
  };
  return {
    async before({ handler, logicalId, isUndo }) {
      await pause();
      if (!isUndo && shouldFail()) throw thingErrors.Injected({ step: `${handler} ${logicalId}` });
    },
    after: pause,
  };
}

test("steps keep the order of their dependencies, forwards and backwards, however many run at once", async () => {
  await assert(
    asyncProperty(
      stackChange(200),
      integer({ min: 1, max: 16 }),
      nat(1_000_000),
      boolean(),
      nat(60),
      async (change, concurrency, seed, isFailing, failsAfter) => {
        let left = Number.POSITIVE_INFINITY;
        const under = generatedStacks({}, unhurried(seed, () => left-- <= 0));
        await under.deploy(change.before, { concurrency });
        const { resources } = (await under.stacks.get(TEST_SCOPE, "web")) ?? {};
        const { plan } = await under.plan(change.after);
        const events: StackEvent[] = [];
        if (isFailing) left = failsAfter;
        await under.deploy(change.after, { concurrency, onEvent: (event) => void events.push(event) });
        const dependencies = { before: dependenciesIn(resources), after: dependenciesIn(plan?.changes) };
        const { faults, atOnce } = disorderOf(events, dependencies);
        expect(faults).toEqual([]);
        expect(atOnce).toBeLessThanOrEqual(concurrency);
      },
    ),
    sampled(12, 31),
  );
});

test("steps that do not depend on each other run at once, as many as are allowed", async () => {
  const Resources = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [`R${at}`, { Type: "Thing", Properties: { Value: `${at}` } }]),
  );
  for (const concurrency of [1, 4, 16]) {
    const under = generatedStacks({}, unhurried(1, () => false));
    const events: StackEvent[] = [];
    const template = JSON.stringify({ Resources });
    await under.deploy(template, { concurrency, onEvent: (event) => void events.push(event) });
    expect(disorderOf(events, { before: new Map(), after: new Map() }).atOnce).toBe(concurrency);
  }
});

import { assert, asyncProperty, boolean, integer } from "fast-check";
import { expect, test } from "vitest";
import { generatedStacks } from "../testing/generated-stacks.ts";
import { sampled } from "../testing/property-runs.ts";
import { meaningOf, recordCounts, serviceRecords } from "../testing/stack-contents.ts";
import { TEST_SCOPE } from "../testing/stack-engine.ts";
import { stackChange } from "../testing/stack-graphs.ts";

test("any two templates applied one after the other equal the second from nothing, and leave nothing", async () => {
  await assert(
    asyncProperty(stackChange(200), integer({ min: 1, max: 12 }), async ({ before, after }, concurrency) => {
      const both = generatedStacks();
      const fresh = generatedStacks({ seed: 2 });
      expect((await both.deploy(before, { concurrency })).cause).toBeUndefined();
      expect((await both.plan(before)).plan?.isEmpty).toBe(true);
      const { cause, diagnostics } = await both.deploy(after, { concurrency });
      expect({ cause, errors: diagnostics.filter((each) => each.severity === "error") }).toEqual({ errors: [] });
      expect((await both.plan(after)).plan?.isEmpty).toBe(true);
      await fresh.deploy(after);
      expect(meaningOf(await both.stacks.get(TEST_SCOPE, "web"))).toEqual(
        meaningOf(await fresh.stacks.get(TEST_SCOPE, "web")),
      );
      expect(await recordCounts(both.store)).toEqual(await recordCounts(fresh.store));
      expect(await both.destroy()).toMatchObject({ status: "deployed" });
      expect(await serviceRecords(both.store)).toEqual({});
    }),
    sampled(15, 11),
  );
});

test("the same inputs make the same plan, byte for byte", async () => {
  await assert(
    asyncProperty(stackChange(60), async ({ before, after }) => {
      const [one, other] = [generatedStacks(), generatedStacks()];
      for (const each of [one, other]) await each.deploy(before, { concurrency: 1 });
      const plans = [await one.plan(after), await one.plan(after), await other.plan(after)];
      expect(new Set(plans.map((each) => JSON.stringify(each))).size).toBe(1);
    }),
    sampled(15, 14),
  );
});

test("a plan that was kept does what it showed, or nothing when the stack has moved", async () => {
  await assert(
    asyncProperty(stackChange(40), boolean(), async ({ before, after }, isMoved) => {
      const under = generatedStacks();
      await under.deploy(before);
      const { plan } = await under.plan(after);
      if (!plan) throw new Error("a generated template can be planned");
      const kept = JSON.parse(JSON.stringify(plan)) as typeof plan;
      if (isMoved) {
        const other = JSON.parse(before) as { Resources: object };
        const Late = { Type: "Thing", Properties: { Value: "late" } };
        await under.deploy(JSON.stringify({ ...other, Resources: { ...other.Resources, Late } }));
        const records = await serviceRecords(under.store);
        const refused = await under.stacks.deploy({ plan: kept });
        expect(refused).toMatchObject({ status: "refused", diagnostics: [{ code: "CS2005" }] });
        expect(await serviceRecords(under.store)).toEqual(records);
        return;
      }
      const done = new Map<string, string>();
      const result = await under.stacks.deploy(
        { plan: kept },
        {
          // The first time that a resource is done with; what it replaced goes at the end.
          onEvent({ status, logicalId = "", action = "none" }) {
            if (status === "done" && !done.has(logicalId)) done.set(logicalId, action);
          },
        },
      );
      expect(result.cause).toBeUndefined();
      const planned = plan.changes.filter(({ action }) => action !== "none");
      expect(done).toEqual(new Map(planned.map(({ action, logicalId }) => [logicalId, action])));
      expect((await under.plan(after)).plan?.isEmpty).toBe(true);
    }),
    sampled(15, 15),
  );
});

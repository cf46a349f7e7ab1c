import { Ajv } from "ajv";
import { assert, asyncProperty } from "fast-check";
import { describe, expect, test } from "vitest";
import { generatedStacks } from "../../testing/generated-stacks.ts";
import { sampled } from "../../testing/property-runs.ts";
import { stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { stackChange } from "../../testing/stack-graphs.ts";
import type { Plan } from "./plan.ts";
import { driftSchema, planSchema } from "./plan-schema.ts";

const ajv = new Ajv({ allErrors: true, strict: false });
const acceptsPlan = ajv.compile(planSchema);
const acceptsDrift = ajv.compile(driftSchema);

/** As a file keeps it. */
const kept = (plan: Plan) => JSON.parse(JSON.stringify(plan)) as Plan;

describe("a plan kept in a file", () => {
  test("has the form that its schema says, and does what it says: no step more, no step less", async () => {
    await assert(
      asyncProperty(stackChange(40), async ({ before, after }) => {
        const { deploy, plan, stacks } = generatedStacks();
        await deploy(before);
        const { plan: made, diagnostics } = await plan(after);
        if (!made) throw new Error(JSON.stringify(diagnostics));
        expect(kept(made)).toEqual(made);
        expect([acceptsPlan(kept(made)), acceptsPlan.errors]).toEqual([true, null]);
        const { deploymentId, status } = await stacks.deploy({ plan: kept(made) });
        expect(["deployed", "unchanged"]).toContain(status);
        const events = deploymentId ? await stacks.events({ scope: TEST_SCOPE, stack: "web", deploymentId }) : [];
        const done = events.filter(({ status: each, logicalId }) => each === "done" && logicalId !== undefined);
        // A replacement ends with the deletion of what was replaced.
        const planned = made.changes.flatMap(({ action, logicalId }) =>
          action === "none"
            ? []
            : action === "replace"
              ? [`replace ${logicalId}`, `delete ${logicalId}`]
              : [`${action} ${logicalId}`],
        );
        expect(done.map(({ action, logicalId }) => `${action} ${logicalId}`).sort()).toEqual(planned.sort());
      }),
      sampled(15, 31),
    );
  });

  test("with everything a plan can have, has that form as well", async () => {
    const { deploy, plan, stacks } = stacksUnderTest();
    const parameters = { Key: "hush" };
    const before = `
Parameters: {Key: {Type: String, NoEcho: true}}
Resources:
  Base: {Type: Thing, Properties: {Value: base, Secret: !Ref Key}}
  Gone: {Type: Thing, Properties: {Value: gone}}
  Free: {Type: Thing, Properties: {Value: free}}
Outputs: {Id: {Value: !Ref Base}}
`;
    await deploy(before, { parameters });
    const after = before
      .replace("Resources:", "Moved: [{From: Base, To: Ground}]\nRemoved: [Free]\nResources:")
      .replace("Base: {Type: Thing, Properties: {Value: base", "Ground: {Type: Thing, Properties: {Value: ground")
      .replace(/ {2}(Gone|Free): .*\n/g, "")
      .replace("!Ref Base", '!Sub "of ${Ground}"');
    const { plan: made, diagnostics } = await plan(after, parameters);
    expect(diagnostics).toEqual([]);
    expect([acceptsPlan(made), acceptsPlan.errors]).toEqual([true, null]);
    const report = await stacks.drift({ scope: TEST_SCOPE, stack: "web" });
    expect([acceptsDrift(JSON.parse(JSON.stringify(report))), acceptsDrift.errors]).toEqual([true, null]);
  });
});

import { assert, asyncProperty } from "fast-check";
import { expect, test } from "vitest";
import { generatedStacks } from "../../testing/generated-stacks.ts";
import { sampled } from "../../testing/property-runs.ts";
import { TEST_SCOPE } from "../../testing/stack-engine.ts";
import { stackChange } from "../../testing/stack-graphs.ts";
import type { ExportedParameter } from "./exported.ts";
import { writeYaml } from "./write-yaml.ts";

/** What a template had in its text for the parameters that an export asks for: `ThingSecret` of `Thing`. */
function secretsIn(template: string, parameters: readonly ExportedParameter[]): Record<string, string> {
  const { Resources } = JSON.parse(template) as { Resources: Record<string, { Properties: { Secret?: string } }> };
  const asked = parameters.filter(({ isSecret }) => isSecret).map(({ name }) => name);
  return Object.fromEntries(
    asked.map((name) => [name, Resources[name.replace(/Secret$/, "")]?.Properties.Secret ?? ""]),
  );
}

test("any graph that is deployed, and changed, exports to a template that changes nothing", async () => {
  await assert(
    asyncProperty(stackChange(60), async ({ before, after }) => {
      const under = generatedStacks();
      for (const template of [before, after]) {
        expect((await under.deploy(template)).cause).toBeUndefined();
        const form = { inCloudTypes: false, isTemplate: true };
        const exported = await under.stacks.export({ scope: TEST_SCOPE, stack: "web" }, form);
        const text = writeYaml(exported).files["web.yaml"] ?? "";
        const { plan, diagnostics } = await under.plan(text, secretsIn(template, exported.parameters));
        const changed = plan?.changes.filter(({ action }) => action !== "none");
        const errors = diagnostics.filter(({ severity }) => severity === "error");
        expect({ errors, changed, outputs: plan?.outputs }).toEqual({ errors: [], changed: [], outputs: [] });
      }
    }),
    sampled(15, 31),
  );
});

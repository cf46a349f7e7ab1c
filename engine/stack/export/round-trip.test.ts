import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { awsStacksUnderTest, templateOf } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../testing/type-samples/all.ts";
import { createRegistry } from "../registry/registry.ts";
import { exampleTemplate } from "../registry/example-template.ts";
import { writeYaml } from "./write-yaml.ts";

// Whatever can be deployed: the template that is written of it plans to change nothing.
const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
const TYPES = registry.names.map((name) => registry.get(name)!.type);

async function yamlOf({ stacks }: StacksUnderTest): Promise<string> {
  const found = await stacks.export({ scope: TEST_SCOPE, stack: "web" }, { inCloudTypes: false, isTemplate: true });
  return writeYaml(found).files["web.yaml"] ?? "";
}

async function expectEmptyPlan(template: string): Promise<void> {
  const under = awsStacksUnderTest();
  expect(await under.deploy(template)).toMatchObject({ status: "deployed" });
  const { plan, diagnostics } = await under.plan(await yamlOf(under));
  const changed = plan?.changes.filter(({ action }) => action !== "none");
  expect({ diagnostics, changed, outputs: plan?.outputs }).toEqual({ diagnostics: [], changed: [], outputs: [] });
}

describe.each(TYPES.map((type) => [type.name, type] as const))("%s", (name, type) => {
  test.each(type.examples.map((each) => [each.title, each] as const))("as in %s", async (_, example) => {
    await expectEmptyPlan(JSON.stringify(exampleTemplate(registry, type, example.properties as object)));
  });
  test.each(Object.entries(TYPE_SAMPLES[name]!.changes))("with its %s", async (property, change) => {
    const { base, with: more } = TYPE_SAMPLES[name]!;
    const properties = { ...base, ...change.beside, ...change.along, [property]: change.to };
    await expectEmptyPlan(templateOf(name, properties, more));
  });
});

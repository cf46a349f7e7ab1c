import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../engine/catalog.generated.ts";
import { awsResourceTypes } from "../../engine/clouds/aws/binding.ts";
import type { Engine } from "../../engine/gateway/engine.ts";
import { mappingOf } from "../../engine/gateway/terraform-provider/mapping.ts";
import { describeType } from "../../engine/services/describe-type.ts";
import { createRegistry } from "../../engine/stack/registry/registry.ts";
import { TEST_SCOPE } from "../../engine/testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../engine/testing/type-samples/all.ts";
import {
  isTerraformMissing,
  providerUnderTest,
  startEngine,
  workspace,
  type ProviderUnderTest,
} from "./kit/provider.ts";
import { addResources, labelOf, propertiesAround, type Resources } from "./kit/sample-configuration.ts";

const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));

/** Properties by which a resource would survive the end of the test. */
const PROTECTIONS = new Set(["DeletionProtection", "DeletionProtectionEnabled"]);

/** One configuration that holds a resource for each property of a type: all before their changes, or all after. */
function configurations(name: string) {
  const sample = TYPE_SAMPLES[name]!;
  const written = (stage: "before" | "after" | "unprotected") => {
    const resource: Resources = {};
    const add = (label: string, properties: object) =>
      addResources(resource, registry, label, { It: { Type: name, Properties: { ...properties } }, ...sample.with });
    add("plain", sample.base);
    for (const [property, change] of Object.entries(sample.changes)) {
      const { before, after } = propertiesAround(sample, property, change);
      const unprotected = PROTECTIONS.has(property) ? { ...before, [property]: false } : after;
      add(labelOf(property), { before, after, unprotected }[stage]);
    }
    // Where what the samples name is at home.
    return JSON.stringify({ provider: { cloudstacks: TEST_SCOPE }, resource });
  };
  return { before: written("before"), after: written("after"), unprotected: written("unprotected") };
}

describe.skipIf(isTerraformMissing)("with Terraform", () => {
  let engine: Engine;
  let provider: ProviderUnderTest;
  beforeAll(async () => {
    engine = await startEngine();
    provider = await providerUnderTest(engine);
  });
  afterAll(async () => {
    await provider.stop();
    await engine.close();
  });

  test.each(registry.names)("%s is made, changed, imported and deleted, and each plan after is empty", async (name) => {
    const { type } = registry.get(name)!;
    const mapping = mappingOf(registry.get(name)!)!;
    const { before, after, unprotected } = configurations(name);
    const terraform = workspace(provider.variables, before, "main.tf.json");
    onTestFinished(() => terraform.remove());

    await terraform.settle();

    terraform.write("main.tf.json", after);
    const changes = new Map((await terraform.planned()).map(({ address, change }) => [address, change]));
    for (const { path, replaces, isRefused } of describeType(type).properties) {
      const change = changes.get(`${mapping.name}.${labelOf(path)}_it`);
      if (path.includes(".") || isRefused || replaces === "sometimes") continue;
      expect([path, change?.actions]).toEqual([path, replaces === "always" ? ["delete", "create"] : ["update"]]);
    }
    await terraform.settle();

    const ids = JSON.parse(await terraform.must("show", "-json")) as State;
    for (const { address, values } of ids.values.root_module.resources) {
      if (!address.endsWith("_it")) continue;
      await terraform.must("state", "rm", address);
      await terraform.must("import", "-no-color", address, values.id);
    }
    terraform.write("main.tf.json", unprotected);
    await terraform.settle();
    await terraform.must("destroy", "-no-color", "-auto-approve");
  });
});

interface State {
  readonly values: {
    readonly root_module: { readonly resources: readonly { address: string; values: { id: string } }[] };
  };
}

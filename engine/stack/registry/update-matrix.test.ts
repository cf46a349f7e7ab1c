import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { describeType } from "../../services/describe-type.ts";
import { awsStacksUnderTest, templateOf } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../testing/type-samples/all.ts";
import type { Change, Properties, TypeSample } from "../../testing/type-samples/sample.ts";
import { createRegistry } from "./registry.ts";

// For every property of every type: what the plan says of a change is what apply does, and then nothing is left to do.

const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
const TYPES = registry.names.map((name) => registry.get(name)!.type);

const without = (properties: Properties, name: string): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([each]) => each !== name));

/** The templates before and after a change, and after the property was taken out again. */
function templates(type: string, property: string, { base, with: more }: TypeSample, change: Change) {
  const properties = { ...base, ...change.beside };
  const template = (value: Properties) => templateOf(type, value, more);
  return {
    before: template("from" in change ? { ...properties, [property]: change.from } : properties),
    after: template({ ...properties, ...change.along, [property]: change.to }),
    gone: template(without(properties, property)),
  };
}

const itOf = async ({ stacks }: StacksUnderTest) =>
  (await stacks.get(TEST_SCOPE, "web"))?.resources.find(({ logicalId }) => logicalId === "It");

/** Plans a change of `It`, deploys it, and tells what was planned and what the events say was done. */
async function change(under: StacksUnderTest, template: string) {
  const { plan, diagnostics } = await under.plan(template);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const planned = plan?.changes.find(({ logicalId }) => logicalId === "It")?.action;
  const idBefore = (await itOf(under))?.id;
  const deployed = await under.deploy(template);
  expect(deployed.cause).toBeUndefined();
  expect(["deployed", "unchanged"]).toContain(deployed.status);
  const { deploymentId } = deployed;
  const events = deploymentId ? await under.stacks.events({ scope: TEST_SCOPE, stack: "web", deploymentId }) : [];
  const done = events.find(({ logicalId, status }) => logicalId === "It" && status === "done")?.action ?? "none";
  const hasMoved = idBefore !== (await itOf(under))?.id;
  expect((await under.plan(template)).plan?.changes.filter(({ action }) => action !== "none")).toEqual([]);
  return { planned, done, hasMoved };
}

/** Live properties without what is made up anew each time. */
async function settled(under: StacksUnderTest, nameProperty: string | undefined): Promise<unknown> {
  const record = await itOf(under);
  const generated = new Set(["Name", nameProperty]);
  const plain = JSON.parse(JSON.stringify(record?.live ?? {})) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(plain).filter(([name]) => !generated.has(name)));
}

/** Deploys a change together with something that fails after it, and finds everything as it was. */
async function undoes(under: StacksUnderTest, before: string, after: string): Promise<void> {
  const record = await itOf(under);
  const { Resources, ...rest } = JSON.parse(after) as { Resources: object };
  const failing = { Type: "AWS::S3::BucketPolicy", Properties: { Bucket: "is-not-there", PolicyDocument: "{}" } };
  const template = JSON.stringify({ ...rest, Resources: { ...Resources, Failing: { ...failing, DependsOn: "It" } } });
  const failed = await under.deploy(template);
  expect(failed).toMatchObject({ remaining: [], status: "rolled-back", cause: { logicalId: "Failing" } });
  const ctx = under.calls.contextOf(registry.get(record!.type)!.service, TEST_SCOPE);
  const { handlers } = registry.get(record!.type)!.type;
  const live = await under.store.read((tx) => handlers.read(tx, record!.id, ctx));
  expect(JSON.parse(JSON.stringify(live?.properties))).toEqual(JSON.parse(JSON.stringify(record!.live)));
  expect((await under.plan(before)).plan?.isEmpty).toBe(true);
}

/** Changes `It` behind the stack's back, from what one template says to what another says, and deploys the first. */
async function putBack(under: StacksUnderTest, name: string, before: string, after: string): Promise<void> {
  const changed = await itOf(under);
  await under.deploy(before);
  const record = (await itOf(under))!;
  const { type, service } = registry.get(name)!;
  const ctx = under.calls.contextOf(service, TEST_SCOPE);
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as never;
  await under.store.transact((tx) =>
    type.handlers.update(tx, record.id, plain(changed?.properties), plain(record.properties), ctx),
  );
  await change(under, before);
  expect((await itOf(under))?.live).toEqual(record.live);
  await under.deploy(after);
}

describe.each(TYPES.map((type) => [type.name, type] as const))("%s", (name, type) => {
  const sample = TYPE_SAMPLES[name];
  const described = describeType(type).properties;
  const settable = described.filter(({ path, isRefused }) => !path.includes(".") && !isRefused);

  test("has a sample with a change of every property", () => {
    expect(Object.keys(sample?.changes ?? {}).sort()).toEqual(settable.map(({ path }) => path).sort());
  });

  test.each(Object.entries(sample?.changes ?? {}))("%s changes as planned", async (property, wanted) => {
    const { replaces, isRequired } = described.find(({ path }) => path === property)!;
    const under = awsStacksUnderTest();
    const { before, after, gone } = templates(name, property, sample!, wanted);
    expect(await under.deploy(before)).toMatchObject({ status: "deployed" });
    await undoes(under, before, after);
    const { planned, done, hasMoved } = await change(under, after);
    expect(done).toBe(planned);
    if (replaces !== "sometimes") expect(planned).toBe(replaces === "always" ? "replace" : "update");
    // What is named after itself has its name for an id.
    expect(hasMoved).toBe(planned === "replace");

    if (planned === "update" && !wanted.staysBecause) await putBack(under, name, before, after);
    if (isRequired || wanted.staysBecause) return;
    const back = await change(under, gone);
    expect(back.done).toBe(back.planned);
    const fresh = awsStacksUnderTest();
    await fresh.deploy(gone);
    expect(await settled(under, type.nameProperty)).toEqual(await settled(fresh, type.nameProperty));
  });
});

import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { awsStacksUnderTest, templateOf } from "../../testing/aws-stacks.ts";
import { TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { TYPE_SAMPLES } from "../../testing/type-samples/all.ts";
import { exampleTemplate } from "./example-template.ts";
import { createRegistry } from "./registry.ts";

const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
const TYPES = registry.names.map((name) => registry.get(name)!);

const resourcesOf = async ({ stacks }: StacksUnderTest, stack = "web") =>
  (await stacks.get(TEST_SCOPE, stack))?.resources ?? [];

describe.each(TYPES.map((each) => [each.type.name, each] as const))("%s", (name, { type, service }) => {
  test.each(type.examples.map((each) => [each.title, each] as const))("deploys as in %s", async (_, example) => {
    const under = awsStacksUnderTest();
    const template = JSON.stringify(exampleTemplate(registry, type, example.properties as object));
    expect(await under.deploy(template)).toMatchObject({ status: "deployed" });
    const made = (await resourcesOf(under)).findLast((each) => each.type === name);
    const hidden: readonly string[] = type.writeOnly ?? [];
    const said = example.properties as Readonly<Record<string, unknown>>;
    const declared = Object.entries(made?.properties ?? {}).filter(
      ([property]) => said[property] !== undefined && !hidden.includes(property),
    );
    expect(made?.live).toMatchObject(Object.fromEntries(declared));
    expect(Object.keys(made?.attributes ?? {})).toContain(type.ref);
    expect((await under.plan(template)).plan?.isEmpty).toBe(true);
  });

  test("lists its ids in pages, and is gone once deleted, however often", async () => {
    const under = awsStacksUnderTest();
    const { base, with: more } = TYPE_SAMPLES[name]!;
    const made: string[] = [];
    for (const stack of ["one", "two", "three"]) {
      expect(await under.deploy(templateOf(name, base, more), { stack })).toMatchObject({ status: "deployed" });
      made.push((await resourcesOf(under, stack)).find(({ logicalId }) => logicalId === "It")!.id);
    }
    const ctx = under.calls.contextOf(service, TEST_SCOPE);
    const page = (after: string | undefined, limit: number) =>
      under.store.read((tx) => type.handlers.list(tx, ctx, { limit, ...(after !== undefined && { after }) }));
    const all = await page(undefined, 100);
    expect(all).toEqual([...all].toSorted());
    expect(all).toEqual(expect.arrayContaining(made));
    const first = await page(undefined, 2);
    expect([...first, ...(await page(first.at(-1), 100))]).toEqual(all);
    for (const id of [...made, ...made]) await under.store.transact((tx) => type.handlers.delete(tx, id, ctx));
    const left = made.map((id) => under.store.read((tx) => type.handlers.read(tx, id, ctx)));
    expect(await Promise.all(left)).toEqual([undefined, undefined, undefined]);
  });
});

describe("Queue", () => {
  const LACKING = [{ MaxReceiveCount: 7 }, { ContentBasedDeduplication: true }];
  test.each(LACKING)("refuses %j without what it needs", async (lacking) => {
    const { cause } = await awsStacksUnderTest().deploy(templateOf("Queue", lacking));
    expect(cause?.message).toMatch(/only beside a DeadLetterQueue|contentBasedDeduplication/i);
  });
});

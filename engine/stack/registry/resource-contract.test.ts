import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { manualClock } from "../../platform/clock.ts";
import { idsFrom } from "../../platform/ids.ts";
import { seededRandom } from "../../platform/random.ts";
import { createCalls } from "../../services/calls.ts";
import type { Service } from "../../services/manifest.ts";
import type { AnyResourceType, ResourceContext, ResourceState } from "../../services/resource-type.ts";

type Properties = Record<string, unknown>;
const TYPES = [
  ...SERVICES.flatMap((service) => service.resources.map((type) => ({ service, type }))),
  ...AWS_SERVICES.flatMap((aws) => aws.resources.map((type) => ({ service: aws.bound[0]?.service as Service, type }))),
];

function world(service: Service) {
  const random = seededRandom(1);
  const store = memoryStore();
  const calls = createCalls({
    store,
    blobs: memoryBlobStore(),
    clock: manualClock(),
    ids: idsFrom(random),
    random,
    services: SERVICES,
  });
  const options = { account: "111111111111", region: "us-east-1" };
  const owner = { stack: "web", logicalId: "It" };
  const ctx: ResourceContext<never> = { ...calls.contextOf(service, options), owner };
  return { store, calls, options, ctx };
}

type World = ReturnType<typeof world>;

/** The example, with what it refers to made first. */
async function exampleIn({ store, ctx, calls, options }: World, type: AnyResourceType): Promise<Properties> {
  const example = { ...(type.examples[0].properties as Properties) };
  for (const [property, name] of Object.entries(type.references ?? {})) {
    if (example[property] === undefined) continue;
    const target = TYPES.find((each) => each.type.name === name);
    if (!target) throw new Error(`${type.name}.${property} refers to ${name}, which is no type.`);
    const inner: World = { store, calls, options, ctx: { ...ctx, ...calls.contextOf(target.service, options) } };
    const made = await create(inner, target.type, await exampleIn(inner, target.type));
    example[property] = (made.attributes as Properties)[target.type.ref];
  }
  return example;
}

const create = ({ store, ctx }: World, type: AnyResourceType, properties: Properties): Promise<ResourceState> =>
  store.transact((tx) => type.handlers.create(tx, properties, ctx));
const read = ({ store, ctx }: World, type: AnyResourceType, id: string): Promise<ResourceState | undefined> =>
  store.read((tx) => type.handlers.read(tx, id, ctx));

function declared(type: AnyResourceType, properties: Properties): Properties {
  const writeOnly: readonly string[] = type.writeOnly ?? [];
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !writeOnly.includes(name)));
}

describe.each(TYPES.map((each) => [each.type.name, each] as const))("resource type %s", (_, { service, type }) => {
  test("reads back what it was created with, and as it was answered", async () => {
    const under = world(service);
    const example = await exampleIn(under, type);
    const made = await create(under, type, example);
    expect(made.properties).toMatchObject(declared(type, example));
    expect(await read(under, type, made.id)).toEqual(made);
  });

  test("lists its ids in pages, and is gone once deleted, however often", async () => {
    const under = world(service);
    const example = await exampleIn(under, type);
    const { nameProperty } = type;
    const made: string[] = [];
    for (const suffix of ["a", "b", "c"]) {
      const name = nameProperty === undefined ? {} : { [nameProperty]: `example-${suffix}` };
      const properties = type.name === "Subnet" ? { ...example, CIDRBlock: subnetOf(suffix) } : { ...example, ...name };
      made.push((await create(under, type, properties)).id);
    }
    const page = (after: string | undefined, limit: number) =>
      under.store.read((tx) => type.handlers.list(tx, under.ctx, { limit, ...(after !== undefined && { after }) }));
    const all = await page(undefined, 100);
    expect(all).toEqual([...all].toSorted());
    expect(all).toEqual(expect.arrayContaining(made));
    const first = await page(undefined, 2);
    expect([...first, ...(await page(first.at(-1), 100))]).toEqual(all);
    for (const id of [...made, ...made]) await under.store.transact((tx) => type.handlers.delete(tx, id, under.ctx));
    expect(await Promise.all(made.map((id) => read(under, type, id)))).toEqual([undefined, undefined, undefined]);
  });
});

describe("resource type Queue", () => {
  const { service, type } = TYPES.find((each) => each.type.name === "Queue") as (typeof TYPES)[number];

  test("changes what it needs another property for", async () => {
    const under = world(service);
    await create(under, type, { Name: "dead" });
    const made = await create(under, type, { DeadLetterQueue: "dead", MaxReceiveCount: 7 });
    expect((await read(under, type, made.id))?.properties).toMatchObject({ MaxReceiveCount: 7 });
    const fifo = await create(under, type, { Fifo: true, ContentBasedDeduplication: true });
    expect((await read(under, type, fifo.id))?.properties).toMatchObject({ ContentBasedDeduplication: true });
  });

  const LACKING = [{ MaxReceiveCount: 7 }, { ContentBasedDeduplication: true }];
  test.each(LACKING)("refuses %j without what it needs", async (lacking) => {
    await expect(create(world(service), type, lacking)).rejects.toThrow(
      /only beside a DeadLetterQueue|contentBasedDeduplication/i,
    );
  });
});

const subnetOf = (suffix: string) => `10.0.${suffix.charCodeAt(0)}.0/24`;

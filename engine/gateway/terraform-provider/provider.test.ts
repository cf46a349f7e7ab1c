import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { manualClock } from "../../platform/clock.ts";
import { idsFrom } from "../../platform/ids.ts";
import { silentLog } from "../../platform/log.ts";
import { seededRandom } from "../../platform/random.ts";
import { createCalls } from "../../services/calls.ts";
import { DEFAULT_SCOPE } from "../../services/context.ts";
import type { Service } from "../../services/manifest.ts";
import { createRegistry, type RegisteredType } from "../../stack/registry/registry.ts";
import { thingsService } from "../../testing/stack-things.ts";
import type { BlobStore } from "../../kernel/blobs.ts";
import { UNKNOWN, Decimal, type CtyObject } from "../../protocols/terraform/cty-value.ts";
import type { ManagedResource } from "../../protocols/terraform/provider.ts";
import { snakeCase } from "./names.ts";
import { createProvider } from "./provider.ts";
import type { ProviderSession } from "./session.ts";

function providerUnderTest(services: readonly Service[] = SERVICES, types = awsResourceTypes(AWS_SERVICES)) {
  const [store, clock, random] = [memoryStore(), manualClock(), seededRandom(1)];
  const ids = idsFrom(random);
  const calls = createCalls({ store, blobs: {} as BlobStore, clock, ids, random, services });
  const registry = createRegistry(services, types);
  const engine = { store, clock, ids, calls, registry, log: silentLog, defaultScope: DEFAULT_SCOPE, version: "0" };
  const provider = createProvider(engine);
  const session = provider.open();
  return { engine, provider, session, clock, resource: (name: string) => provider.resources[`cloudstacks_${name}`]! };
}

/** Every attribute that is not said is null, as Terraform sends it. */
const configOf = (resource: ManagedResource<ProviderSession>, said: CtyObject): CtyObject =>
  Object.fromEntries(Object.keys(resource.schema.attributes).map((name) => [name, said[name] ?? null]));

/** Plans and applies a configuration. */
async function applied(
  resource: ManagedResource<ProviderSession>,
  session: ProviderSession,
  said: CtyObject,
  before: { state: CtyObject | null; private?: Buffer | undefined } = { state: null },
) {
  const config = configOf(resource, said);
  const change = { prior: before.state, config, private: before.private };
  const planned = await resource.plan(session, change);
  const held = await resource.apply(session, { ...change, planned: planned.planned, private: planned.private });
  return { planned, held, config };
}

test.each([
  ["CIDRBlock", "cidr_block"],
  ["VpcID", "vpc_id"],
  ["KMSMasterKeyId", "kms_master_key_id"],
  ["SSESpecification", "sse_specification"],
  ["S3Key", "s3_key"],
  ["Name", "name"],
])("%s is called %s", (property, name) => {
  expect(snakeCase(property)).toBe(name);
});

describe("a plan", () => {
  test("knows what is declared and what has a default, and nothing else, of something new", async () => {
    const { resource, session } = providerUnderTest();
    const queue = resource("queue");
    const config = configOf(queue, { name: "jobs", delay_seconds: 5, labels: UNKNOWN });
    expect((await queue.plan(session, { prior: null, config })).planned).toEqual({
      name: "jobs",
      delay_seconds: 5,
      labels: UNKNOWN,
      fifo: false,
      visibility_timeout: 30,
      message_retention: 345_600,
      receive_wait: 0,
      message_bytes_max: 1_048_576,
      content_based_deduplication: false,
      dead_letter_queue: UNKNOWN,
      max_receive_count: 10,
      id: UNKNOWN,
    });
  });

  test("of an attribute that is no longer declared makes it what it is when nobody declares it", async () => {
    const { resource, session } = providerUnderTest();
    const vpc = resource("vpc");
    const first = await applied(vpc, session, { labels: { tier: "front" } });
    const second = await applied(vpc, session, {}, first.held);
    expect(second.planned.planned).toMatchObject({ labels: UNKNOWN, vpc_id: first.held.state?.["vpc_id"] });
    expect(second.held.state).toMatchObject({ labels: {} });
    const third = await applied(vpc, session, {}, second.held);
    expect(third.planned.planned).toEqual(second.held.state);
  });

  test("of a state without a memory changes what its configuration says otherwise, and nothing else", async () => {
    const { resource, session } = providerUnderTest();
    const vpc = resource("vpc");
    const { held } = await applied(vpc, session, { name: "net", labels: { tier: "front" } });
    const planOf = async (said: CtyObject) =>
      (await vpc.plan(session, { prior: held.state, config: configOf(vpc, said) })).planned;
    expect(await planOf({ name: "net" })).toEqual(held.state);
    expect(await planOf({ name: "web" })).toEqual({ ...held.state, name: "web" });
  });

  test("puts back what nobody declares and somebody changed", async () => {
    const { engine, resource, session } = providerUnderTest();
    const vpc = resource("vpc");
    const { held, config } = await applied(vpc, session, { name: "net" });
    const { type, service } = engine.registry.get("VPC")!;
    const ctx = engine.calls.contextOf(service, DEFAULT_SCOPE);
    const id = String(held.state?.["id"]);
    const change = { Name: "net", Labels: { by: "hand" } };
    await engine.store.transact((tx) => type.handlers.update(tx, id, change, { Name: "net" }, ctx));
    const seen = await vpc.read(session, { state: held.state!, private: held.private });
    expect(seen.state).toMatchObject({ labels: { by: "hand" } });
    const planned = await vpc.plan(session, { prior: seen.state, config, private: seen.private });
    expect(planned.planned).toMatchObject({ name: "net", labels: {} });
    const again = await applied(vpc, session, { name: "net" }, seen);
    expect(again.held.state).toEqual(held.state);
  });

  test("keeps the words of JSON that means the same", async () => {
    const { resource, session } = providerUnderTest();
    const subscription = resource("subscription");
    const topic = await applied(resource("topic"), session, { name: "news" });
    const said = (filter: string) => ({
      topic: topic.held.state?.["name"] ?? null,
      protocol: "email",
      endpoint: "reader@example.com",
      filter,
    });
    const first = await applied(subscription, session, said('{"kind":["a"],"size":[1]}'));
    expect(first.held.state).toMatchObject({ filter: '{"kind":["a"],"size":[1]}' });
    const again = await applied(subscription, session, said('{ "size": [1], "kind": ["a"] }'), first.held);
    expect(again.planned.planned).toEqual(first.held.state);
    const changed = await applied(subscription, session, said('{"kind":["b"]}'), first.held);
    expect(changed.planned.planned).toMatchObject({ filter: '{"kind":["b"]}' });
  });

  test("replaces on the condition that a type's own rule names", async () => {
    const things = thingsService();
    const [type] = things.resources;
    const grown = { ...type!, replacement: { Value: (a: unknown, b: unknown) => String(b) < String(a) } };
    const { resource, session } = providerUnderTest([{ ...things, resources: [grown] }], []);
    const thing = resource("thing");
    const first = await applied(thing, session, { value: "b" });
    const planOf = async (value: string) =>
      (
        await thing.plan(session, {
          prior: first.held.state,
          config: configOf(thing, { value }),
          private: first.held.private,
        })
      ).requiresReplace;
    expect(await planOf("c")).toEqual([]);
    expect(await planOf("a")).toEqual([[{ attribute: "value" }]]);
  });

  test("refuses a number that has more digits than are kept, at its attribute", () => {
    const { resource } = providerUnderTest();
    const queue = resource("queue");
    const long = new Decimal("30.00000000000000000000001");
    expect(queue.validate(configOf(queue, { visibility_timeout: long }))).toEqual([
      {
        severity: "error",
        summary: "30.00000000000000000000001 has more digits than CloudStacks keeps of a number.",
        path: [{ attribute: "visibility_timeout" }],
      },
    ]);
  });
});

describe("a provider whose region is known only after apply", () => {
  test("plans what is new, is told as deferred, and reads nothing", async () => {
    const { provider, session, resource } = providerUnderTest();
    expect(provider.configure(session, { account: null, region: UNKNOWN })).toEqual([]);
    expect(provider.isDeferred(session)).toBe(true);
    const vpc = resource("vpc");
    const config = configOf(vpc, {});
    expect((await vpc.plan(session, { prior: null, config })).planned).toMatchObject({ vpc_id: UNKNOWN });
    const state = { ...config, id: "vpc-1" };
    expect(await vpc.read(session, { state })).toMatchObject({ state, diagnostics: [{ severity: "error" }] });
  });

  test.each([{ account: "12" }, { region: "" }])("is refused as %j", (said) => {
    const { provider, session } = providerUnderTest();
    const config = { account: null, region: null, ...said };
    expect(provider.configure(session, config)).toMatchObject([{ path: [{ attribute: Object.keys(said)[0] }] }]);
  });
});

test("a resource of AWS's provider becomes one of ours that shows the same record", async () => {
  const { resource, session } = providerUnderTest();
  const queue = resource("queue");
  await applied(queue, session, { name: "jobs", delay_seconds: 7 });
  const from = {
    provider: "registry.terraform.io/hashicorp/aws",
    type: "aws_sqs_queue",
    json: '{"id":"http://127.0.0.1:4566/000000000000/jobs","name":"jobs","delay_seconds":7}',
  };
  expect((await queue.move(session, from)).state).toMatchObject({ id: "jobs", delay_seconds: 7 });
  expect((await resource("aws_sqs_queue").move(session, from)).state).toMatchObject({ id: "jobs", delay_seconds: 7 });
  expect(await resource("topic").move(session, from)).toMatchObject({
    state: null,
    diagnostics: [
      {
        summary: "A aws_sqs_queue cannot become a cloudstacks_topic",
        detail: "Only types that show the same records can: cloudstacks_aws_sns_topic, aws_sns_topic.",
      },
    ],
  });
});

describe("a creation that Terraform may not have heard of", () => {
  test("is taken up by whoever declares the same again, once", async () => {
    const { resource, session } = providerUnderTest();
    const bucket = resource("bucket");
    const lost = await applied(bucket, session, { name: "photos", labels: { tier: "front" } });
    const other = await applied(bucket, session, { name: "photos" });
    expect(other.held).toMatchObject({ state: null, diagnostics: [{ path: [{ attribute: "name" }] }] });
    const again = await applied(bucket, session, { name: "photos", labels: { tier: "front" } });
    expect(again.held.state).toEqual(lost.held.state);
    await again.held.onAnswered?.();
    await lost.held.onAnswered?.();
    const late = await applied(bucket, session, { name: "photos", labels: { tier: "front" } });
    expect(late.held).toMatchObject({ state: null, diagnostics: [{ severity: "error" }] });
  });

  test("is somebody else's after a day", async () => {
    const { resource, session, clock } = providerUnderTest();
    const bucket = resource("bucket");
    await applied(bucket, session, { name: "photos" });
    clock.advanceMs(25 * 60 * 60 * 1000);
    expect((await applied(bucket, session, { name: "photos" })).held.state).toBeNull();
  });
});

test("what has one of Terraform's own names has its type's before it", async () => {
  const { resource, session } = providerUnderTest();
  const partitionKey = { name: "id", type: "S" };
  const { held } = await applied(resource("table"), session, { name: "orders", partition_key: partitionKey });
  expect(held.state).toMatchObject({ id: "orders", table_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
  expect(Object.keys(providerUnderTest([thingsService()], []).resource("thing").schema.attributes)).toContain(
    "thing_count",
  );
});

test("a type with a part outside the store is not offered", () => {
  const things = thingsService();
  const outside = { create: () => Promise.reject(new Error()) } as never;
  const types: RegisteredType[] = [{ service: things, type: { ...things.resources[0]!, name: "Far", outside } }];
  expect(Object.keys(providerUnderTest([things], types).provider.resources)).toEqual(["cloudstacks_thing"]);
});

test("two types that Terraform would call the same stop the start", () => {
  const things = thingsService();
  const type = { ...things.resources[0]!, name: "THING" };
  expect(() => providerUnderTest([things], [{ service: things, type }])).toThrow(
    "THING and Thing would both be called cloudstacks_thing by Terraform.",
  );
});

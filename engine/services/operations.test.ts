import { array, assert, asyncProperty, constant, constantFrom, oneof, tuple, type Arbitrary } from "fast-check";
import { Value } from "typebox/value";
import { describe, expect, test } from "vitest";
import { SERVICES } from "../catalog.generated.ts";
import { memoryBlobStore } from "../kernel/memory-blobs.ts";
import { memoryStore } from "../kernel/memory.ts";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { arbitraryOf, type ArbitraryOptions, type RowSchema } from "../testing/schema-arbitrary.ts";
import { createCalls, type Calls } from "./calls.ts";
import { ServiceError } from "./errors.ts";
import type { Service } from "./manifest.ts";

const attributeValue = oneof(
  constantFrom({ S: "a" }, { S: "" }, { N: "1" }, { N: "1e400" }, { B: Buffer.from("b") }, { NULL: true }),
  constantFrom({ SS: ["a", "b"] }, { SS: [] }, { L: [{ S: "x" }] }, { M: { id: { N: "2" } } }, { BOOL: false }),
);
const key = oneof(
  { weight: 6, arbitrary: constantFrom({ id: { S: "a" } }, { id: { S: "b" } }) },
  { weight: 1, arbitrary: attributeValue.map((id) => ({ id })) },
);
const item = tuple(key, attributeValue).map(([id, other]) => ({ ...id, other }));

/** Few names, so that calls meet what earlier ones made. */
const TEXTS = {
  bucket: ["photos", "films"],
  key: ["a.txt", "b/c"],
  table: ["orders"],
  queue: ["jobs", "jobs.fifo"],
  group: ["one"],
  cidrBlock: ["10.0.0.0/16", "10.0.1.0/24"],
  attributeName: ["id"],
  id: ["one", "two"],
  label: ["one"],
  checksum: ["AAAAAA=="],
  md5: ["1B2M2Y8AsgTpgAmY7PhCfg=="],
  storageClass: ["STANDARD"],
  owner: ["111111111111"],
  account: ["111111111111"],
  expectedAccount: ["111111111111"],
  region: ["us-east-1"],
  condition: ["attribute_exists(id)", "#n = :v"],
  keyCondition: ["id = :v"],
  update: ["SET other = :v", "ADD other :v"],
  projection: ["id, #n"],
};

/** What the schemas of tables leave to the service to check. */
const OF_TABLES: Readonly<Record<string, Arbitrary<unknown>>> = {
  item,
  key,
  startKey: key,
  puts: array(item, { maxLength: 2 }),
  deletes: array(key, { maxLength: 2 }),
  values: constantFrom({ ":v": { S: "a" } }, { ":v": { N: "1" } }, {}),
  names: constantFrom({ "#n": "other" }, {}),
};
const inputsOf = (service: Service): ArbitraryOptions => ({
  texts: TEXTS,
  ...(service.name === "tables" && { values: OF_TABLES }),
});

/** What is there before the first call. */
const SETUP: Readonly<Record<string, readonly (readonly [service: string, operation: string, input: object])[]>> = {
  objects: [
    ["objects", "createBucket", { bucket: "photos", ownership: "object-writer" }],
    ["objects", "createBucket", { bucket: "films", hasObjectLock: true }],
    ["objects", "putObject", { bucket: "photos", key: "a.txt" }],
    ["objects", "putObject", { bucket: "films", key: "a.txt" }],
    ["objects", "createUpload", { bucket: "photos", key: "a.txt" }],
  ],
  queues: [
    ["queues", "createQueue", { queue: "jobs" }],
    ["queues", "createQueue", { queue: "jobs.fifo", isFifo: true }],
    ["queues", "sendMessage", { queue: "jobs", body: "first" }],
    ["queues", "receiveMessages", { queue: "jobs" }],
  ],
  tables: [
    [
      "tables",
      "createTable",
      {
        table: "orders",
        attributes: [{ name: "id", type: "S" }],
        keys: [{ name: "id", role: "partition" }],
        billing: "onDemand",
      },
    ],
    ["tables", "putItem", { table: "orders", item: { id: { S: "a" }, other: { N: "1" } } }],
  ],
  networks: [
    ["networks", "createVpc", { cidrBlock: "10.0.0.0/16" }],
    ["networks", "createSubnet", { cidrBlock: "10.0.2.0/24" }],
  ],
  machines: [
    ["networks", "createVpc", { cidrBlock: "10.0.0.0/16" }],
    ["networks", "createSubnet", { cidrBlock: "10.0.2.0/24" }],
    ["machines", "runInstance", { image: "alpine" }],
  ],
  volumes: [
    ["machines", "runInstance", { image: "alpine" }],
    ["volumes", "createVolume", { sizeGib: 10 }],
    ["volumes", "createSnapshot", {}],
  ],
};

const ID_NAMES: Readonly<Record<string, string>> = {
  vpc: "vpcId",
  subnet: "subnetId",
  i: "instanceId",
  vol: "volumeId",
  snap: "snapshotId",
};
const GENERATED = new Set(["uploadId", "versionId", "receipt", "etag", ...Object.values(ID_NAMES)]);

/** The generated names that calls have answered, to be used by the calls after them. */
class Found {
  readonly #texts = new Map<string, string>();

  learn(value: unknown, name = ""): void {
    if (typeof value === "string") {
      const known = name === "id" ? ID_NAMES[value.split("-")[0] ?? ""] : name;
      if (known !== undefined && GENERATED.has(known)) this.#texts.set(known, value);
    } else if (Array.isArray(value)) {
      for (const each of value) this.learn(each, name);
    } else if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) {
      for (const [key, each] of Object.entries(value)) this.learn(each, key);
    }
  }

  /** The input with every third generated name left as it was, so that calls miss too. */
  use(input: unknown, turn: number, name = ""): unknown {
    if (typeof input === "string") return turn % 3 === 0 ? input : (this.#texts.get(name) ?? input);
    if (Array.isArray(input)) return input.map((each) => this.use(each, turn, name));
    if (typeof input !== "object" || input === null || ArrayBuffer.isView(input)) return input;
    return Object.fromEntries(Object.entries(input).map(([key, each]) => [key, this.use(each, turn, key)]));
  }

  /** What an operation needs and only others can name. */
  complete(schema: RowSchema, input: object): object {
    const missing = (schema.required ?? []).filter((name) => !(name in input) && this.#texts.has(name));
    return { ...input, ...Object.fromEntries(missing.map((name) => [name, this.#texts.get(name)])) };
  }
}

function world(): Calls {
  const random = seededRandom(1);
  return createCalls({
    store: memoryStore(),
    blobs: memoryBlobStore(),
    clock: manualClock(),
    ids: idsFrom(random),
    random,
    services: SERVICES,
  });
}

const OPTIONS = {
  account: "111111111111",
  region: "us-east-1",
  body: Buffer.from("body"),
  // Nobody waits: what finds nothing answers at once.
  waiter: { signal: AbortSignal.abort() },
};

async function begin(service: Service): Promise<{ calls: Calls; found: Found }> {
  const [calls, found] = [world(), new Found()];
  for (const [owner, name, input] of SETUP[service.name] ?? []) {
    const row = SERVICES.find((each) => each.name === owner) as Service;
    const schema = row.operations[name]?.input as RowSchema;
    found.learn(await calls.call(row, name, found.complete(schema, input), OPTIONS));
  }
  return { calls, found };
}

interface Step {
  readonly calls: Calls;
  readonly found: Found;
  readonly service: Service;
  readonly name: string;
  readonly input: unknown;
}

/** What a call did that its row does not say. */
async function defectOf({ calls, found, service, name, input }: Step): Promise<string | undefined> {
  const operation = service.operations[name];
  if (operation === undefined) return `${name} is no operation`;
  try {
    const result = await calls.call(service, name, input, OPTIONS);
    const { body: _, range: __, wait: ___, ...output } = result as Record<string, unknown>;
    found.learn(output);
    const [wrong] = Value.Errors(operation.output, output);
    return wrong && `${name} answers ${JSON.stringify(output)}: ${wrong.instancePath} ${wrong.message}`;
  } catch (problem) {
    if (!(problem instanceof ServiceError)) return `${name} breaks: ${(problem as Error).stack}`;
    return operation.errors.includes(problem.code) ? undefined : `${name} throws ${problem.code}, unlisted`;
  }
}

describe("whatever fits the input schemas, operations answer by their schema or refuse with a code they list:", () => {
  test.each(SERVICES.map((service) => [service.name, service] as const))("%s", async (_, service) => {
    const inputs = new Map(
      Object.entries(service.operations).map(([name, { input }]) => [
        name,
        arbitraryOf(input as RowSchema, inputsOf(service)),
      ]),
    );
    const call = constantFrom(...inputs.keys()).chain((name) =>
      tuple(constant(name), inputs.get(name) as Arbitrary<unknown>),
    );
    await assert(
      asyncProperty(array(call, { minLength: 5, maxLength: 15 }), async (sequence) => {
        const { calls, found } = await begin(service);
        for (const [turn, [name, input]] of sequence.entries()) {
          const step = { calls, found, service, name, input: found.use(input, turn) };
          expect(await defectOf(step)).toBeUndefined();
        }
      }),
      { numRuns: 150, seed: 20_260_101 },
    );
  });
});

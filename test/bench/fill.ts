// Fills a folder for `services.ts`, in a process of its own: `fill.ts FOLDER RECORDS`. A bucket, a plain table, an
// indexed table of partitions of a hundred, and a queue with RECORDS in each; a topic with ten queues. Through the
// services' own operations, so that what is there is what requests would have left.
import { openEngine } from "../../engine/compose.ts";
import type { OperationInput } from "../../engine/services/manifest.ts";
import { DEFAULT_SCOPE } from "../../engine/services/context.ts";
import { objects } from "../../engine/services/objects/service.ts";
import { queues } from "../../engine/services/queues/service.ts";
import { tables } from "../../engine/services/tables/service.ts";
import { topics } from "../../engine/services/topics/service.ts";

const [folder = "", records = "0"] = process.argv.slice(2);
const RECORDS = Number(records);
const CLIENTS = 64;
const ITEMS_PER_CALL = 25;
const MESSAGES_PER_CALL = 10;
const PARTITION_ITEMS = 100;
const TOPIC_QUEUES = 10;
const BODY = Buffer.alloc(1024, "x");
const VALUE = { S: "y".repeat(256) };

const engine = await openEngine({ dataDirectory: folder, store: "sqlite", durability: "relaxed", logLevel: "error" });
const { calls } = engine;

/** Calls `each` for the numbers below `count` by steps, so many at a time that commits share the way to the disk. */
async function fillWith(count: number, step: number, each: (from: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const client = async () => {
    while (next < count) {
      const from = next;
      next += step;
      await each(from);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

const upTo = <T>(length: number, of: (at: number) => T): T[] => Array.from({ length }, (_, at) => of(at));

async function fillBucket(): Promise<void> {
  await calls.call(objects, "createBucket", { bucket: "bench-bucket" }, DEFAULT_SCOPE);
  await fillWith(RECORDS, 1, (at) =>
    calls.call(
      objects,
      "putObject",
      { bucket: "bench-bucket", key: `key${at}` },
      { ...DEFAULT_SCOPE, body: BODY },
    ),
  );
}

type NewTable = OperationInput<typeof tables, "createTable">;

async function fillTable(definition: NewTable, itemOf: (at: number) => Readonly<Record<string, object>>) {
  await calls.call(tables, "createTable", definition, DEFAULT_SCOPE);
  await fillWith(RECORDS, ITEMS_PER_CALL, (from) => {
    const puts = upTo(ITEMS_PER_CALL, (at) => itemOf(from + at));
    return calls.call(tables, "batchWriteItems", { requests: [{ table: definition.table, puts }] }, DEFAULT_SCOPE);
  });
}

const PLAIN: NewTable = {
  table: "bench-table",
  billing: "onDemand",
  attributes: [{ name: "id", type: "S" }],
  keys: [{ name: "id", role: "partition" }],
};

const INDEXED: NewTable = {
  table: "bench-indexed",
  billing: "onDemand",
  attributes: [
    { name: "customer", type: "S" },
    { name: "order", type: "N" },
    { name: "product", type: "S" },
  ],
  keys: [
    { name: "customer", role: "partition" },
    { name: "order", role: "sort" },
  ],
  indexes: [
    {
      name: "byProduct",
      isLocal: false,
      keys: [{ name: "product", role: "partition" }],
      projection: { kind: "all" },
    },
  ],
};

async function fillQueue(): Promise<void> {
  const queue = "bench-queue";
  await calls.call(queues, "createQueue", { queue }, DEFAULT_SCOPE);
  await fillWith(RECORDS, MESSAGES_PER_CALL, (from) => {
    const entries = upTo(MESSAGES_PER_CALL, (at) => ({ id: `${at}`, body: `hello ${from + at}` }));
    return calls.call(queues, "sendMessages", { queue, entries }, DEFAULT_SCOPE);
  });
}

async function subscribeQueues(): Promise<void> {
  const topic = "bench-topic";
  await calls.call(topics, "createTopic", { topic }, DEFAULT_SCOPE);
  for (let at = 0; at < TOPIC_QUEUES; at += 1) {
    const queue = `bench-subscriber-${at}`;
    await calls.call(queues, "createQueue", { queue }, DEFAULT_SCOPE);
    await calls.call(topics, "subscribe", { topic, protocol: "queue", endpoint: queue }, DEFAULT_SCOPE);
  }
}

await fillBucket();
await fillTable(PLAIN, (at) => ({ id: { S: `k${at}` }, v: VALUE, n: { N: "42" } }));
await fillTable(INDEXED, (at) => ({
  customer: { S: `c${Math.floor(at / PARTITION_ITEMS)}` },
  order: { N: `${at % PARTITION_ITEMS}` },
  product: { S: `p${at}` },
  v: VALUE,
}));
await fillQueue();
await subscribeQueues();
await engine.close();

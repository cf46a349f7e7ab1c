// What the kernel costs per transaction: `npx tsx test/bench/kernel.ts`. CPU of this process, in microseconds each.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeKey, decodeKey, startingWith } from "../../engine/kernel/key.ts";
import { memoryStore } from "../../engine/kernel/memory.ts";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import type { Key, Store } from "../../engine/kernel/store.ts";

const CLIENTS = 32;
const TRANSACTIONS = 64_000;
const keyOf = (i: number): Key =>
  ["tables", "i", "111111111111", "us-east-1", "orders", `customer-${(i * 7919) % 100_000}`];
const record = (i: number) => ({
  version: 1, customer: `customer-${i}`, note: "x".repeat(200), total: i, tags: ["a", "b"], atMs: 1_893_456_000_000 + i,
});

async function measure(what: string, each: (i: number) => Promise<unknown>, count = TRANSACTIONS): Promise<void> {
  for (let i = 0; i < 2000; i++) await each(i);
  const cpu = process.cpuUsage();
  const start = process.hrtime.bigint();
  let next = 0;
  // Each client is a chain of its own; setImmediate between two, as a socket would bring the next request.
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (next < count) {
      next += 1;
      await each(next);
    }
  }));
  const { user, system } = process.cpuUsage(cpu);
  const wall = Number(process.hrtime.bigint() - start) / 1000;
  const perTransaction = (us: number) => `${(us / count).toFixed(1).padStart(6)} us`;
  console.log(`${what.padEnd(52)} cpu ${perTransaction(user + system)}   wall ${perTransaction(wall)}`);
}

async function measureStore(name: string, store: Store): Promise<void> {
  await measure(`${name}: write one record, random keys`, (i) =>
    store.transact(async (tx) => tx.set(keyOf(i), record(i))));
  await measure(`${name}: read, then write (PutItem)`, (i) => store.transact(async (tx) => {
    const old = await tx.get(["tables", "t", "111111111111", "us-east-1", "orders"]);
    const before = await tx.get(keyOf(i));
    tx.set(keyOf(i), record(i + (old || before ? 1 : 0)));
  }));
  await measure(`${name}: read one record, cached`, (i) => store.read((tx) => tx.get(keyOf(i % 1000))));
  await measure(`${name}: read one record, 100 000 of them`, (i) => store.read((tx) => tx.get(keyOf(i))));
  await measure(`${name}: range of 10`, (i) =>
    store.read((tx) => tx.range(startingWith(keyOf(0).slice(0, i % 2 ? 5 : 4)), { limit: 10 })), 20_000);
  await measure(`${name}: one counter`, () => store.transact(async (tx) => {
    tx.set(["n"], ((await tx.get<number>(["n"])) ?? 0) + 1);
  }, { sequence: ["n"] }));
  await store.close();
}

const keys = Array.from({ length: 1000 }, (_, i) => keyOf(i));
const encoded = keys.map(encodeKey);
let sink = 0;
await measure("encodeKey, 6 texts", async (i) => { sink += encodeKey(keys[i % 1000] as Key).length; }, 500_000);
await measure("decodeKey, 6 texts", async (i) => { sink += decodeKey(encoded[i % 1000] as never).length; }, 500_000);
await measureStore("memory", memoryStore());
for (const durability of ["relaxed", "full"] as const) {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  await measureStore(`sqlite ${durability}`, sqliteStore(join(folder, "store.sqlite"), { durability }));
  rmSync(folder, { recursive: true });
}
process.exitCode = sink > 0 ? 0 : 1;

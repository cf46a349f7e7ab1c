import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startingWith } from "./key.ts";
import { memoryStore } from "./memory.ts";
import { SnapshotRefused } from "./snapshot-format.ts";
import { isRestoring, restoreSnapshot, saveSnapshot, type SnapshotBlobs } from "./snapshot.ts";
import { sqliteStore } from "./sqlite.ts";
import type { Store } from "./store.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-snapshot-"));
  file = join(folder, "saved");
});
afterEach(() => rmSync(folder, { recursive: true }));

const blobsIn = (bodies: Map<string, Buffer>): SnapshotBlobs => ({
  keeping: (work) => work(),
  async *list() {
    for (const [id, body] of bodies) yield { id, open: () => Readable.from([body.subarray(0, 3), body.subarray(3)]) };
  },
  async put(id, body) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    bodies.set(id, Buffer.concat(chunks));
  },
});

const filled = async (): Promise<Store> => {
  const store = memoryStore();
  await store.transact(async (tx) => {
    for (let i = 0; i < 3000; i++) tx.set(["n", i], { text: "x".repeat(500), bytes: Buffer.from([i & 0xff]) });
    tx.append(["log"], "first");
  });
  return store;
};
const all = (store: Store, first: string) => store.read((tx) => tx.range(startingWith([first]), { limit: 9999 }));

it("moves everything from one kind of store to another, replaces what was there, and logs go on", async () => {
  const source = await filled();
  const bodies = new Map([["b1", Buffer.from("a blob's body")], ["b2", Buffer.from("four")]]);
  await saveSnapshot(source, file, blobsIn(bodies));
  expect(readdirSync(folder)).toEqual(["saved"]);

  const target = sqliteStore(join(folder, "store.sqlite"));
  await target.transact(async (tx) => tx.set(["old"], true));
  const restored = new Map<string, Buffer>();
  await restoreSnapshot(target, file, blobsIn(restored));

  expect(await all(target, "n")).toEqual(await all(source, "n"));
  expect(await target.read((tx) => tx.get(["old"]))).toBeUndefined();
  expect(restored).toEqual(bodies);
  expect(await isRestoring(target)).toBe(false);
  await target.transact(async (tx) => tx.append(["log"], "second"));
  expect((await all(target, "log")).map((entry) => entry.value)).toEqual(["first", "second"]);
  await target.close();
});

it.each([
  ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 1), "is damaged"],
  ["cut off between sections", (bytes: Buffer) => bytes.subarray(0, bytes.length - 38), "is damaged"],
  ["changed by one bit", (bytes: Buffer) => bytes.fill((bytes[900_000] as number) ^ 1, 900_000, 900_001), "is damaged"],
  ["foreign", () => Buffer.from("PK\x03\x04 some archive of somebody else"), "is not a CloudStacks snapshot"],
  ["empty", () => Buffer.alloc(0), "is not a CloudStacks snapshot"],
  ["newer", (bytes: Buffer) => bytes.fill("7", 21, 22), "has snapshot format 7, but this engine reads format 1"],
])("refuses a file that is %s, and touches nothing", async (_, spoil, message) => {
  await saveSnapshot(await filled(), file);
  writeFileSync(file, spoil(readFileSync(file)));
  const target = memoryStore();
  await target.transact(async (tx) => tx.set(["old"], true));
  await expect(restoreSnapshot(target, file)).rejects.toThrow(message);
  await expect(restoreSnapshot(target, file)).rejects.toThrow(SnapshotRefused);
  expect(await target.read((tx) => tx.get(["old"]))).toBe(true);
});

it("refuses blobs when there is nowhere to put them", async () => {
  await saveSnapshot(await filled(), file, blobsIn(new Map([["b1", Buffer.from("body")]])));
  await expect(restoreSnapshot(memoryStore(), file)).rejects.toThrow("holds blobs, but there is no blob store");
});

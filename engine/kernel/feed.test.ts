import { expect, test } from "vitest";
import { changesSince, FEED_START, follow, forgetChanges, recordChange } from "./feed.ts";
import { memoryStore } from "./memory.ts";
import type { Store } from "./store.ts";

const STACK = ["stack", "111111111111", "us-east-1", "web"];
const OTHER = ["stack", "111111111111", "us-east-1", "web-2"];

const record = (store: Store, subject: readonly string[], ...changes: unknown[]) => store.transact(async (tx) => {
  for (const change of changes) recordChange(tx, subject, change);
});
const since = (store: Store, position: number, limit = 10) =>
  store.read((reader) => changesSince<string>(reader, STACK, position, limit));

test("a feed gives its changes in order, in pages, and nothing of another subject", async () => {
  const store = memoryStore();
  await record(store, STACK, "create", "update");
  await record(store, OTHER, "other");
  await record(store, [...STACK, "child"], "below");
  await record(store, STACK, "delete");
  const first = await since(store, FEED_START, 2);
  expect(first.map(({ change }) => change)).toEqual(["create", "update"]);
  const rest = await since(store, first.at(-1)?.position ?? 0);
  expect(rest.map(({ change }) => change)).toEqual(["delete"]);
  expect(await since(store, rest.at(-1)?.position ?? 0)).toEqual([]);
});

test("following gives what is there and then each change as it commits, until the caller ends it", async () => {
  const store = memoryStore();
  await record(store, STACK, 0);
  const seen: unknown[] = [];
  const writing = (async () => {
    for (let i = 1; i < 600; i++) await record(store, STACK, i);
  })();
  for await (const { change } of follow(store, STACK)) {
    if (seen.push(change) === 600) break;
  }
  await writing;
  expect(seen).toEqual(Array.from({ length: 600 }, (_, i) => i));
});

test("following sleeps until a change comes, and ends with its signal", async () => {
  const store = memoryStore();
  const ending = new AbortController();
  const changes = follow<string>(store, STACK, { signal: ending.signal });
  const next = changes.next();
  await record(store, STACK, "created");
  expect((await next).value).toMatchObject({ change: "created" });
  const last = changes.next();
  ending.abort();
  expect(await last).toEqual({ done: true, value: undefined });
});

test("following from a position leaves out what came before", async () => {
  const store = memoryStore();
  await record(store, STACK, "old", "new");
  const [old] = await since(store, FEED_START);
  for await (const { change } of follow(store, STACK, { position: old?.position ?? 0 })) {
    expect(change).toBe("new");
    break;
  }
});

test("a forgotten feed is empty", async () => {
  const store = memoryStore();
  await record(store, STACK, 1, 2);
  await store.transact(async (tx) => forgetChanges(tx, STACK));
  expect(await since(store, FEED_START)).toEqual([]);
});

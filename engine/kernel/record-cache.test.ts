import { describe, expect, it } from "vitest";
import { ABSENT, RecordCache } from "./record-cache.ts";
import type { EncodedKey } from "./store.ts";

const key = (name: string) => name as EncodedKey;
const missedTwice = (cache: RecordCache, name: string, value: unknown, encodedBytes = 10) => {
  cache.enter(key(name), value, encodedBytes);
  cache.enter(key(name), value, encodedBytes);
};

describe("the cache of records", () => {
  it("keeps what was missed twice, and not what was read once", () => {
    const cache = new RecordCache(1_000_000);
    cache.enter(key("a"), 1, 10);
    expect(cache.get(key("a"))).toBeUndefined();
    missedTwice(cache, "b", 2);
    missedTwice(cache, "c", ABSENT);
    expect([cache.get(key("b")), cache.get(key("c"))]).toEqual([2, ABSENT]);
  });
  it("shows what is written in the place of what it has, and takes in nothing that is only written", () => {
    const cache = new RecordCache(1_000_000);
    missedTwice(cache, "a", 1);
    cache.replace(key("a"), 2, 10);
    cache.replace(key("b"), 2, 10);
    expect([cache.get(key("a")), cache.get(key("b"))]).toEqual([2, undefined]);
    cache.delete(key("a"));
    expect(cache.get(key("a"))).toBeUndefined();
  });
  it("forgets what was not asked for while others filled it, and an old value with it", () => {
    const cache = new RecordCache(20_000);
    missedTwice(cache, "a", 1);
    missedTwice(cache, "b", 1);
    for (let n = 0; n < 40; n++) missedTwice(cache, `first ${n}`, n);
    expect(cache.get(key("a"))).toBe(1);
    cache.replace(key("b"), 2, 10);
    expect(cache.get(key("b"))).toBeUndefined();
    for (let n = 0; n < 80; n++) missedTwice(cache, `second ${n}`, n);
    expect(cache.get(key("first 0"))).toBeUndefined();
  });
  it("never takes in a record that would fill a large part of it", () => {
    const cache = new RecordCache(20_000);
    missedTwice(cache, "a", 1, 5000);
    expect(cache.get(key("a"))).toBeUndefined();
    missedTwice(cache, "b", 1);
    cache.replace(key("b"), 2, 5000);
    expect(cache.get(key("b"))).toBeUndefined();
  });
});

import { describe, expect, test } from "vitest";
import type { AnyResourceType, Replacement } from "../../services/resource-type.ts";
import { Unknown, type Value } from "../expressions/value.ts";
import { forcingPaths, isForced } from "./replacement.ts";

const typeWith = (replacement: Record<string, Replacement>) => ({ replacement }) as unknown as AnyResourceType;
const forced = (
  replacement: Record<string, Replacement>,
  before: Value | undefined,
  after: Value | undefined,
  property = "Disk",
) => forcingPaths(typeWith(replacement), property, before, after).map((path) => path.join("."));

describe("a change of a property", () => {
  test("is made in place unless a rule says otherwise", () => {
    expect(forced({ Name: "always" }, 1, 2)).toEqual([]);
    expect(forced({ Disk: "always" }, 1, 2)).toEqual(["Disk"]);
    expect(forced({ Disk: "always" }, undefined, 2)).toEqual(["Disk"]);
    expect(forced({ Disk: "always" }, { a: [1] }, { a: [1] })).toEqual([]);
  });

  test("replaces when the rule says so of the value before and after", () => {
    const shrinks: Replacement = (before, after) => Number(after) < Number(before);
    expect(forced({ Disk: shrinks }, 20, 30)).toEqual([]);
    expect(forced({ Disk: shrinks }, 30, 20)).toEqual(["Disk"]);
  });

  test("replaces for a part of it only when that part changes", () => {
    const rules: Record<string, Replacement> = { "Disk.Key.Id": "always" };
    expect(forced(rules, { Size: 1, Key: { Id: "a" } }, { Size: 2, Key: { Id: "a" } })).toEqual([]);
    expect(forced(rules, { Size: 1, Key: { Id: "a" } }, { Size: 1, Key: { Id: "b" } })).toEqual(["Disk.Key.Id"]);
    expect(forced(rules, { Size: 1 }, { Size: 1, Key: { Id: "b" } })).toEqual(["Disk.Key.Id"]);
    expect(forced(rules, undefined, { Size: 1 })).toEqual([]);
  });

  test("replaces for a part of any element of a list", () => {
    const rules: Record<string, Replacement> = { "Disk.*.Id": "always" };
    expect(forced(rules, [{ Id: 1, Size: 1 }], [{ Id: 1, Size: 2 }])).toEqual([]);
    expect(forced(rules, [{ Id: 1 }], [{ Id: 1 }, { Id: 2 }])).toEqual(["Disk.*.Id"]);
  });

  test("to what is known only after apply replaces where any value might", () => {
    const never: Replacement = () => false;
    expect(forced({ Disk: "always" }, 1, new Unknown("Net"))).toEqual(["Disk"]);
    expect(forced({ Disk: never }, 1, new Unknown("Net"))).toEqual(["Disk"]);
    expect(forced({ "Disk.Id": "always" }, { Id: 1 }, { Id: 1, Size: new Unknown("Net") })).toEqual([]);
    expect(forced({ "Disk.Id": "always" }, { Id: 1 }, new Unknown("Net"))).toEqual(["Disk.Id"]);
  });
});

test("a difference is blamed for a replacement when it lies on the path of the rule that is met", () => {
  const rule = [["Disk", "Key", "*", "Id"]];
  expect(isForced(rule, ["Disk"])).toBe(true);
  expect(isForced(rule, ["Disk", "Key", "main", "Id", "Part"])).toBe(true);
  expect(isForced(rule, ["Disk", "Key", "main", "Size"])).toBe(false);
  expect(isForced(rule, ["Disk", "Size"])).toBe(false);
  expect(isForced([], ["Disk"])).toBe(false);
});

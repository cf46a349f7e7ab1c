import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILT_IN_RULES } from "../../stack/policy/built-in.ts";
import { Failure } from "../failure.ts";
import { dayOf, readPolicies } from "./read-policies.ts";

let directory: string;
const write = (name: string, text: string) => {
  writeFileSync(join(directory, name), text);
  return name;
};
const failure = async (...files: string[]) => {
  const problem = await readPolicies(directory, files).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(Failure);
  return (problem as Failure).message;
};
const ownNames = async (...files: string[]) =>
  (await readPolicies(directory, files)).rules.slice(BUILT_IN_RULES.length).map(({ name }) => name);

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "cloudstacks-policies-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("the policies of a folder", () => {
  test("are the built-in ones, with those of policy.yaml when it is there", async () => {
    expect(await ownNames()).toEqual([]);
    write("policy.yaml", "rules: [{name: mine, on: Queue, message: No queues}]\n");
    expect(await ownNames()).toEqual(["mine"]);
    write("other.yaml", "severities: {untagged: error}\n");
    expect(await ownNames("other.yaml")).toEqual([]);
    expect((await readPolicies(directory, ["other.yaml"])).severities).toEqual({ untagged: "error" });
    rmSync(join(directory, "policy.yaml"));
  });

  test("may come from modules, whose rules files can name", async () => {
    write("rules.mjs", 'export default { name: "short", check: ({ logicalId }) => logicalId.slice(9) || [] };\n');
    write("more.yaml", "severities: {short: note}\n");
    expect(await ownNames("rules.mjs", "more.yaml")).toEqual(["short"]);
  });

  test("tell what is wrong with a file, where", async () => {
    write("bad.yaml", "severities:\n  untaged: error\n");
    expect(await failure("bad.yaml")).toBe('bad.yaml:2:3: there is no rule "untaged"');
    expect(await failure("missing.yaml")).toBe("There is no file missing.yaml.");
    expect(await failure("missing.mjs")).toBe("There is no file missing.mjs.");
  });

  test.each([
    ["export const rules = [];", "bad.mjs exports no rules."],
    ["export default [{ name: 'A' }];", "bad.mjs: a rule's name is in small letters, digits and hyphens, not \"A\"."],
    ["export default [{ name: 'able' }];", 'bad.mjs: the rule able has no function "check".'],
    ["export default [{ name: 'untagged', check: () => [] }];", 'bad.mjs: there is a rule "untagged" already.'],
    ["throw new Error('out of order');", "bad.mjs cannot be loaded: out of order"],
  ])("a module %j is refused", async (text, message) => {
    // A module is loaded once for its name.
    const name = `bad-${text.length}.mjs`;
    write(name, text);
    expect(await failure(name)).toBe(message.replace("bad.mjs", name));
  });
});

test("waivers are held against days in UTC", () => {
  expect(dayOf(Date.UTC(2026, 10, 21, 23, 59))).toBe("2026-11-21");
});

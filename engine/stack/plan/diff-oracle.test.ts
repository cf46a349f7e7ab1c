import { describe, expect, test } from "vitest";
import { awsStacksUnderTest } from "../../testing/aws-stacks.ts";
import { readAnswers, type SaidOfResource } from "../../testing/diff-oracle/answers.ts";
import { DIFFERENCES } from "../../testing/diff-oracle/differences.ts";
import type { Pair } from "../../testing/diff-oracle/pairs.ts";
import type { ResourceChange } from "./plan.ts";

// What we plan for a pair of templates, held against what @aws-cdk/cloudformation-diff says of it.

const IMPACTS: Readonly<Record<string, string>> = {
  NO_CHANGE: "none",
  WILL_UPDATE: "update",
  WILL_REPLACE: "replace",
  MAY_REPLACE: "may replace",
  WILL_CREATE: "create",
  WILL_DESTROY: "delete",
  WILL_ORPHAN: "retain",
};

/** `replace: KeySchema!, Tags`, the properties that force it with an exclamation mark. */
const words = (action: string, properties: readonly string[]) =>
  ["update", "replace", "may replace"].includes(action)
    ? `${action}: ${[...new Set(properties)].sort().join(", ")}`
    : action;

const theirWords = ({ impact, properties }: SaidOfResource) =>
  words(
    IMPACTS[impact] ?? impact,
    Object.entries(properties).map(([name, its]) =>
      its === "WILL_REPLACE" ? `${name}!` : its === "MAY_REPLACE" ? `${name}?` : name,
    ),
  );

function ourWords({ action, properties }: ResourceChange): string {
  const forcing = new Set(properties.filter((each) => each.forcesReplacement).map((each) => each.path.split(".")[0]));
  const names = properties.map(({ path }) => path.split(".")[0] ?? "");
  return words(
    action,
    names.map((name) => (forcing.has(name) ? `${name}!` : name)),
  );
}

async function plannedFor({ before, after }: Pair): Promise<ReadonlyMap<string, string>> {
  const under = awsStacksUnderTest();
  expect((await under.deploy(JSON.stringify(before))).cause).toBeUndefined();
  const { plan, diagnostics } = await under.plan(JSON.stringify(after));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return new Map(plan?.changes.map((change) => [change.logicalId, ourWords(change)]));
}

const { pairs } = readAnswers();

describe("a plan agrees with cloudformation-diff, but for what is listed, on", () => {
  test.each(pairs.map((pair) => [pair.name, pair] as const))("%s", async (name, pair) => {
    const planned = await plannedFor(pair);
    const found: Record<string, object> = {};
    const listed: Record<string, object> = {};
    for (const logicalId of new Set([...planned.keys(), ...Object.keys(pair.says)])) {
      const [ours, said] = [planned.get(logicalId) ?? "none", pair.says[logicalId]];
      const theirs = said ? theirWords(said) : "none";
      const key = `${name} / ${logicalId}`;
      if (ours !== theirs) found[key] = { ours, theirs };
      const known = DIFFERENCES[key];
      if (known) listed[key] = { ours: known.ours, theirs: known.theirs };
    }
    expect(found).toEqual(listed);
  });
});

test("every difference that is listed is one of a pair", () => {
  const names = new Set(pairs.map(({ name }) => name));
  expect(Object.keys(DIFFERENCES).filter((key) => !names.has(key.split(" / ")[0] ?? ""))).toEqual([]);
});

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sampled } from "../../testing/property-runs.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { objects } from "../objects/service.ts";
import { tables } from "./service.ts";
import type { Item } from "./values/attribute-value.ts";

/** An item as the reference knows it. */
interface Row {
  readonly id: string;
  readonly num: number;
  readonly count?: number | undefined;
  readonly shelf?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}
type Rows = Map<string, Row>;

const table = "things";
const N = (value: number) => ({ N: String(value) });
const keyOf = ({ id, num }: Row): Item => ({ id: { S: id }, num: N(num) });
const itemOf = (row: Row): Item => ({
  ...keyOf(row),
  ...(row.count !== undefined && { count: N(row.count) }),
  ...(row.shelf !== undefined && { shelf: { S: row.shelf } }),
  ...(row.tags?.length && { tags: { SS: [...row.tags] } }),
});
const rowOf = (item: Item): Row => ({
  id: item["id"]?.S ?? "",
  num: Number(item["num"]?.N),
  ...(item["count"] && { count: Number(item["count"].N) }),
  ...(item["shelf"] && { shelf: item["shelf"].S }),
  ...(item["tags"] && { tags: (item["tags"].SS ?? []).toSorted() }),
});
const nameOf = ({ id, num }: Row) => `${id} ${num}`;
/** Without what is not there, so that rows compare. */
const plain = (row: Row): Row => rowOf(itemOf(row));

/** A condition, and what it means. */
interface Condition {
  readonly text: string;
  readonly values?: Item;
  readonly holds: (row: Row | undefined) => boolean;
}
const small = fc.integer({ min: -2, max: 2 });
const shelf = fc.constantFrom("x", "y", "z");
const tag = fc.constantFrom("red", "green", "blue");
const simple: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant({ text: "attribute_exists(id)", holds: (row?: Row) => row !== undefined }),
  fc.constant({ text: "attribute_not_exists(id)", holds: (row?: Row) => row === undefined }),
  fc.constant({ text: "attribute_type(shelf, :s)", values: { ":s": { S: "S" } }, holds: (row?: Row) => !!row?.shelf }),
  small.map((c) => ({
    text: "#c > :c", values: { ":c": N(c) }, holds: (row?: Row) => row?.count !== undefined && row.count > c,
  })),
  fc.tuple(small, small).map(([a, b]) => ({
    text: "#c IN (:a, :b)",
    values: { ":a": N(a), ":b": N(b) },
    holds: (row?: Row) => row?.count === a || row?.count === b,
  })),
  small.map((c) => ({
    text: "#c BETWEEN :lo AND :hi",
    values: { ":lo": N(c - 1), ":hi": N(c + 1) },
    holds: (row?: Row) => row?.count !== undefined && row.count >= c - 1 && row.count <= c + 1,
  })),
  tag.map((t) => ({
    text: "contains(tags, :t)", values: { ":t": { S: t } }, holds: (row?: Row) => row?.tags?.includes(t) === true,
  })),
  fc.constant({
    text: "size(tags) >= :two", values: { ":two": N(2) }, holds: (row?: Row) => (row?.tags?.length ?? 0) >= 2,
  }),
);
const condition: fc.Arbitrary<Condition> = fc.oneof(
  simple,
  simple.map((one) => ({ ...one, text: `NOT (${one.text})`, holds: (row?: Row) => !one.holds(row) })),
  fc.tuple(simple, shelf).map(([one, s]) => ({
    text: `${one.text} OR begins_with(shelf, :begins)`,
    values: { ...one.values, ":begins": { S: s } },
    holds: (row?: Row) => one.holds(row) || row?.shelf === s,
  })),
  fc.tuple(simple, fc.constant("attribute_not_exists(shelf)")).map(([one, text]) => ({
    ...one, text: `(${one.text}) AND ${text}`, holds: (row?: Row) => one.holds(row) && row?.shelf === undefined,
  })),
);

/** A change of one item, and what it makes of it; undefined for an item that is gone. */
interface Change {
  readonly at: Row;
  readonly action: "put" | "update" | "delete";
  readonly update?: string;
  readonly values?: Item;
  readonly becomes: (row: Row | undefined) => Row | undefined;
}
const place = fc.record({ id: fc.constantFrom("a", "b"), num: fc.constantFrom(-1.5, 0, 2, 10) });
const contents = fc.record(
  { count: small, shelf, tags: fc.uniqueArray(tag, { minLength: 1, maxLength: 3 }) }, { requiredKeys: [] },
);
const update = fc.oneof(
  small.map((n) => ({
    update: "SET #c = if_not_exists(#c, :zero) + :n", values: { ":zero": N(0), ":n": N(n) },
    of: (row: Row): Row => ({ ...row, count: (row.count ?? 0) + n }),
  })),
  small.map((n) => ({
    update: "ADD #c :n", values: { ":n": N(n) }, of: (row: Row): Row => ({ ...row, count: (row.count ?? 0) + n }),
  })),
  fc.tuple(shelf, tag).map(([s, t]) => ({
    update: "ADD tags :add SET shelf = :shelf REMOVE #c", values: { ":add": { SS: [t] }, ":shelf": { S: s } },
    of: (row: Row): Row => ({
      ...row, count: undefined, shelf: s, tags: [...new Set([...(row.tags ?? []), t])],
    }),
  })),
  tag.map((t) => ({
    update: "DELETE tags :gone REMOVE shelf", values: { ":gone": { SS: [t] } },
    of: (row: Row): Row => ({ ...row, shelf: undefined, tags: row.tags?.filter((other) => other !== t) }),
  })),
);
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, contents).map(([at, more]) => {
    const row: Row = { ...at, ...more };
    return { at: row, action: "put" as const, becomes: () => row };
  }),
  fc.tuple(place, update).map(([at, { of, ...more }]) => ({
    at, action: "update" as const, ...more, becomes: (row: Row | undefined) => of(row ?? at),
  })),
  place.map((at) => ({ at, action: "delete" as const, becomes: () => undefined })),
);
const guarded = fc.record({ change, condition: fc.option(condition, { nil: undefined }) });
type Guarded = typeof guarded extends fc.Arbitrary<infer G> ? G : never;

const question = fc.record({
  index: fc.constantFrom(undefined, "by-shelf"),
  partition: fc.constantFrom("a", "b", "x", "y"),
  comparison: fc.constantFrom("", "=", "<", "<=", ">", ">="),
  bound: fc.constantFrom(-1.5, 0, 1, 2, 10),
  filter: fc.option(simple, { nil: undefined }),
  limit: fc.integer({ min: 1, max: 4 }),
  isForward: fc.boolean(),
});
type Question = typeof question extends fc.Arbitrary<infer Q> ? Q : never;

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ one: guarded }) },
  {
    weight: 3,
    arbitrary: fc.record({
      all: fc.uniqueArray(guarded, { minLength: 1, maxLength: 4, selector: (one) => nameOf(one.change.at) }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ ask: question }) },
);

/** The request of one change, for a call of its own or as an action of a transaction. */
function requestOf({ change: { at, action, ...more }, condition: only }: Guarded) {
  const values = { ...more.values, ...only?.values };
  const texts = `${more.update ?? ""} ${only?.text ?? ""}`;
  return {
    table,
    ...(action === "put" ? { item: itemOf(at) } : { key: keyOf(at) }),
    ...(more.update !== undefined && { update: more.update }),
    ...(only && { condition: only.text }),
    ...(texts.includes("#c") && { names: { "#c": "count" } }),
    ...(Object.keys(values).length > 0 && { values }),
  };
}

const outcomeOf = (sent: Promise<unknown>) =>
  sent.then(() => "done", (problem: { code?: string }) => problem.code ?? String(problem));

function apply(rows: Rows, { change: { at, becomes } }: Guarded): void {
  const row = becomes(rows.get(nameOf(at)));
  if (row) rows.set(nameOf(at), plain(row));
  else rows.delete(nameOf(at));
}

async function started() {
  const under = serviceUnderTest(tables, [objects]);
  await under.call("createTable", {
    table,
    billing: "onDemand",
    attributes: [{ name: "id", type: "S" }, { name: "num", type: "N" }, { name: "shelf", type: "S" }],
    keys: [{ name: "id", role: "partition" }, { name: "num", role: "sort" }],
    indexes: [
      {
        name: "by-shelf",
        isLocal: false,
        keys: [{ name: "shelf", role: "partition" }, { name: "num", role: "sort" }],
        projection: { kind: "all" },
      },
    ],
  });
  return under;
}
type Under = Awaited<ReturnType<typeof started>>;

const COMPARED: Readonly<Record<string, (num: number, bound: number) => boolean>> = {
  "=": (num, bound) => num === bound,
  "<": (num, bound) => num < bound,
  "<=": (num, bound) => num <= bound,
  ">": (num, bound) => num > bound,
  ">=": (num, bound) => num >= bound,
};

/** Asks page by page, and compares with the rows that the question means. */
async function ask({ call }: Under, rows: Rows, asked: Question): Promise<void> {
  const { index, partition, comparison, bound, isForward } = asked;
  // A filter may not name the keys of what is asked.
  const filter = /shelf|id/.test(asked.filter?.text ?? "") ? undefined : asked.filter;
  const compare = COMPARED[comparison];
  const input = {
    table,
    ...(index !== undefined && { index }),
    keyCondition: `${index ? "shelf" : "id"} = :p${compare ? ` AND num ${comparison} :n` : ""}`,
    values: { ":p": { S: partition }, ...(compare && { ":n": N(bound) }), ...filter?.values },
    ...(filter && { filter: filter.text }),
    ...(filter?.text.includes("#c") && { names: { "#c": "count" } }),
    limit: asked.limit,
    isForward,
  };
  const found: Row[] = [];
  let startKey: Item | undefined;
  do {
    const page = await call("query", { ...input, ...(startKey && { startKey }) });
    expect(page.items?.length).toBeLessThanOrEqual(asked.limit);
    found.push(...(page.items ?? []).map(rowOf));
    startKey = page.lastKey;
  } while (startKey);
  const meant = [...rows.values()].filter(
    (row) => (index ? row.shelf : row.id) === partition && (!compare || compare(row.num, bound))
      && (!filter || filter.holds(row)),
  );
  const inOrder = (nums: readonly number[]) => nums.toSorted((a, b) => (isForward ? a - b : b - a));
  expect(found.map(({ num }) => num)).toEqual(inOrder(meant.map(({ num }) => num)));
  // Items of one sort key in an index come in any order.
  expect(new Map(found.map((row) => [nameOf(row), row]))).toEqual(new Map(meant.map((row) => [nameOf(row), row])));
}

async function scanned({ call }: Under, index?: string): Promise<Rows> {
  const { items = [] } = await call("scan", { table, ...(index !== undefined && { index }) });
  return new Map(items.map(rowOf).map((row) => [nameOf(row), row]));
}

const meets = (rows: Rows, { change: { at }, condition: only }: Guarded) => !only || only.holds(rows.get(nameOf(at)));

test("a table equals a reference map under random changes, conditions, transactions and queries", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const under = await started();
      const rows: Rows = new Map();
      for (const next of steps) {
        if ("ask" in next) await ask(under, rows, next.ask);
        else if ("one" in next) {
          const isMet = meets(rows, next.one);
          const sent = under.call(`${next.one.change.action}Item`, requestOf(next.one) as never);
          expect(await outcomeOf(sent)).toBe(isMet ? "done" : "ConditionFailed");
          if (isMet) apply(rows, next.one);
        } else {
          const isMet = next.all.every((one) => meets(rows, one));
          const actions = next.all.map((one) => ({ [one.change.action]: requestOf(one) }));
          const outcome = await outcomeOf(under.call("transactWriteItems", { actions: actions as never }));
          expect(outcome).toBe(isMet ? "done" : "TransactionCancelled");
          if (isMet) for (const one of next.all) apply(rows, one);
        }
      }
      expect(await scanned(under)).toEqual(rows);
      const shelved = [...rows].filter(([, row]) => row.shelf !== undefined);
      expect(await scanned(under, "by-shelf")).toEqual(new Map(shelved));
    }),
    sampled(150, 20_300_106),
  );
});

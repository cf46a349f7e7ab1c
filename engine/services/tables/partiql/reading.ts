import { createHash } from "node:crypto";
import type { KeyRange, Reader } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";
import { projectionOf } from "../expressions/projection.ts";
import type { IndexRecord, TableRecord } from "../model.ts";
import { needsWholeItem } from "../operations/queries.ts";
import { queriedRange, scannedRange, startingAfter } from "../storage/key-ranges.ts";
import { readPage, type Page } from "../storage/pages.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { namedPartitions, sortRange } from "./keys.ts";
import { selected } from "./selected.ts";
import type { Statement } from "./statement.ts";

export type Select = Statement & { readonly kind: "select" };

export interface Reading {
  readonly text: string;
  readonly limit: number | undefined;
  readonly isConsistent: boolean;
  readonly next: string | undefined;
}
export interface SelectedPage extends Omit<Page, "found"> {
  readonly items: Item[];
  readonly index: IndexRecord | undefined;
  readonly next?: string;
}

const refused = (reason: string) => errors.InvalidStatement({ reason });

function indexOf(table: TableRecord, select: Select, isConsistent: boolean): IndexRecord | undefined {
  if (select.index === undefined) return undefined;
  const index = table.indexes.find(({ name }) => name === select.index);
  if (!index) throw refused(`The table does not have the specified index: ${select.index}`);
  if (index.isBuilding) throw refused(`Cannot read from backfilling global secondary index: ${index.name}`);
  if (isConsistent && !index.isLocal) throw refused("Consistent reads are not supported on global secondary indexes");
  return index;
}

function direction(select: Select, schema: TableRecord | IndexRecord, partitions: number | undefined): boolean {
  const [first, ...more] = select.orderBy;
  if (!first) return true;
  if (!select.where) throw refused("Must have WHERE clause in the statement when using ORDER BY clause.");
  if (partitions === undefined) {
    throw refused(
      "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause.",
    );
  }
  const isSortKey = (name: string) => name === schema.sortKey?.name;
  const wrong = select.orderBy.find(({ attribute }) => !isSortKey(attribute) && attribute !== schema.partitionKey.name);
  if (wrong) throw refused(`Variable reference ${wrong.attribute} in ORDER BY clause must be part of the primary key`);
  if (partitions > 1) throw refused("CloudStacks orders one partition at a time: name one partition key with =");
  return (more.find(({ attribute }) => isSortKey(attribute)) ?? first).isForward;
}

/** Where the next page begins: in which of the ranges, after which item. */
interface Place {
  readonly range: number;
  readonly key: Readonly<Record<string, readonly ["S" | "N" | "B", string]>>;
}
const digestOf = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 12);

function printed(text: string, range: number, key: Item): string {
  const named = Object.entries(key).map(([name, { S, N, B }]): [string, ["S" | "N" | "B", string]] => {
    if (S !== undefined) return [name, ["S", S]];
    return [name, N === undefined ? ["B", Buffer.from(B ?? []).toString("base64")] : ["N", N]];
  });
  const place: Place = { range, key: Object.fromEntries(named) };
  return `${digestOf(text)}.${Buffer.from(JSON.stringify(place)).toString("base64url")}`;
}

function parsed(text: string, next: string): { range: number; key: Item } {
  const [digest, body = ""] = next.split(".");
  if (digest !== digestOf(text)) throw refused("NextToken does not match request");
  const { range, key } = JSON.parse(Buffer.from(body, "base64url").toString()) as Place;
  const named = Object.entries(key).map(([name, [kind, value]]): [string, AttributeValue] => [
    name,
    kind === "B" ? { B: Buffer.from(value, "base64") } : { [kind]: value },
  ]);
  return { range, key: Object.fromEntries(named) };
}

/** Reads one page of a SELECT. Errors: `InvalidStatement`, `InvalidKey` */
export async function readSelected(
  tx: Reader,
  table: TableRecord,
  select: Select,
  wanted: Reading,
): Promise<SelectedPage> {
  const index = indexOf(table, select, wanted.isConsistent);
  const schema = index ?? table;
  const partitions = namedPartitions(schema, select.where);
  const isForward = direction(select, schema, partitions?.length);
  const sort = sortRange(schema, select.where);
  const ranges: KeyRange[] = partitions?.map((partition) =>
    queriedRange(table, index, sort ? { partition, sort } : { partition }),
  ) ?? [scannedRange(table, index, 0, 1)];
  const projection = select.paths && projectionOf(select.paths);
  const place = wanted.next === undefined ? undefined : parsed(wanted.text, wanted.next);
  const items: Item[] = [];
  let [scannedCount, scannedBytes] = [0, 0];
  const fetchedBytes: number[] = [];
  for (let at = place?.range ?? 0; at < ranges.length; at++) {
    const whole = ranges[at] as KeyRange;
    const isFirst = place !== undefined && at === place.range;
    const page = await readPage(tx, table, index, {
      range: isFirst ? startingAfter(whole, table, index, place.key, isForward, true) : whole,
      filter: select.where,
      limit: wanted.limit === undefined ? undefined : wanted.limit - scannedCount,
      isForward,
      needsWholeItem: needsWholeItem({ select: projection ? undefined : "all" }, index, table, projection),
    });
    for (const { item } of page.found) items.push(select.paths ? selected(item, select.paths) : item);
    scannedCount += page.scannedCount;
    scannedBytes += page.scannedBytes;
    fetchedBytes.push(...page.fetchedBytes);
    if (!page.lastKey) continue;
    const next = printed(wanted.text, at, page.lastKey);
    return { items, scannedCount, scannedBytes, fetchedBytes, index, next, lastKey: page.lastKey };
  }
  return { items, scannedCount, scannedBytes, fetchedBytes, index };
}

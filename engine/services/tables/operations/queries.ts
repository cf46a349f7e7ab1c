import { Type, type Static } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { consumed, readUnits } from "../capacity.ts";
import { errors } from "../errors.ts";
import { attributesIn, bindCondition, type BoundCondition } from "../expressions/condition.ts";
import { keyConditionOn, keyConditionParts } from "../expressions/key-condition.ts";
import { Placeholders } from "../expressions/placeholders.ts";
import { bindProjection, projected, type Projection } from "../expressions/projection.ts";
import { keyAttributes, LIMITS, requireTable, type IndexRecord, type StoredItem, type TableRecord } from "../model.ts";
import * as shapes from "../shapes.ts";
import { itemsText } from "../storage/item-record.ts";
import { queriedRange, scannedRange, startingAfter } from "../storage/key-ranges.ts";
import { readPage, type PageWanted } from "../storage/pages.ts";

const common = {
  table: shapes.table,
  index: Type.Optional(Type.String()),
  filter: Type.Optional(Type.String()),
  projection: Type.Optional(Type.String()),
  names: shapes.names,
  values: shapes.values,
  select: Type.Optional(
    Type.Union([Type.Literal("all"), Type.Literal("allProjected"), Type.Literal("specific"), Type.Literal("count")]),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
  startKey: Type.Optional(shapes.item),
  isConsistent: Type.Optional(Type.Boolean()),
  capacity: shapes.capacity,
  asText: shapes.asText,
};
const commonInput = Type.Object(common);
type CommonInput = Static<typeof commonInput>;

const output = Type.Object({
  items: Type.Optional(Type.Array(shapes.item)),
  itemsText: Type.Optional(Type.String({ description: "The items as one JSON array." })),
  count: Type.Integer(),
  scannedCount: Type.Integer(),
  lastKey: Type.Optional(shapes.item),
  consumed: Type.Optional(shapes.consumed),
});
const ERRORS = [
  "TableNotFound",
  "IndexNotFound",
  "InvalidRequest",
  "InvalidKey",
  "InvalidItem",
  "InvalidExpression",
  "UnusedPlaceholders",
  "PlaceholdersWithoutExpression",
  "EmptyPlaceholders",
  "InvalidPlaceholder",
] as const;

const refused = (reason: string) => errors.InvalidRequest({ reason });

function indexOf(
  table: TableRecord,
  name: string | undefined,
  isConsistent: boolean | undefined,
): IndexRecord | undefined {
  if (name === undefined) return undefined;
  const index = table.indexes.find((candidate) => candidate.name === name);
  if (!index) throw refused(`The table does not have the specified index: ${name}`);
  if (index.isBuilding) throw refused(`Cannot read from backfilling global secondary index: ${name}`);
  if (isConsistent && !index.isLocal) throw refused("Consistent reads are not supported on global secondary indexes");
  return index;
}

/** What is wrong with a selection whatever the table; a query and a scan begin to say so differently. */
function checkSelect({ select, projection, index }: CommonInput, beginning = ""): void {
  if (select === "specific" && projection === undefined) {
    throw refused(
      `${beginning}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
    );
  }
  if (projection !== undefined && select !== undefined && select !== "specific") {
    const wire = { all: "ALL_ATTRIBUTES", allProjected: "ALL_PROJECTED_ATTRIBUTES", count: "only the Count" }[select];
    throw refused(`${beginning}Cannot specify the ProjectionExpression when choosing to get ${wire}`);
  }
  if (select === "allProjected" && !index)
    throw refused(`${beginning}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`);
}

function checkSelectOn(index: IndexRecord | undefined, select: CommonInput["select"]): void {
  if (select === "all" && index && !index.isLocal && index.projection.kind !== "all") {
    throw refused(
      "One or more parameter values were invalid: "
        + "Select type ALL_ATTRIBUTES is not supported for global secondary index "
        + `${index.name} because its projection type is not ALL`,
    );
  }
}

/** Those of the attributes that an index does not keep. */
function missingFrom(index: IndexRecord, table: TableRecord, attributes: Iterable<unknown>): string[] {
  if (index.projection.kind === "all") return [];
  const kept = new Set(
    [...keyAttributes(table), ...keyAttributes(index)].map((key) => key.name).concat(index.projection.attributes ?? []),
  );
  return [...attributes].map(String).filter((name) => !kept.has(name));
}

/** A global index can only answer what it keeps. */
function checkProjected(table: TableRecord, index: IndexRecord | undefined, projection: Projection | undefined): void {
  if (!index || index.isLocal || !projection) return;
  const missing = missingFrom(index, table, projection.keys());
  if (missing.length > 0) {
    throw refused(
      "One or more parameter values were invalid: "
        + `Global secondary index ${index.name} does not project [${missing.join(", ")}]`,
    );
  }
}

/** Where only the index is read, a filter sees nothing else. */
function checkFiltered(table: TableRecord, index: IndexRecord | undefined, filter: BoundCondition | undefined): void {
  if (!index || !filter) return;
  const missing = missingFrom(index, table, attributesIn(filter));
  if (missing.length > 0) {
    throw refused(
      "One or more parameter values were invalid: "
        + `Secondary index ${index.name} does not project one or more filter attributes: [${missing.join(", ")}]`,
    );
  }
}

/** A local index fetches from its table what it does not keep. */
export function needsWholeItem(
  input: Pick<CommonInput, "select">,
  index: IndexRecord | undefined,
  table: TableRecord,
  projection: Projection | undefined,
): boolean {
  if (!index?.isLocal || index.projection.kind === "all") return false;
  if (input.select === "all") return true;
  return projection !== undefined && missingFrom(index, table, projection.keys()).length > 0;
}

function refuseKeysInFilter(filter: BoundCondition | undefined, schema: TableRecord | IndexRecord): void {
  if (!filter) return;
  const used = attributesIn(filter);
  const key = keyAttributes(schema).find((attribute) => used.has(attribute.name));
  if (key) {
    throw refused(`Filter Expression can only contain non-primary key attributes: Primary key attribute: ${key.name}`);
  }
}

interface Source {
  readonly table: TableRecord;
  readonly index: IndexRecord | undefined;
  readonly projection: Projection | undefined;
}

/** The items as they were asked for. */
function shown(found: readonly StoredItem[], projection: Projection | undefined, asText: boolean | undefined) {
  if (projection) return { items: found.map(({ item }) => projected(item, projection)) };
  const text = asText ? itemsText(found) : undefined;
  return text === undefined ? { items: found.map(({ item }) => item) } : { itemsText: text };
}

async function answer(tx: Reader, { table, index, projection }: Source, input: CommonInput, wanted: PageWanted) {
  const page = await readPage(tx, table, index, wanted);
  const isConsistent = input.isConsistent ?? false;
  const units = readUnits(page.scannedBytes, isConsistent);
  const fetched = page.fetchedBytes.reduce((total, bytes) => total + readUnits(bytes, isConsistent), 0);
  const spent = index
    ? consumed(input.capacity, table, fetched, { [index.name]: units })
    : consumed(input.capacity, table, units);
  return {
    ...(input.select !== "count" && shown(page.found, projection, input.asText)),
    count: page.found.length,
    scannedCount: page.scannedCount,
    ...(page.lastKey && { lastKey: page.lastKey }),
    ...(spent && { consumed: spent }),
  };
}

export const query = operation({
  summary: "Reads the items of one partition in the order of their sort key, from the table or an index.",
  input: Type.Object({ ...common, keyCondition: Type.String(), isForward: Type.Optional(Type.Boolean()) }),
  output,
  effects: "read",
  errors: ERRORS,
  async run(tx, input, ctx) {
    checkSelect(input, "1 validation error detected: ");
    const placeholders = new Placeholders(input.names, input.values);
    const filter = input.filter === undefined ? undefined : bindCondition("filter", input.filter, placeholders);
    const projection = input.projection === undefined ? undefined : bindProjection(input.projection, placeholders);
    const parts = keyConditionParts(input.keyCondition, placeholders);
    placeholders.refuseUnused(true, ["keyCondition", "filter"]);
    const table = await requireTable(tx, ctx, input.table);
    const index = indexOf(table, input.index, input.isConsistent);
    checkSelectOn(index, input.select);
    const schema = index ?? table;
    const condition = keyConditionOn(parts, schema.partitionKey, schema.sortKey);
    refuseKeysInFilter(filter, schema);
    checkProjected(table, index, projection);
    const wholeItem = needsWholeItem(input, index, table, projection);
    if (!wholeItem) checkFiltered(table, index, filter);
    const isForward = input.isForward ?? true;
    const whole = queriedRange(table, index, condition);
    const range = input.startKey ? startingAfter(whole, table, index, input.startKey, isForward, true) : whole;
    return answer(tx, { table, index, projection }, input, {
      range,
      filter,
      limit: input.limit,
      isForward,
      needsWholeItem: wholeItem,
    });
  },
});

function checkSegments(segment: number | undefined, total: number | undefined): void {
  if (segment === undefined && total === undefined) return;
  if (total === undefined) {
    throw refused(
      "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
    );
  }
  if (segment === undefined) {
    throw refused(
      "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
    );
  }
  if (total < 1 || total > LIMITS.scanSegmentsMax) {
    throw refused(
      `1 validation error detected: Value '${total}' at 'totalSegments' failed to satisfy constraint: `
        + `Member must have value ${total < 1 ? "greater than or equal to 1" : "less than or equal to 1000000"}`,
    );
  }
  if (segment >= total) {
    throw refused(
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
        + `Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
}

export const scan = operation({
  summary: "Reads all items of a table or an index, whole or one segment of many.",
  input: Type.Object({
    ...common,
    segment: Type.Optional(Type.Integer({ minimum: 0 })),
    totalSegments: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  output,
  effects: "read",
  errors: ERRORS,
  async run(tx, input, ctx) {
    checkSegments(input.segment, input.totalSegments);
    checkSelect(input);
    const placeholders = new Placeholders(input.names, input.values);
    const filter = input.filter === undefined ? undefined : bindCondition("filter", input.filter, placeholders);
    const projection = input.projection === undefined ? undefined : bindProjection(input.projection, placeholders);
    placeholders.refuseUnused(filter !== undefined || projection !== undefined, ["filter"]);
    const table = await requireTable(tx, ctx, input.table);
    const index = indexOf(table, input.index, input.isConsistent);
    checkSelectOn(index, input.select);
    checkProjected(table, index, projection);
    const wholeItem = needsWholeItem(input, index, table, projection);
    if (!wholeItem) checkFiltered(table, index, filter);
    const whole = scannedRange(table, index, input.segment ?? 0, input.totalSegments ?? 1);
    const range = input.startKey ? startingAfter(whole, table, index, input.startKey, true, false) : whole;
    return answer(tx, { table, index, projection }, input, {
      range,
      filter,
      limit: input.limit,
      isForward: true,
      needsWholeItem: wholeItem,
    });
  },
});

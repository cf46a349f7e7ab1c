import { Type } from "typebox";
import { operation } from "../../operation.ts";
import { addedUp, consumed, isMeasured, readUnits, type Consumed } from "../capacity.ts";
import { carryOut, collectionsOf, deleting, oldOf, placed, putting, type Change, type Intent } from "../changes.ts";
import { errors } from "../errors.ts";
import { onlyProjection, projected } from "../expressions/projection.ts";
import { LIMITS, requireTable, type TableRecord } from "../model.ts";
import * as shapes from "../shapes.ts";
import { mismatch, mismatchOf, namedKey } from "../storage/item-keys.ts";
import { readItem } from "../storage/item-store.ts";
import { checkedItem, type Item } from "../values/attribute-value.ts";

const refused = (reason: string) => errors.InvalidRequest({ reason });

/** The items that a batch names, each once, whatever the requests of one table are under. */
class Places {
  readonly #seen = new Set<string>();

  /** Errors: `InvalidRequest` */
  add(table: TableRecord, key: { readonly partition: string; readonly sort: string }): void {
    const place = JSON.stringify([table.id, key.partition, key.sort]);
    if (this.#seen.has(place)) throw refused("Provided list of item keys contains duplicates");
    this.#seen.add(place);
  }
}

/** A batch tells a key that is not the table's in one way only. Errors: `InvalidKey` */
function placedInBatch(intent: Intent, table: TableRecord): Change {
  try {
    return placed(intent, table);
  } catch (error) {
    throw mismatchOf(error) === "table" ? mismatch() : error;
  }
}

const getRequest = Type.Object({
  table: shapes.table,
  keys: Type.Array(shapes.item),
  projection: Type.Optional(Type.String()),
  names: shapes.names,
  isConsistent: Type.Optional(Type.Boolean()),
});

export const batchGetItems = operation({
  summary: "Reads up to 100 items by their keys, of any tables.",
  input: Type.Object({ requests: Type.Array(getRequest), capacity: shapes.capacity }),
  output: Type.Object({
    /** One for each request; `unprocessed`: the keys of what did not fit into 16 MiB. */
    responses: Type.Array(
      Type.Object({
        table: shapes.table,
        items: Type.Array(shapes.item),
        unprocessed: Type.Optional(Type.Array(shapes.item)),
      }),
    ),
    consumed: Type.Optional(Type.Array(shapes.consumed)),
  }),
  effects: "read",
  errors: [
    "TableNotFound",
    "InvalidRequest",
    "InvalidKey",
    "InvalidItem",
    "InvalidExpression",
    "UnusedPlaceholders",
    "PlaceholdersWithoutExpression",
    "EmptyPlaceholders",
    "InvalidPlaceholder",
  ],
  async run(tx, input, ctx) {
    if (input.requests.reduce((count, request) => count + request.keys.length, 0) > LIMITS.batchGetItemsMax) {
      throw refused("Too many items requested for the BatchGetItem call");
    }
    let bytes = 0;
    const responses: { table: string; items: Item[]; unprocessed?: Item[] }[] = [];
    const asked = new Places();
    const spent: Consumed[] = [];
    for (const request of input.requests) {
      const projection = onlyProjection(request.projection, request.names);
      const table = await requireTable(tx, ctx, request.table);
      const named = request.keys.map((key) => ({ key, place: namedKey(table, checkedItem(key).item) }));
      for (const { place } of named) asked.add(table, place);
      const items: Item[] = [];
      const left: Item[] = [];
      for (const { key, place } of named) {
        const stored = bytes > LIMITS.batchGetBytesMax ? undefined : await readItem(tx, table, place);
        if (bytes > LIMITS.batchGetBytesMax || bytes + (stored?.sizeBytes ?? 0) > LIMITS.batchGetBytesMax) {
          bytes = LIMITS.batchGetBytesMax + 1;
          left.push(key);
          continue;
        }
        bytes += stored?.sizeBytes ?? 0;
        const units = consumed(input.capacity, table, readUnits(stored?.sizeBytes ?? 0, request.isConsistent ?? false));
        if (units) spent.push(units);
        if (stored) items.push(projection ? projected(stored.item, projection) : stored.item);
      }
      responses.push({ table: request.table, items, ...(left.length > 0 && { unprocessed: left }) });
    }
    return { responses, ...(spent.length > 0 && { consumed: addedUp(spent) }) };
  },
});

const writeRequest = Type.Object({
  table: shapes.table,
  puts: Type.Optional(Type.Array(shapes.item)),
  deletes: Type.Optional(Type.Array(shapes.item)),
});

export const batchWriteItems = operation({
  summary: "Writes or deletes up to 25 items of any tables, without conditions.",
  input: Type.Object({
    requests: Type.Array(writeRequest),
    capacity: shapes.capacity,
    wantsCollections: shapes.wantsCollections,
  }),
  output: Type.Object({
    consumed: Type.Optional(Type.Array(shapes.consumed)),
    collections: Type.Optional(Type.Array(shapes.collection)),
  }),
  effects: "write",
  errors: ["TableNotFound", "InvalidRequest", "InvalidKey", "InvalidItem", "ItemTooLarge"],
  async run(tx, input, ctx) {
    const total = input.requests.reduce(
      (count, { puts, deletes }) => count + (puts?.length ?? 0) + (deletes?.length ?? 0),
      0,
    );
    if (total > LIMITS.batchWriteItemsMax) throw refused("Too many items requested for the BatchWriteItem call");
    const spent: Consumed[] = [];
    const written: Change[] = [];
    const places = new Places();
    for (const { table: name, puts = [], deletes = [] } of input.requests) {
      const table = await requireTable(tx, ctx, name);
      const changes = [
        ...puts.map((item) => placedInBatch(putting({ item }), table)),
        ...deletes.map((key) => placedInBatch(deleting({ key }), table)),
      ];
      for (const { key } of changes) places.add(table, key);
      const wantsOld = isMeasured(input.capacity);
      for (const change of changes) {
        const old = wantsOld || change.needsOld ? await oldOf(tx, change) : undefined;
        const { tableUnits, indexUnits } = carryOut(tx, change, old, ctx);
        const units = consumed(input.capacity, table, tableUnits, indexUnits);
        if (units) spent.push(units);
      }
      written.push(...changes);
    }
    const collections = input.wantsCollections ? await collectionsOf(tx, written) : [];
    return {
      ...(spent.length > 0 && { consumed: addedUp(spent) }),
      ...(collections.length > 0 && { collections }),
    };
  },
});

import { Type, type Static } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { ServiceError } from "../../errors.ts";
import { operation } from "../../operation.ts";
import { addedUp, consumed, readUnits, type CapacityDetail, type Consumed } from "../capacity.ts";
import { carryOut, oldOf, placed, requireCondition, type Intent } from "../changes.ts";
import { errors } from "../errors.ts";
import { holds, type BoundCondition } from "../expressions/condition.ts";
import { projected, projectionOf } from "../expressions/projection.ts";
import { checkedUpdate } from "../expressions/update.ts";
import { LIMITS, requireTable, type TableRecord } from "../model.ts";
import { requireNamedItem } from "../partiql/keys.ts";
import { parseStatement } from "../partiql/parser.ts";
import { readSelected, type Select } from "../partiql/reading.ts";
import { selected } from "../partiql/selected.ts";
import { allOf, conjuncts, type Returning, type Statement } from "../partiql/statement.ts";
import * as shapes from "../shapes.ts";
import { namedKey } from "../storage/item-keys.ts";
import { readItem } from "../storage/item-store.ts";
import { checkedItem, type Item } from "../values/attribute-value.ts";
import { digestOf, wasDone } from "../request-tokens.ts";
import { carryOutAll, forEachAction, refuseTwice, twice, type Prepared } from "./transactions.ts";

type Write = Exclude<Statement, { readonly kind: "select" }>;

const ERRORS = [
  "TableNotFound",
  "InvalidStatement",
  "InvalidItem",
  "InvalidKey",
  "InvalidRequest",
  "InvalidExpression",
  "ItemTooLarge",
  "ConditionFailed",
  "DuplicateItem",
  "UpdateNotApplicable",
] as const;

const statement = Type.String({ description: "One PartiQL statement: SELECT, INSERT, UPDATE or DELETE." });
const parameters = Type.Optional(Type.Array(shapes.attributeValue));
const returnOnFailure = shapes.returnOnFailure;

const existence = (name: "attribute_exists" | "attribute_not_exists", table: TableRecord): BoundCondition => ({
  type: "test",
  name,
  operands: [{ type: "path", path: [table.partitionKey.name] }],
});

/** What a statement that writes means for its table. Errors: `InvalidStatement`, `InvalidItem`, `InvalidExpression` */
function intentOf(write: Write, table: TableRecord): Intent {
  if (write.kind === "insert") {
    const condition = existence("attribute_not_exists", table);
    return { kind: "put", stored: checkedItem(write.item), givenKey: undefined, condition, update: undefined };
  }
  const { key, rest } = requireNamedItem(table, write.where);
  const givenKey = checkedItem(key).item;
  if (write.kind === "delete") {
    return { kind: "delete", stored: undefined, givenKey, condition: rest, update: undefined };
  }
  const condition = allOf([existence("attribute_exists", table), ...conjuncts(rest)]);
  return { kind: "update", stored: undefined, givenKey, condition, update: checkedUpdate(write.update) };
}

function returned(
  returning: Returning | undefined,
  old: Item | undefined,
  next: Item | undefined,
  update: Intent["update"],
): Item | undefined {
  const item = returning && (returning.when === "old" ? old : next);
  if (!item || !returning || returning.which === "all") return item;
  const changed = projected(item, projectionOf(update?.paths ?? []));
  return Object.keys(changed).length > 0 ? changed : undefined;
}

interface Done {
  readonly items: Item[];
  readonly consumed: Consumed | undefined;
}

async function write(
  tx: Transaction,
  ctx: OperationContext,
  given: Write,
  wanted: { readonly returnOnFailure?: boolean | undefined; readonly capacity?: CapacityDetail | undefined },
): Promise<Done> {
  const table = await requireTable(tx, ctx, given.table);
  const intent = intentOf(given, table);
  const change = placed(intent, table);
  const old = await oldOf(tx, change);
  if (given.kind === "insert" && old) throw errors.DuplicateItem();
  // Nothing to delete is no failure, whatever else was asked of the item.
  if (given.kind !== "delete" || old) requireCondition(change, old, wanted.returnOnFailure);
  const { after, tableUnits, indexUnits } = carryOut(tx, change, old, ctx);
  const returning = given.kind === "insert" ? undefined : given.returning;
  const item = returned(returning, old?.item, after?.item, intent.update);
  return { items: item ? [item] : [], consumed: consumed(wanted.capacity, table, tableUnits, indexUnits) };
}

/** The one item that a SELECT names by its key. Errors: `InvalidStatement` */
async function readNamed(
  tx: Reader,
  ctx: OperationContext,
  select: Select,
): Promise<{ table: TableRecord; item: Item | undefined; sizeBytes: number }> {
  const table = await requireTable(tx, ctx, select.table);
  const { key, rest } = requireNamedItem(table, select.where);
  const stored = await readItem(tx, table, namedKey(table, checkedItem(key).item));
  const isMeant = stored && (!rest || holds(rest, stored.item));
  const item = isMeant && (select.paths ? selected(stored.item, select.paths) : stored.item);
  return { table, item: item || undefined, sizeBytes: stored?.sizeBytes ?? 0 };
}

function refuseCheck(given: Statement): void {
  if (given.kind === "select" && given.isCheck) {
    throw errors.InvalidStatement({ reason: "EXISTS can only be used in a transaction" });
  }
}

export const executeStatement = operation({
  summary: "Runs one PartiQL statement; a SELECT answers page by page.",
  input: Type.Object({
    statement,
    parameters,
    isConsistent: Type.Optional(Type.Boolean()),
    limit: Type.Optional(Type.Integer({ minimum: 1 })),
    next: Type.Optional(Type.String()),
    capacity: shapes.capacity,
    returnOnFailure,
  }),
  output: Type.Object({
    items: Type.Array(shapes.item),
    next: Type.Optional(Type.String()),
    lastKey: Type.Optional(shapes.item),
    consumed: Type.Optional(shapes.consumed),
  }),
  effects: "write",
  errors: ERRORS,
  async run(tx, input, ctx) {
    const parsed = parseStatement(input.statement, input.parameters);
    refuseCheck(parsed);
    if (parsed.kind !== "select") {
      const done = await write(tx, ctx, parsed, input);
      return { items: done.items, ...(done.consumed && { consumed: done.consumed }) };
    }
    const table = await requireTable(tx, ctx, parsed.table);
    const isConsistent = input.isConsistent ?? false;
    const { statement: text, limit, next: token } = input;
    const page = await readSelected(tx, table, parsed, { text, limit, isConsistent, next: token });
    const units = readUnits(page.scannedBytes, isConsistent);
    const fetched = page.fetchedBytes.reduce((total, bytes) => total + readUnits(bytes, isConsistent), 0);
    const spent = page.index
      ? consumed(input.capacity, table, fetched, { [page.index.name]: units })
      : consumed(input.capacity, table, units);
    const { items, next, lastKey } = page;
    return { items, ...(next && { next }), ...(lastKey && { lastKey }), ...(spent && { consumed: spent }) };
  },
});

/** All of one kind, so that a request either reads or writes. */
function refuseMixed(statements: readonly Statement[]): void {
  const writes = statements.filter((one) => one.kind !== "select" || one.isCheck).length;
  if (writes === 0 || writes === statements.length) return;
  throw errors.InvalidRequest({
    reason: "Statements that read and statements that write must not stand in one request",
  });
}

const batched = Type.Object({
  statement,
  parameters,
  isConsistent: Type.Optional(Type.Boolean()),
  returnOnFailure,
});

export const executeStatements = operation({
  summary: "Runs up to 25 PartiQL statements one by one; one that fails keeps no other from being done.",
  input: Type.Object({ statements: Type.Array(batched), capacity: shapes.capacity }),
  output: Type.Object({
    responses: Type.Array(
      Type.Object({
        table: Type.Optional(Type.String()),
        item: Type.Optional(shapes.item),
        failure: Type.Optional(
          Type.Object({ code: Type.String(), message: Type.String(), item: Type.Optional(shapes.item) }),
        ),
      }),
    ),
    consumed: Type.Optional(Type.Array(shapes.consumed)),
  }),
  effects: "write",
  errors: ["InvalidRequest", "InvalidStatement"],
  async run(tx, { statements, capacity }, ctx) {
    const spent: Consumed[] = [];
    const parsed = statements.map((one) => orFailure(() => parsedAlone(one)));
    refuseMixed(parsed.flatMap((one) => ("failure" in one ? [] : [one])));
    const responses: Response[] = [];
    for (const [at, one] of parsed.entries()) {
      const wanted = { ...statements[at], capacity };
      responses.push("failure" in one ? one : await orFailed(runAlone(tx, ctx, one, wanted, spent)));
    }
    return { responses, ...(spent.length > 0 && { consumed: addedUp(spent) }) };
  },
});

interface Response {
  readonly table?: string;
  readonly item?: Item;
  readonly failure?: { readonly code: string; readonly message: string; readonly item?: Item };
}
interface Failed {
  readonly failure: NonNullable<Response["failure"]>;
}

function failed(error: unknown): Failed {
  if (!(error instanceof ServiceError)) throw error;
  const { item } = error.details as { item?: Item };
  return { failure: { code: error.code, message: error.message, ...(item && { item }) } };
}
function orFailure<T>(run: () => T): T | Failed {
  try {
    return run();
  } catch (error) {
    return failed(error);
  }
}
const orFailed = (response: Promise<Response>): Promise<Response> => response.catch(failed);

function parsedAlone(one: Static<typeof batched>): Statement {
  const parsed = parseStatement(one.statement, one.parameters);
  refuseCheck(parsed);
  return parsed;
}

type Wanted = Partial<Static<typeof batched>> & { readonly capacity?: CapacityDetail | undefined };

async function runAlone(
  tx: Transaction,
  ctx: OperationContext,
  given: Statement,
  wanted: Wanted,
  spent: Consumed[],
): Promise<Response> {
  if (given.kind === "select") {
    const { table, item, sizeBytes } = await readNamed(tx, ctx, given);
    const units = consumed(wanted.capacity, table, readUnits(sizeBytes, wanted.isConsistent ?? false));
    if (units) spent.push(units);
    return { table: given.table, ...(item && { item }) };
  }
  const done = await write(tx, ctx, given, wanted);
  if (done.consumed) spent.push(done.consumed);
  return { table: given.table, ...(done.items[0] && { item: done.items[0] }) };
}

async function prepare(
  tx: Transaction,
  ctx: OperationContext,
  given: Statement,
  returnsOnFailure: boolean | undefined,
): Promise<Prepared> {
  const table = await requireTable(tx, ctx, given.table);
  if (given.kind !== "select") {
    const change = placed(intentOf(given, table), table);
    const old = await oldOf(tx, change);
    return { change, old, returnOnFailure: returnsOnFailure, isInsert: given.kind === "insert" };
  }
  const { key, rest } = requireNamedItem(table, given.where);
  const condition = allOf([existence("attribute_exists", table), ...conjuncts(rest)]);
  const intent: Intent = {
    kind: "check",
    stored: undefined,
    givenKey: checkedItem(key).item,
    condition,
    update: undefined,
  };
  const change = placed(intent, table);
  return { change, old: await oldOf(tx, change), returnOnFailure: returnsOnFailure };
}

export const executeTransaction = operation({
  summary: "Runs up to 100 PartiQL statements, all reads or all writes: all of them or none.",
  input: Type.Object({
    statements: Type.Array(Type.Object({ statement, parameters, returnOnFailure })),
    token: Type.Optional(Type.String()),
    capacity: shapes.capacity,
  }),
  output: Type.Object({
    responses: Type.Array(Type.Object({ item: Type.Optional(shapes.item) })),
    consumed: Type.Optional(Type.Array(shapes.consumed)),
  }),
  effects: "write",
  errors: [...ERRORS, "TransactionCancelled", "IdempotencyTokenReused"],
  async run(tx, { statements, token, capacity }, ctx) {
    if (statements.length > LIMITS.transactionItemsMax) {
      throw errors.InvalidRequest({ reason: "Member must have length less than or equal to 100" });
    }
    const parsed = statements.map((one) => parseStatement(one.statement, one.parameters));
    refuseMixed(parsed);
    if (parsed.some((one) => "returning" in one && one.returning)) {
      throw errors.InvalidStatement({ reason: "A transaction's statements take no RETURNING clause" });
    }
    const spent: Consumed[] = [];
    const note = (units: Consumed | undefined) => units && spent.push(units);
    const answer = (items: readonly (Item | undefined)[]) => ({
      responses: items.map((item) => (item ? { item } : {})),
      ...(spent.length > 0 && { consumed: addedUp(spent) }),
    });
    if (parsed.every((one) => one.kind === "select" && !one.isCheck)) {
      const items: (Item | undefined)[] = [];
      for (const one of parsed) {
        const { table, item, sizeBytes } = await readNamed(tx, ctx, one as Select);
        note(consumed(capacity, table, readUnits(sizeBytes, true) * 2, {}, "read"));
        items.push(item);
      }
      return answer(items);
    }
    if (token !== undefined && (await wasDone(tx, token, digestOf(statements), ctx))) return answer([]);
    const prepared = await forEachAction(parsed, (one, at) =>
      prepare(tx, ctx, one, statements[at]?.returnOnFailure),
    );
    refuseTwice(prepared.map(({ change }) => change));
    for (const [at, outcome] of carryOutAll(tx, prepared, ctx).entries()) {
      const table = prepared[at]?.change.table;
      if (outcome && table) note(consumed(capacity, table, outcome.tableUnits * 2, twice(outcome.indexUnits), "write"));
    }
    return answer(parsed.map(() => undefined));
  },
});

import { Type, type Static } from "typebox";
import { startingWith } from "../../kernel/key.ts";
import { ServiceError } from "../errors.ts";
import { resourceType, type ResourceContext, type ResourceState } from "../resource-type.ts";
import {
  spaces,
  tableRecords,
  type IndexRecord,
  type KeyAttribute,
  type KeySchema,
  type TableRecord,
} from "./model.ts";
import { changeLabels, setRecovery, setTimeToLive } from "./operations/table-settings.ts";
import { updateTable } from "./operations/table-updates.ts";
import { createTable, deleteTable, index as createdIndex } from "./operations/tables.ts";
import type { KeyElement } from "./table-definition.ts";

const key = Type.Object(
  {
    Name: Type.String({ minLength: 1, maxLength: 255 }),
    Type: Type.Union([Type.Literal("S"), Type.Literal("N"), Type.Literal("B")], {
      description: "S: text, N: number, B: bytes.",
    }),
  },
  { additionalProperties: false },
);

const index = Type.Object(
  {
    Name: Type.String({ minLength: 3, maxLength: 255 }),
    PartitionKey: key,
    SortKey: Type.Optional(key),
    Projection: Type.Optional(
      Type.Union([Type.Literal("ALL"), Type.Literal("KEYS_ONLY"), Type.Array(Type.String(), { minItems: 1 })], {
        description:
          "What the index keeps of an item: ALL (the default), KEYS_ONLY, or the names of further attributes.",
      }),
    ),
  },
  { additionalProperties: false },
);

const properties = Type.Object(
  {
    Name: Type.Optional(Type.String({ minLength: 3, maxLength: 255, pattern: "^[a-zA-Z0-9_.-]+$" })),
    PartitionKey: key,
    SortKey: Type.Optional(key),
    GlobalIndexes: Type.Optional(Type.Array(index)),
    LocalIndexes: Type.Optional(Type.Array(index)),
    Throughput: Type.Optional(
      Type.Object(
        { ReadUnits: Type.Integer({ minimum: 1 }), WriteUnits: Type.Integer({ minimum: 1 }) },
        { additionalProperties: false, description: "Provisioned capacity; on-demand without it." },
      ),
    ),
    TimeToLiveAttribute: Type.Optional(Type.String({ minLength: 1 })),
    PointInTimeRecovery: Type.Optional(Type.Boolean({ default: false })),
    DeletionProtection: Type.Optional(Type.Boolean({ default: false })),
    Labels: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  { additionalProperties: false },
);
type Properties = Static<typeof properties>;

const attributes = Type.Object({ Name: Type.String(), Id: Type.String() });
type State = ResourceState<Properties, Static<typeof attributes>>;

interface DeclaredKeys {
  readonly PartitionKey: { Name: string; Type: KeyAttribute["type"] };
  readonly SortKey?: { Name: string; Type: KeyAttribute["type"] } | undefined;
}

const keyElements = (declared: DeclaredKeys): KeyElement[] => [
  { name: declared.PartitionKey.Name, role: "partition" as const },
  ...(declared.SortKey ? [{ name: declared.SortKey.Name, role: "sort" as const }] : []),
];

function attributesOf(wanted: Properties): KeyAttribute[] {
  const declared = [wanted, ...(wanted.GlobalIndexes ?? []), ...(wanted.LocalIndexes ?? [])];
  const all = declared.flatMap((one) => (one.SortKey ? [one.PartitionKey, one.SortKey] : [one.PartitionKey]));
  return [...new Map(all.map((one) => [one.Name, { name: one.Name, type: one.Type }])).values()];
}

function indexDefinition(
  declared: Static<typeof index>,
  isLocal: boolean,
  throughput: Properties["Throughput"],
): Static<typeof createdIndex> {
  const projection = declared.Projection ?? "ALL";
  return {
    name: declared.Name,
    isLocal,
    keys: keyElements(declared),
    projection:
      typeof projection === "string"
        ? { kind: projection === "ALL" ? "all" : "keysOnly" }
        : { kind: "include", attributes: projection },
    ...(!isLocal
      && throughput && { throughput: { readUnits: throughput.ReadUnits, writeUnits: throughput.WriteUnits } }),
  };
}

const declaredKey = ({ name, type }: KeyAttribute) => ({ Name: name, Type: type });
const declaredKeys = (schema: KeySchema) => ({
  PartitionKey: declaredKey(schema.partitionKey),
  ...(schema.sortKey && { SortKey: declaredKey(schema.sortKey) }),
});

function declaredIndex(record: IndexRecord): Static<typeof index> {
  const { kind, attributes: names } = record.projection;
  const projection =
    kind === "all" ? ("ALL" as const) : kind === "keysOnly" ? ("KEYS_ONLY" as const) : [...(names ?? [])];
  return { Name: record.name, ...declaredKeys(record), Projection: projection };
}

function stateOf(record: TableRecord): State {
  const global = record.indexes.filter((one) => !one.isLocal).map(declaredIndex);
  const local = record.indexes.filter((one) => one.isLocal).map(declaredIndex);
  return {
    id: record.name,
    properties: {
      Name: record.name,
      ...declaredKeys(record),
      ...(global.length > 0 && { GlobalIndexes: global }),
      ...(local.length > 0 && { LocalIndexes: local }),
      ...(record.billing === "provisioned" && {
        Throughput: { ReadUnits: record.throughput.readUnits, WriteUnits: record.throughput.writeUnits },
      }),
      ...(record.timeToLiveAttribute !== undefined && { TimeToLiveAttribute: record.timeToLiveAttribute }),
      PointInTimeRecovery: record.recovery !== undefined,
      DeletionProtection: record.isDeletionProtected,
      ...(Object.keys(record.labels).length > 0 && { Labels: { ...record.labels } }),
    },
    attributes: { Name: record.name, Id: record.id },
  };
}

function generatedName(ctx: ResourceContext<unknown>): string {
  const owner = ctx.owner ? `${ctx.owner.stack}-${ctx.owner.logicalId}-` : "table-";
  return owner.slice(0, 240) + ctx.ids.upper(12);
}

type WriteTx = Parameters<typeof createTable.run>[0];

async function applySettings(
  tx: WriteTx,
  table: TableRecord,
  wanted: Properties,
  ctx: ResourceContext<unknown>,
): Promise<void> {
  const wantedTtl = wanted.TimeToLiveAttribute;
  if (table.timeToLiveAttribute !== undefined && table.timeToLiveAttribute !== wantedTtl) {
    await setTimeToLive.run(tx, { table: table.name, attribute: table.timeToLiveAttribute, isEnabled: false }, ctx);
  }
  if (wantedTtl !== undefined && table.timeToLiveAttribute !== wantedTtl) {
    await setTimeToLive.run(tx, { table: table.name, attribute: wantedTtl, isEnabled: true }, ctx);
  }
  if ((table.recovery !== undefined) !== (wanted.PointInTimeRecovery ?? false)) {
    await setRecovery.run(tx, { table: table.name, isEnabled: wanted.PointInTimeRecovery ?? false }, ctx);
  }
}

async function recordNow(tx: WriteTx, name: string, ctx: ResourceContext<unknown>): Promise<TableRecord> {
  return (await tableRecords.get(tx, ctx.account, ctx.region, name)) as TableRecord;
}

const canonical = (one: Static<typeof index>) => {
  const names = [...keyElements(one).map(({ name }) => name), one.PartitionKey.Type, one.SortKey?.Type];
  return JSON.stringify([one.Name, ...names, one.Projection ?? "ALL"]);
};

/** One index at a time, as `updateTable` wants it: what is gone or different first, then what is new. */
async function applyIndexes(
  tx: WriteTx,
  table: TableRecord,
  wanted: Properties,
  ctx: ResourceContext<unknown>,
): Promise<void> {
  const target = new Map((wanted.GlobalIndexes ?? []).map((one) => [one.Name, canonical(one)]));
  const current = new Map(
    table.indexes.filter((one) => !one.isLocal).map((one) => [one.name, canonical(declaredIndex(one))]),
  );
  for (const [name, form] of current) {
    if (target.get(name) !== form)
      await updateTable.run(tx, { table: table.name, indexChanges: [{ delete: { name } }] }, ctx);
  }
  for (const one of wanted.GlobalIndexes ?? []) {
    if (current.get(one.Name) === target.get(one.Name)) continue;
    const create = indexDefinition(one, false, wanted.Throughput);
    await updateTable.run(
      tx,
      { table: table.name, attributes: attributesOf(wanted), indexChanges: [{ create: create }] },
      ctx,
    );
  }
}

async function applyBilling(
  tx: WriteTx,
  table: TableRecord,
  wanted: Properties,
  ctx: ResourceContext<unknown>,
): Promise<void> {
  const units = wanted.Throughput && {
    readUnits: wanted.Throughput.ReadUnits,
    writeUnits: wanted.Throughput.WriteUnits,
  };
  const isSame = units
    ? table.billing === "provisioned"
      && table.throughput.readUnits === units.readUnits
      && table.throughput.writeUnits === units.writeUnits
    : table.billing === "onDemand";
  const isDeletionProtected = wanted.DeletionProtection ?? false;
  if (isSame && table.isDeletionProtected === isDeletionProtected) return;
  const indexChanges =
    units && !isSame
      ? table.indexes.filter((one) => !one.isLocal).map((one) => ({ update: { name: one.name, throughput: units } }))
      : undefined;
  await updateTable.run(
    tx,
    {
      table: table.name,
      isDeletionProtected,
      ...(!isSame && { billing: units ? "provisioned" : "onDemand" }),
      ...(!isSame && units && { throughput: units }),
      ...(indexChanges && indexChanges.length > 0 && { indexChanges }),
    },
    ctx,
  );
}

/** `Type: Table`: a table of items with its indexes and settings. */
export const table = resourceType({
  name: "Table",
  summary: "A table of items found by key.",
  properties,
  attributes,
  ref: "Name",
  replacement: { Name: "always", PartitionKey: "always", SortKey: "always", LocalIndexes: "always" },
  nameProperty: "Name",
  recordedOnly: ["Throughput"],
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a table with an index",
      properties: {
        Name: "orders",
        PartitionKey: { Name: "customer", Type: "S" },
        SortKey: { Name: "placedAt", Type: "N" },
        GlobalIndexes: [{ Name: "by-status", PartitionKey: { Name: "status", Type: "S" }, Projection: "ALL" }],
        TimeToLiveAttribute: "expiresAt",
        PointInTimeRecovery: false,
        DeletionProtection: false,
        Labels: { team: "sales" },
      },
    },
    { title: "the least that can be said", properties: { PartitionKey: { Name: "id", Type: "S" } } },
  ],
  handlers: {
    async create(tx, wanted, ctx) {
      const name = wanted.Name ?? generatedName(ctx);
      const indexes = [
        ...(wanted.GlobalIndexes ?? []).map((one) => indexDefinition(one, false, wanted.Throughput)),
        ...(wanted.LocalIndexes ?? []).map((one) => indexDefinition(one, true, undefined)),
      ];
      const made = await createTable.run(
        tx,
        {
          table: name,
          attributes: attributesOf(wanted),
          keys: keyElements(wanted),
          indexes,
          billing: wanted.Throughput ? "provisioned" : "onDemand",
          ...(wanted.Throughput && {
            throughput: { readUnits: wanted.Throughput.ReadUnits, writeUnits: wanted.Throughput.WriteUnits },
          }),
          isDeletionProtected: wanted.DeletionProtection ?? false,
          labels: wanted.Labels ?? {},
        },
        ctx,
      );
      await applySettings(tx, made.table, wanted, ctx);
      return stateOf(await recordNow(tx, name, ctx));
    },
    async read(tx, id, ctx) {
      const record = await tableRecords.get(tx, ctx.account, ctx.region, id);
      return record && stateOf(record);
    },
    async update(tx, id, wanted, _previous, ctx) {
      await applyBilling(tx, await recordNow(tx, id, ctx), wanted, ctx);
      const table = await recordNow(tx, id, ctx);
      await applyIndexes(tx, table, wanted, ctx);
      await applySettings(tx, table, wanted, ctx);
      const remove = Object.keys(table.labels).filter((label) => wanted.Labels?.[label] === undefined);
      await changeLabels.run(tx, { table: id, set: wanted.Labels ?? {}, remove }, ctx);
      return stateOf(await recordNow(tx, id, ctx));
    },
    async delete(tx, id, ctx) {
      try {
        await deleteTable.run(tx, { table: id }, ctx);
      } catch (error) {
        if (!(error instanceof ServiceError && error.code === "TableNotFound")) throw error;
      }
    },
    async list(tx, ctx, page) {
      const all = spaces.table.range(ctx.account, ctx.region);
      const from =
        page.after === undefined ? all.from : startingWith(spaces.table.key(ctx.account, ctx.region, page.after)).from;
      const found = await tx.range<TableRecord>({ from, to: all.to }, { limit: page.limit });
      return found.map(({ value }) => value.name);
    },
  },
});

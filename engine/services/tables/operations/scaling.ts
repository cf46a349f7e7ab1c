import { Type, type Static } from "typebox";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import { operation } from "../../operation.ts";
import { errors } from "../errors.ts";
import { requireTable, scalingRecords, type ScalingRecord, type TableRecord } from "../model.ts";
import * as shapes from "../shapes.ts";

/** How the capacity of a global table should follow its load. Kept and shown; no load changes any capacity. */

const optionalNumber = Type.Optional(Type.Number());
const policy = Type.Object({
  name: Type.String(),
  targetPercent: Type.Number(),
  neverLowers: Type.Optional(Type.Boolean()),
  lowersAfterSeconds: optionalNumber,
  raisesAfterSeconds: optionalNumber,
});
export const settings = Type.Object({
  unitsMin: optionalNumber,
  unitsMax: optionalNumber,
  role: Type.Optional(Type.String()),
  policies: Type.Array(policy),
});
export const change = Type.Object({
  isOff: Type.Optional(Type.Boolean()),
  unitsMin: optionalNumber,
  unitsMax: optionalNumber,
  role: Type.Optional(Type.String()),
  policy: Type.Optional(
    Type.Object({ ...policy.properties, name: Type.Optional(Type.String({ description: "Generated when absent." })) }),
  ),
});
type Change = Static<typeof change>;

const capacity = { read: Type.Optional(settings), write: Type.Optional(settings) };
const described = Type.Object({
  table: shapes.table,
  replicas: Type.Array(
    Type.Object({
      region: Type.String(),
      ...capacity,
      indexes: Type.Array(Type.Object({ name: Type.String(), isBuilding: Type.Boolean(), ...capacity })),
    }),
  ),
});
type Described = Static<typeof described>;
const input = {
  table: shapes.table,
  write: Type.Optional(change),
  indexes: Type.Optional(Type.Array(Type.Object({ name: Type.String(), write: change }))),
  replicas: Type.Optional(
    Type.Array(
      Type.Object({
        region: Type.String(),
        read: Type.Optional(change),
        indexes: Type.Optional(Type.Array(Type.Object({ name: Type.String(), read: change }))),
      }),
    ),
  ),
};

/** Writes are the same everywhere, reads each region's own. */
const EVERYWHERE = "";
/** Stands for the table itself. */
const NO_INDEX = "";

const refused = (reason: string) => errors.InvalidTable({ reason });

/** Errors: `TableNotFound`, `InvalidTable` */
async function requireGlobal(tx: Reader, scope: Parameters<typeof requireTable>[1], name: string) {
  const table = await requireTable(tx, scope, name);
  const { replicas } = table;
  if (!replicas) throw refused(`Table is not a global table: ${name}`);
  return { table, replicas };
}

function changed(old: ScalingRecord | undefined, { isOff, policy: given, ...rest }: Change): ScalingRecord | undefined {
  if (isOff) return undefined;
  const { unitsMin, unitsMax } = { ...old, ...rest };
  if (unitsMin === undefined || unitsMax === undefined || unitsMin > unitsMax)
    throw refused("Auto scaling needs MinimumUnits and MaximumUnits, and the minimum must not be above the maximum");
  const named = given && { ...given, name: given.name ?? "target-tracking" };
  const others = old?.policies.filter(({ name }) => name !== named?.name) ?? [];
  return { ...old, ...rest, policies: named ? [...others, named] : others };
}

interface Place {
  readonly region: string;
  readonly index: string;
}

async function changeAt(tx: Transaction, table: TableRecord, place: Place, wanted: Change | undefined): Promise<void> {
  if (wanted === undefined) return;
  const { region, index } = place;
  if (index !== NO_INDEX && !table.indexes.some((one) => one.name === index && !one.isLocal))
    throw errors.IndexNotFound({ table: table.name, index });
  const next = changed(await scalingRecords.get(tx, table.id, region, index), wanted);
  if (next) scalingRecords.put(tx, next, table.id, region, index);
  else scalingRecords.remove(tx, table.id, region, index);
}

const told = (kept: ScalingRecord): Static<typeof settings> => ({
  ...kept,
  policies: kept.policies.map((one) => ({ ...one })),
});

/** What is set for a table or one of its indexes in a region. */
async function capacityAt(tx: Reader, table: TableRecord, region: string, index: string) {
  const read = await scalingRecords.get(tx, table.id, region, index);
  const write = await scalingRecords.get(tx, table.id, EVERYWHERE, index);
  return { ...(read && { read: told(read) }), ...(write && { write: told(write) }) };
}

/** What is set in each of the regions. */
export async function describe(tx: Reader, table: TableRecord, regions: readonly string[]): Promise<Described> {
  const replicas: Described["replicas"] = [];
  for (const region of regions) {
    const indexes: (typeof replicas)[number]["indexes"] = [];
    for (const { name, isLocal, isBuilding } of table.indexes) {
      if (isLocal) continue;
      indexes.push({ name, isBuilding: isBuilding === true, ...(await capacityAt(tx, table, region, name)) });
    }
    replicas.push({ region, ...(await capacityAt(tx, table, region, NO_INDEX)), indexes });
  }
  return { table: table.name, replicas };
}

export const changeScaling = operation({
  summary: "Keeps how the capacity of a global table should follow its load.",
  input: Type.Object(input),
  output: described,
  effects: "write",
  errors: ["TableNotFound", "IndexNotFound", "ReplicaNotFound", "InvalidTable"],
  async run(tx, wanted, ctx) {
    const { table, replicas } = await requireGlobal(tx, ctx, wanted.table);
    const regions = replicas.map(({ region }) => region);
    await changeAt(tx, table, { region: EVERYWHERE, index: NO_INDEX }, wanted.write);
    for (const { name, write } of wanted.indexes ?? [])
      await changeAt(tx, table, { region: EVERYWHERE, index: name }, write);
    for (const { region, read, indexes = [] } of wanted.replicas ?? []) {
      if (!regions.includes(region)) throw errors.ReplicaNotFound({ table: table.name, region });
      await changeAt(tx, table, { region, index: NO_INDEX }, read);
      for (const one of indexes) await changeAt(tx, table, { region, index: one.name }, one.read);
    }
    return describe(tx, table, regions);
  },
});

export const describeScaling = operation({
  summary: "Shows how the capacity of a global table should follow its load.",
  input: Type.Object({ table: shapes.table }),
  output: described,
  effects: "read",
  errors: ["TableNotFound", "InvalidTable"],
  async run(tx, { table: name }, ctx) {
    const { table, replicas } = await requireGlobal(tx, ctx, name);
    return describe(tx, table, replicas.map(({ region }) => region));
  },
});

import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext, Scope } from "../context.ts";
import { errors } from "./errors.ts";
import { tableRecords, type ReplicaRecord, type ReplicaSettings, type TableRecord } from "./model.ts";
import { putStream } from "./streams.ts";

/**
 * What replicas of a table have in common besides their items, which are the same records: a replica is another
 * region's name for the same table.
 */
const shared = ({
  id,
  partitionKey,
  sortKey,
  attributes,
  indexes,
  billing,
  throughput,
  onDemandSinceMs,
  onDemandLimits,
  stream,
  timeToLiveAttribute,
  replicas,
}: TableRecord) => ({
  id,
  partitionKey,
  ...(sortKey && { sortKey }),
  attributes,
  indexes,
  billing,
  throughput,
  ...(onDemandSinceMs !== undefined && { onDemandSinceMs }),
  ...(onDemandLimits && { onDemandLimits }),
  ...(stream && { stream }),
  ...(timeToLiveAttribute !== undefined && { timeToLiveAttribute }),
  ...(replicas && { replicas }),
});

/** What each region says for itself. */
const own = ({
  version,
  name,
  createdAtMs,
  throughputRaisedAtMs,
  throughputLowered,
  tableClass,
  encryptionKey,
  isDeletionProtected,
  recovery,
  restored,
  warmThroughput,
  labels,
}: TableRecord) => ({
  version,
  name,
  createdAtMs,
  ...(throughputRaisedAtMs !== undefined && { throughputRaisedAtMs }),
  ...(throughputLowered && { throughputLowered }),
  ...(tableClass && { tableClass }),
  ...(encryptionKey !== undefined && { encryptionKey }),
  isDeletionProtected,
  ...(recovery && { recovery }),
  ...(restored && { restored }),
  ...(warmThroughput && { warmThroughput }),
  labels,
});

/** Writes a table's record, and what its replicas share of it into theirs. */
export async function putTable(tx: Transaction, scope: Scope, record: TableRecord): Promise<void> {
  const regions = record.replicas?.map(({ region }) => region).filter((region) => region !== scope.region) ?? [];
  const others: { region: string; replica: TableRecord }[] = [];
  for (const region of regions) {
    const replica = await tableRecords.get(tx, scope.account, region, record.name);
    if (replica) others.push({ region, replica });
  }
  const keepsHistory = record.recovery !== undefined || others.some(({ replica }) => replica.recovery !== undefined);
  const { keepsHistory: _, ...rest } = record;
  tableRecords.put(
    tx,
    keepsHistory ? { ...rest, keepsHistory } : rest,
    scope.account,
    scope.region,
    record.name,
  );
  for (const { region, replica } of others) {
    const next: TableRecord = { ...own(replica), ...shared(record), ...(keepsHistory && { keepsHistory }) };
    tableRecords.put(tx, next, scope.account, region, record.name);
  }
}

/** What of a replica's settings its own record shows. */
const ownSettings = ({ tableClass, encryptionKey }: ReplicaSettings) => ({
  ...(tableClass && { tableClass }),
  ...(encryptionKey !== undefined && { encryptionKey }),
});

/** Changes what a region has otherwise than the others; what is not named stays. `replica`: that region's record. */
export function changeReplica(
  tx: Transaction,
  table: TableRecord,
  replica: TableRecord,
  { region, ...settings }: ReplicaSettings & { readonly region: string },
  { account }: Scope,
): TableRecord {
  tableRecords.put(tx, { ...replica, ...ownSettings(settings) }, account, region, table.name);
  const replicas = table.replicas?.map((known) => {
    if (known.region !== region) return known;
    const changed = new Set(settings.indexes?.map(({ name }) => name));
    const kept = known.indexes?.filter(({ name }) => !changed.has(name)) ?? [];
    return { ...known, ...settings, ...(settings.indexes && { indexes: [...kept, ...settings.indexes] }) };
  });
  return replicas ? { ...table, replicas } : table;
}

/** Gives another region a name for the same table. Errors: `InvalidTable` */
export async function addReplica(
  tx: Transaction,
  table: TableRecord,
  { region, ...settings }: ReplicaSettings & { readonly region: string },
  ctx: OperationContext,
): Promise<TableRecord> {
  const known = table.replicas ?? [{ region: ctx.region, createdAtMs: table.createdAtMs }];
  if (known.some((replica) => replica.region === region)) {
    throw errors.InvalidTable({ reason: `Failed to create a the new replica: a replica exists already in ${region}` });
  }
  if (await tableRecords.get(tx, ctx.account, region, table.name)) {
    throw errors.InvalidTable({
      reason:
        `Failed to create a the new replica of table with name: '${table.name}' `
        + "because one or more replicas already existed as tables.",
    });
  }
  const createdAtMs = ctx.clock.nowMs();
  const next: TableRecord = { ...table, replicas: [...known, { region, createdAtMs, ...settings }] };
  const replica: TableRecord = {
    version: 1,
    name: table.name,
    createdAtMs,
    isDeletionProtected: false,
    labels: {},
    ...shared(next),
    ...ownSettings(settings),
    ...(table.keepsHistory && { keepsHistory: true }),
  };
  tableRecords.put(tx, replica, ctx.account, region, table.name);
  if (table.stream) putStream(tx, { account: ctx.account, region }, table, table.stream);
  return next;
}

/** Tells the regions that keep a table that this one has given it up. */
export async function giveReplicaUp(
  tx: Transaction,
  scope: Scope,
  table: TableRecord,
  replicas: readonly ReplicaRecord[],
): Promise<void> {
  for (const { region } of replicas) {
    const record = await tableRecords.get(tx, scope.account, region, table.name);
    if (!record) continue;
    const { replicas: _, ...alone } = record;
    const next: TableRecord = replicas.length > 1 ? { ...alone, replicas } : alone;
    tableRecords.put(tx, next, scope.account, region, table.name);
  }
}

import { records, subspace } from "../../kernel/subspace.ts";
import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import { errors } from "./errors.ts";
import type { Item } from "./values/attribute-value.ts";

/** The kinds a key attribute can have. */
export type KeyType = "S" | "N" | "B";
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
}

/** Where items are found by: a partition's value, and the order inside it. */
export interface KeySchema {
  readonly partitionKey: KeyAttribute;
  readonly sortKey?: KeyAttribute;
}

export interface Throughput {
  readonly readUnits: number;
  readonly writeUnits: number;
}
/** What is not there is not limited. */
export interface OnDemandLimits {
  readonly readUnitsMax?: number;
  readonly writeUnitsMax?: number;
}

export interface Projected {
  readonly kind: "all" | "keysOnly" | "include";
  /** The attributes that `include` adds to the keys. */
  readonly attributes?: readonly string[];
}

export interface IndexRecord extends KeySchema {
  readonly id: string;
  readonly name: string;
  /** A local index shares the table's partitions and can be read consistently with it. */
  readonly isLocal: boolean;
  readonly projection: Projected;
  readonly throughput?: Throughput;
  readonly onDemandLimits?: OnDemandLimits;
  /** While it is being filled from the table's items; it cannot be read until then. */
  readonly isBuilding?: true;
}

export type TableClass = "standard" | "infrequentAccess";
export type StreamView = "keysOnly" | "newImage" | "oldImage" | "newAndOldImages";

export interface TableRecord extends KeySchema {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  readonly createdAtMs: number;
  readonly attributes: readonly KeyAttribute[];
  readonly indexes: readonly IndexRecord[];
  readonly billing: "provisioned" | "onDemand";
  readonly throughput: Throughput;
  readonly throughputRaisedAtMs?: number;
  /** When the throughput was last lowered, and how often on that day (UTC). */
  readonly throughputLowered?: { readonly atMs: number; readonly timesThatDay: number };
  /** When the table last became on-demand. */
  readonly onDemandSinceMs?: number;
  readonly onDemandLimits?: OnDemandLimits;
  readonly tableClass?: TableClass;
  readonly encryptionKey?: string;
  /** The stream that takes the table's changes now. Replicas share it, as they share the items. */
  readonly stream?: { readonly id: string; readonly view: StreamView; readonly sinceMs: number };
  readonly isDeletionProtected: boolean;
  readonly timeToLiveAttribute?: string;
  readonly recovery?: { readonly sinceMs: number; readonly periodDays: number };
  /** What stood where something was written is kept, so that this table or a replica can be restored. */
  readonly keepsHistory?: true;
  /** What the table was made from, when it was restored, and the moment that its items are from. */
  readonly restored?: {
    readonly atMs: number;
    /** `region`: when it is not the table's own. */
    readonly from: { readonly table: string; readonly region?: string; readonly backup?: string };
  };
  readonly warmThroughput?: Throughput;
  /** While it is filled from a bucket: nobody reads or writes it until then. */
  readonly isImporting?: true;
  /** Of a global table: every region that has it, this one too. */
  readonly replicas?: readonly ReplicaRecord[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A copy of a table's items at one moment, with the definition it had. It outlives its table. */
export interface BackupRecord {
  readonly id: string;
  readonly name: string;
  readonly table: TableRecord;
  readonly createdAtMs: number;
  readonly itemCount: number;
  readonly sizeBytes: number;
  /** The engine made it when its table was deleted, whose own items it holds. */
  readonly ofDeleted?: { readonly expiresAtMs: number };
}

/** A policy on who may use a table or one of its streams: kept and shown. */
export interface PolicyRecord {
  readonly document: string;
  readonly revision: string;
}

/** Whether a table or one of its indexes reports its most used keys: kept and shown. */
export interface InsightsRecord {
  readonly isEnabled: boolean;
  readonly mode?: string;
  readonly changedAtMs: number;
}

/** A stream of another service that a table's changes are meant for: kept and shown. */
export interface DestinationRecord {
  readonly target: string;
  readonly isActive: boolean;
  readonly precision: "millisecond" | "microsecond";
}

/** How the capacity of a table or an index should follow its load: kept and shown. */
export interface ScalingRecord {
  readonly unitsMin?: number;
  readonly unitsMax?: number;
  readonly role?: string;
  readonly policies: readonly {
    readonly name: string;
    readonly targetPercent: number;
    readonly neverLowers?: boolean;
    readonly lowersAfterSeconds?: number;
    readonly raisesAfterSeconds?: number;
  }[];
}

/** What a region of a global table has otherwise than the others: kept and shown. */
export interface ReplicaSettings {
  readonly encryptionKey?: string;
  readonly tableClass?: TableClass;
  readonly readUnits?: number;
  readonly readUnitsMax?: number;
  readonly indexes?: readonly {
    readonly name: string;
    readonly readUnits?: number;
    readonly readUnitsMax?: number;
  }[];
}

/** One region of a global table. */
export interface ReplicaRecord extends ReplicaSettings {
  readonly region: string;
  readonly createdAtMs: number;
}

/** A table's stream, also after it has ended: what was written to it can be read for a day. */
export interface StreamRecord {
  readonly id: string;
  readonly table: string;
  readonly keys: KeySchema;
  readonly view: StreamView;
  readonly sinceMs: number;
  readonly endedAtMs?: number;
  /** The position of its last change, once it has ended. */
  readonly lastPosition?: number;
}

/** One change in a stream, with the images that its view asks for. */
export interface ChangeRecord {
  readonly kind: "insert" | "modify" | "remove";
  readonly atMs: number;
  readonly keys: Item;
  readonly old?: Item;
  readonly next?: Item;
  readonly sizeBytes: number;
  /** Deleted by the engine, because its time had come. */
  readonly isExpiry?: true;
}

/** What stood at a key before a change; undone from the latest on, it gives the table as it was. */
export interface HistoryRecord {
  readonly atMs: number;
  readonly partition: string;
  readonly sort: string;
  readonly old?: ItemRecord;
}

/** An item of a table, or what an index keeps of it; `ItemRecord` is how it is kept. */
export interface StoredItem {
  readonly item: Item;
  /** Of the attributes stored here. */
  readonly sizeBytes: number;
}

/** An item as text is read as fast as one text is, and often answered without a look inside. */
export interface TextRecord {
  /** The item in JSON. */
  readonly text: string;
  readonly sizeBytes: number;
}

/** How an item lies in the store: as text, or as values when there are bytes in it, for which JSON has no place. */
export type ItemRecord = TextRecord | StoredItem;

/** A finished transaction, kept while its idempotency token is good. */
export interface TokenRecord {
  readonly requestDigest: string;
  readonly atMs: number;
}

export const LIMITS = {
  itemBytesMax: 400 * 1024,
  partitionKeyBytesMax: 2048,
  sortKeyBytesMax: 1024,
  pageBytesMax: 1024 * 1024,
  batchGetItemsMax: 100,
  batchGetBytesMax: 16 * 1024 * 1024,
  batchWriteItemsMax: 25,
  transactionItemsMax: 100,
  transactionBytesMax: 4 * 1024 * 1024,
  tokenLifeMs: 10 * 60 * 1000,
  globalIndexesMax: 20,
  localIndexesMax: 5,
  projectedAttributesMax: 100,
  scanSegmentsMax: 1_000_000,
  labelsMax: 50,
  policyBytesMax: 20 * 1024,
  throughputDecreasesAtWill: 4,
  throughputDecreasePauseMs: 60 * 60 * 1000,
  /** A table with more items than this is filled into a new index step by step. */
  filledAtOnceMax: 1000,
  accountUnitsMax: { readUnits: 80_000, writeUnits: 80_000 },
  tableUnitsMax: { readUnits: 40_000, writeUnits: 40_000 },
  deletedTableLifeMs: 35 * 24 * 60 * 60 * 1000,
  streamLifeMs: 24 * 60 * 60 * 1000,
  iteratorLifeMs: 15 * 60 * 1000,
  changesPerReadMax: 1000,
} as const;

/** The partition's hash stands before its key: it spreads a table evenly, so that a scan can be cut into segments. */
export const spaces = {
  table: subspace<[account: string, region: string, table: string]>("tables", "table"),
  item: subspace<[tableId: string, partitionHash: number, partition: string, sort: string]>("tables", "item"),
  entry: subspace<
    [indexId: string, partitionHash: number, partition: string, sort: string, tablePartition: string, tableSort: string]
  >("tables", "entry"),
  /** Items by the second they expire in. */
  expiry: subspace<[tableId: string, atSeconds: number, partitionHash: number, partition: string, sort: string]>(
    "tables",
    "expiry",
  ),
  stream: subspace<[account: string, region: string, table: string, sinceMs: number]>("tables", "stream"),
  change: subspace<[streamId: string, position: number]>("tables", "change"),
  history: subspace<[tableId: string, position: number]>("tables", "history"),
  backup: subspace<[account: string, region: string, id: string]>("tables", "backup"),
  backupItem: subspace<[backupId: string, partitionHash: number, partition: string, sort: string]>(
    "tables",
    "backup-item",
  ),
  /** The stream's beginning in milliseconds, or 0 for the table itself. */
  policy: subspace<[account: string, region: string, table: string, streamSinceMs: number]>("tables", "policy"),
  /** An empty index name stands for the table itself. */
  insights: subspace<[account: string, region: string, table: string, index: string]>("tables", "insights"),
  destination: subspace<[account: string, region: string, table: string, target: string]>("tables", "destination"),
  /** An empty region stands for all of them, an empty index name for the table itself. */
  scaling: subspace<[tableId: string, region: string, index: string]>("tables", "scaling"),
  token: subspace<[account: string, region: string, slot: number, token: string]>("tables", "token"),
  /** The slot that the last token came in. */
  tokenSlot: subspace<[account: string, region: string]>("tables", "token-slot"),
};

export const tableRecords = records<TableRecord, [account: string, region: string, table: string]>(spaces.table);
export const streamRecords = records<
  StreamRecord,
  [account: string, region: string, table: string, sinceMs: number]
>(spaces.stream);
export const backupRecords = records<BackupRecord, [account: string, region: string, id: string]>(spaces.backup);
export const policyRecords = records<
  PolicyRecord,
  [account: string, region: string, table: string, streamSinceMs: number]
>(spaces.policy);
export const insightsRecords = records<InsightsRecord, [account: string, region: string, table: string, index: string]>(
  spaces.insights,
);
export const destinationRecords = records<
  DestinationRecord,
  [account: string, region: string, table: string, target: string]
>(spaces.destination);
export const scalingRecords = records<ScalingRecord, [tableId: string, region: string, index: string]>(spaces.scaling);
export const tokenRecords = records<TokenRecord, [account: string, region: string, slot: number, token: string]>(
  spaces.token,
);

/** Errors: `TableNotFound` */
export async function requireTable(tx: Reader, scope: Scope, table: string): Promise<TableRecord> {
  const record = await tableRecords.get(tx, scope.account, scope.region, table);
  if (!record || record.isImporting) throw errors.TableNotFound({ table });
  return record;
}

/** The attributes of a key, the partition's first. */
export const keyAttributes = ({ partitionKey, sortKey }: KeySchema): readonly KeyAttribute[] =>
  sortKey ? [partitionKey, sortKey] : [partitionKey];

export const isKeyAttribute = ({ partitionKey, sortKey }: KeySchema, name: string): boolean =>
  name === partitionKey.name || name === sortKey?.name;

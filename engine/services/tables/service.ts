import { service } from "../manifest.ts";
import { FORGET_BACKUP_JOB, forgetBackup } from "./deleted-tables.ts";
import { errors } from "./errors.ts";
import { EXPIRE_JOB, expireItems } from "./expiring.ts";
import { FILL_JOB, fillMore } from "./filling.ts";
import { batchGetItems, batchWriteItems } from "./operations/batches.ts";
import { describeExport, exportTable, listExports } from "./operations/exports.ts";
import { describeImport, importTable, listImports } from "./operations/imports.ts";
import { deleteItem, getItem, putItem, updateItem } from "./operations/items.ts";
import { query, scan } from "./operations/queries.ts";
import { executeStatement, executeStatements, executeTransaction } from "./operations/statements.ts";
import { describeStream, listStreams, openIterator, readChanges } from "./operations/streams.ts";
import {
  changeLabels,
  getRecovery,
  getTimeToLive,
  listLabels,
  setRecovery,
  setTimeToLive,
} from "./operations/table-settings.ts";
import { updateTable } from "./operations/table-updates.ts";
import { createTable, deleteTable, describeLimits, describeTable, listTables } from "./operations/tables.ts";
import { transactGetItems, transactWriteItems } from "./operations/transactions.ts";
import {
  createBackup,
  deleteBackup,
  describeBackup,
  listBackups,
  restoreBackup,
  restoreToTime,
} from "./operations/backups.ts";
import {
  changeGlobalTable,
  createGlobalTable,
  describeGlobalTable,
  listGlobalTables,
} from "./operations/replicas.ts";
import { changeGlobalSettings, describeGlobalSettings } from "./operations/global-settings.ts";
import { changeScaling, describeScaling } from "./operations/scaling.ts";
import {
  changeDestination,
  getInsights,
  getPolicy,
  listDestinations,
  listInsights,
  putPolicy,
  removePolicy,
  setDestination,
  setInsights,
} from "./operations/table-extras.ts";
import { TRIM_HISTORY_JOB, trimHistory } from "./history.ts";
import { table } from "./resources.ts";
import { EXPORT_JOB, runExport } from "./transfers/exporting.ts";
import { IMPORT_JOB, runImport } from "./transfers/importing.ts";
import { FORGET_STREAM_JOB, forgetStream, TRIM_STREAM_JOB, trimStream } from "./streams.ts";

export { errors } from "./errors.ts";

/** Tables of items found by key: documents with conditions, updates, indexes, queries and transactions. */
export const tables = service({
  name: "tables",
  summary: "Tables of items found by key, with expressions, secondary indexes and transactions.",
  operations: {
    createTable,
    describeTable,
    listTables,
    updateTable,
    deleteTable,
    getTimeToLive,
    setTimeToLive,
    getRecovery,
    setRecovery,
    listLabels,
    changeLabels,
    putItem,
    getItem,
    updateItem,
    deleteItem,
    query,
    scan,
    batchGetItems,
    batchWriteItems,
    transactWriteItems,
    transactGetItems,
    executeStatement,
    executeStatements,
    executeTransaction,
    listStreams,
    describeStream,
    openIterator,
    readChanges,
    describeLimits,
    createBackup,
    describeBackup,
    listBackups,
    deleteBackup,
    restoreBackup,
    restoreToTime,
    exportTable,
    describeExport,
    listExports,
    importTable,
    describeImport,
    listImports,
    createGlobalTable,
    changeGlobalTable,
    describeGlobalTable,
    listGlobalTables,
    changeGlobalSettings,
    describeGlobalSettings,
    changeScaling,
    describeScaling,
    getPolicy,
    putPolicy,
    removePolicy,
    getInsights,
    setInsights,
    listInsights,
    listDestinations,
    setDestination,
    changeDestination,
  },
  errors,
  jobs: {
    [FILL_JOB]: fillMore,
    [EXPIRE_JOB]: expireItems,
    [TRIM_STREAM_JOB]: trimStream,
    [FORGET_STREAM_JOB]: forgetStream,
    [TRIM_HISTORY_JOB]: trimHistory,
    [FORGET_BACKUP_JOB]: forgetBackup,
  },
  externalJobs: { [EXPORT_JOB]: runExport, [IMPORT_JOB]: runImport },
  uses: { objects: "tables are exported to buckets and imported from them" },
  resources: [table],
  limits: [
    "Throughput, on-demand limits, table class and encryption keys are recorded; nothing is throttled or encrypted.",
    "A backup and a restore are one transaction each, so that their items must fit into memory.",
    "A restore to a time and an export remember every change since then while they run.",
    "What is wrong with single items of an import is counted, not logged.",
    "Replicas of a table share its items, so that they never lag behind and never conflict.",
    "Resource policies, contributor insights and Kinesis destinations are kept and shown; nothing acts on them.",
    "So are the settings of auto scaling: no load changes any capacity.",
    "A stream has one shard for its whole life.",
    "Item counts are exact up to 1,000 items and estimated beyond; of a single partition 2,000 items are counted.",
  ],
});

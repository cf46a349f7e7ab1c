import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { EXPIRE_JOB, expireItems } from "./expiring.ts";
import { FILL_JOB, fillMore } from "./filling.ts";
import { batchGetItems, batchWriteItems } from "./operations/batches.ts";
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
import { createTable, deleteTable, describeTable, listTables } from "./operations/tables.ts";
import { transactGetItems, transactWriteItems } from "./operations/transactions.ts";
import { table } from "./resources.ts";
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
  },
  errors,
  jobs: {
    [FILL_JOB]: fillMore,
    [EXPIRE_JOB]: expireItems,
    [TRIM_STREAM_JOB]: trimStream,
    [FORGET_STREAM_JOB]: forgetStream,
  },
  resources: [table],
  limits: [
    "Throughput, on-demand limits, table class and encryption keys are recorded; nothing is throttled or encrypted.",
    "Point-in-time recovery is recorded; there is nothing to restore from yet.",
    "A stream has one shard for its whole life.",
    "Item counts are exact up to 1,000 items and estimated beyond.",
  ],
});

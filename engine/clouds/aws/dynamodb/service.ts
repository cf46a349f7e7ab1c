import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { backups } from "./operations/backups.ts";
import { batches } from "./operations/batches.ts";
import { exports } from "./operations/exports.ts";
import { facts } from "./operations/facts.ts";
import { globalTableSettings } from "./operations/global-table-settings.ts";
import { globalTables } from "./operations/global-tables.ts";
import { imports } from "./operations/imports.ts";
import { items } from "./operations/items.ts";
import { queries } from "./operations/queries.ts";
import { scaling } from "./operations/scaling.ts";
import { statements } from "./operations/statements.ts";
import { tableExtras } from "./operations/table-extras.ts";
import { tableSettings } from "./operations/table-settings.ts";
import { tableOperations } from "./operations/tables.ts";
import { resources } from "./resources.ts";

/** Amazon DynamoDB on the tables service. */
export const dynamodb = awsService({
  model: "dynamodb",
  bound: [
    tableOperations,
    tableSettings,
    tableExtras,
    items,
    queries,
    batches,
    statements,
    backups,
    exports,
    imports,
    globalTables,
    globalTableSettings,
    scaling,
    facts,
  ],
  wireErrors,
  resources,
  refusesUnknownEnumValues: true,
});

import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { batches } from "./operations/batches.ts";
import { items } from "./operations/items.ts";
import { queries } from "./operations/queries.ts";
import { statements } from "./operations/statements.ts";
import { tableSettings } from "./operations/table-settings.ts";
import { tableOperations } from "./operations/tables.ts";
import { resources } from "./resources.ts";

/** Amazon DynamoDB on the tables service. */
export const dynamodb = awsService({
  model: "dynamodb",
  bound: [tableOperations, tableSettings, items, queries, batches, statements],
  wireErrors,
  resources,
  refusesUnknownEnumValues: true,
});

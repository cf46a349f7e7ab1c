import type { errors } from "../../../services/tables/service.ts";
import type { AwsWireError } from "../binding.ts";
import { tableArn } from "../table-arn.ts";

const validation = { code: "ValidationException", status: 400 } as const;

/** The parameters of a request by the service's names for its expressions. */
const EXPRESSIONS: Readonly<Record<string, string>> = {
  condition: "ConditionExpression",
  update: "UpdateExpression",
  projection: "ProjectionExpression",
  filter: "FilterExpression",
  keyCondition: "KeyConditionExpression",
};
const placeholdersParameter = (which: unknown): string =>
  which === "names" ? "ExpressionAttributeNames" : "ExpressionAttributeValues";

/** Operations that say which table they miss; those on items do not. */
const NAMES_THE_TABLE: ReadonlySet<string> = new Set([
  "DescribeTable",
  "DeleteTable",
  "UpdateTable",
  "DescribeTimeToLive",
  "UpdateTimeToLive",
]);
const ON_ARNS: ReadonlySet<string> = new Set([
  "ListTagsOfResource",
  "TagResource",
  "UntagResource",
  "GetResourcePolicy",
  "PutResourcePolicy",
  "DeleteResourcePolicy",
]);

const REASON_CODES: Readonly<Record<string, string>> = {
  none: "None",
  conditionFailed: "ConditionalCheckFailed",
  duplicate: "DuplicateItem",
  invalid: "ValidationError",
};
interface Reason {
  readonly code: string;
  readonly message?: string;
  readonly item?: unknown;
}
const reasonsOf = (details: Readonly<Record<string, unknown>>): readonly Reason[] =>
  details["reasons"] as readonly Reason[];

const wireReason = ({ code, message, item }: Reason) => ({
  Code: REASON_CODES[code],
  ...(message !== undefined && { Message: message }),
  ...(item !== undefined && { Item: item }),
});

/** How the tables service's errors look to DynamoDB's clients. */
export const wireErrors = {
  TableNotFound: {
    code: "ResourceNotFoundException",
    status: 400,
    message({ table }, call) {
      if (ON_ARNS.has(call.operation))
        return `Requested resource not found: ResourcArn: ${tableArn(call, String(table))} not found`;
      return NAMES_THE_TABLE.has(call.operation)
        ? `Requested resource not found: Table: ${String(table)} not found`
        : "Requested resource not found";
    },
  },
  TableAlreadyExists: {
    code: "ResourceInUseException",
    status: 400,
    message: ({ table }) => `Table already exists: ${String(table)}`,
  },
  IndexNotFound: { code: "ResourceNotFoundException", status: 400, message: () => "Requested resource not found" },
  RecoverySettingsNotFound: {
    code: "TableNotFoundException",
    status: 400,
    message: ({ table }) => `Table not found: ${String(table)}`,
  },
  DeletionProtected: {
    ...validation,
    message: ({ table }, call) =>
      `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. `
      + `Resource: ${tableArn(call, String(table))}`,
  },
  ConditionFailed: {
    code: "ConditionalCheckFailedException",
    status: 400,
    message: () => "The conditional request failed",
    members: ({ item }) => (item === undefined ? {} : { Item: item }),
  },
  TransactionCancelled: {
    code: "TransactionCanceledException",
    status: 400,
    message: (details) =>
      "Transaction cancelled, please refer cancellation reasons for specific reasons "
      + `[${reasonsOf(details)
        .map(({ code }) => REASON_CODES[code])
        .join(", ")}]`,
    members: (details) => ({ CancellationReasons: reasonsOf(details).map(wireReason) }),
  },
  IdempotencyTokenReused: {
    code: "IdempotentParameterMismatchException",
    status: 400,
    message: () => "The request uses the same client token as a previous, but non-identical request.",
  },
  InvalidStatement: validation,
  DuplicateItem: {
    code: "DuplicateItemException",
    status: 400,
    message: () => "Duplicate primary key exists in table",
  },
  InvalidTable: validation,
  InvalidItem: validation,
  InvalidKey: validation,
  InvalidRequest: validation,
  InvalidSetting: validation,
  ItemTooLarge: validation,
  UpdateNotApplicable: validation,
  InvalidExpression: {
    ...validation,
    message: ({ expression, reason }) => `Invalid ${EXPRESSIONS[String(expression)]}: ${String(reason)}`,
  },
  UnusedPlaceholders: {
    ...validation,
    message: ({ which, keys }) =>
      `Value provided in ${placeholdersParameter(which)} unused in expressions: `
      + `keys: {${(keys as string[]).join(", ")}}`,
  },
  PlaceholdersWithoutExpression: {
    ...validation,
    message({ which, possible }) {
      const text = `${placeholdersParameter(which)} can only be specified when using expressions`;
      if (which === "names") return text;
      const missing = (possible as string[]).map((expression) => EXPRESSIONS[expression]);
      return `${text}: ${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} null`;
    },
  },
  EmptyPlaceholders: { ...validation, message: ({ which }) => `${placeholdersParameter(which)} must not be empty` },
  InvalidPlaceholder: {
    ...validation,
    message: ({ which, reason }) => `${placeholdersParameter(which)} contains ${String(reason)}`,
  },
  LimitExceeded: { code: "LimitExceededException", status: 400 },
  TableInUse: {
    code: "ResourceInUseException",
    status: 400,
    message: ({ table }) =>
      `Attempt to change a resource which is still in use: Table is being updated: ${String(table)}`,
  },
  BackupNotFound: {
    code: "BackupNotFoundException",
    status: 400,
    message: ({ backup }) => `Backup not found: ${String(backup)}`,
  },
  SourceTableNotFound: {
    code: "TableNotFoundException",
    status: 400,
    message: ({ table }) => `Table not found: ${String(table)}`,
  },
  TargetTableExists: {
    code: "TableAlreadyExistsException",
    status: 400,
    message: ({ table }) => `Table already exists: ${String(table)}`,
  },
  HistoryNotKept: {
    code: "PointInTimeRecoveryUnavailableException",
    status: 400,
    message: ({ table }) => `Point in time recovery is not enabled for table '${String(table)}'`,
  },
  RestoreTimeInvalid: { code: "InvalidRestoreTimeException", status: 400 },
  PolicyNotFound: {
    code: "PolicyNotFoundException",
    status: 400,
    message: ({ resource }, call) =>
      `Resource-based policy not found for the provided ResourceArn: ${tableArn(call, String(resource))}`,
  },
  ReplicaAlreadyExists: {
    code: "ReplicaAlreadyExistsException",
    status: 400,
    message: ({ region }) => `Replica already exists in region: ${String(region)}`,
  },
  GlobalIndexNotFound: {
    code: "IndexNotFoundException",
    status: 400,
    message: ({ table, index }) => `Index not found: ${String(index)} of ${String(table)}`,
  },
  ReplicaNotFound: {
    code: "ReplicaNotFoundException",
    status: 400,
    message: ({ region }) => `Replica not found in region: ${String(region)}`,
  },
  GlobalTableNotFound: {
    code: "GlobalTableNotFoundException",
    status: 400,
    message: ({ table }) => `Global table not found: Global table with name: '${String(table)}' does not exist.`,
  },
  GlobalTableAlreadyExists: {
    code: "GlobalTableAlreadyExistsException",
    status: 400,
    message: ({ table }) => `Global table already exists: Global table with name: '${String(table)}' already exists.`,
  },
  ExportTimeInvalid: { code: "InvalidExportTimeException", status: 400 },
  ExportNotFound: { code: "ExportNotFoundException", status: 400 },
  ExportConflict: { code: "ExportConflictException", status: 400 },
  ImportNotFound: { code: "ImportNotFoundException", status: 400 },
  ImportConflict: { code: "ImportConflictException", status: 400 },
  SourceNotFound: validation,
  SourceUnreadable: validation,
  StreamNotFound: { code: "ResourceNotFoundException", status: 400 },
  IteratorExpired: { code: "ExpiredIteratorException", status: 400 },
  ChangesTrimmed: { code: "TrimmedDataAccessException", status: 400 },
} satisfies Record<keyof typeof errors, AwsWireError>;

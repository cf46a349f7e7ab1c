import { defineErrors } from "../errors.ts";

/** The expressions a request can carry, as this service calls them. */
export type ExpressionKind = "condition" | "update" | "projection" | "filter" | "keyCondition";

/** An item's attributes. The values' own module raises these errors, so its types are not used here. */
type ItemDetails = Readonly<Record<string, object>>;

/** Why one action of a cancelled transaction could not be done; `none` for those that could. */
export interface CancellationReason {
  readonly code: "none" | "conditionFailed" | "duplicate" | "invalid";
  readonly message?: string;
  readonly item?: ItemDetails;
}

type Reason = { readonly reason: string };
const reasonOf = (p: Reason) => p.reason;

/** Everything a caller of the tables service can expect to go wrong. */
export const errors = defineErrors({
  TableNotFound: { kind: "notFound", message: (p: { table: string }) => `Table ${p.table} does not exist.` },
  TableAlreadyExists: { kind: "alreadyExists", message: (p: { table: string }) => `Table ${p.table} exists already.` },
  TableInUse: {
    kind: "conflict",
    message: (p: { table: string }) => `Table ${p.table} is being changed; wait until that is done.`,
  },
  IndexNotFound: {
    kind: "notFound",
    message: (p: { table: string; index: string }) => `Table ${p.table} has no index ${p.index}.`,
  },
  RecoverySettingsNotFound: {
    kind: "notFound",
    message: (p: { table: string }) => `Table ${p.table} does not exist, so it has no recovery settings.`,
  },
  DeletionProtected: {
    kind: "failedPrecondition",
    message: (p: { table: string }) =>
      `Table ${p.table} is protected against deletion. Switch its deletion protection off first.`,
  },
  ConditionFailed: {
    kind: "failedPrecondition",
    message: (_details: { item?: ItemDetails }) => "The condition does not hold.",
  },
  TransactionCancelled: {
    kind: "failedPrecondition",
    message: (p: { reasons: readonly CancellationReason[] }) =>
      `The transaction was cancelled: ${p.reasons.map((reason) => reason.code).join(", ")}.`,
  },
  IdempotencyTokenReused: {
    kind: "conflict",
    message: () => "The idempotency token was used before with another request.",
  },
  InvalidTable: { kind: "invalidInput", message: reasonOf },
  InvalidItem: { kind: "invalidInput", message: reasonOf },
  /** `mismatch`: the attributes are not the key's, or of other types than the table or an index declares. */
  InvalidKey: { kind: "invalidInput", message: (p: Reason & { mismatch?: "table" | "index" }) => p.reason },
  InvalidRequest: { kind: "invalidInput", message: reasonOf },
  InvalidSetting: { kind: "invalidInput", message: reasonOf },
  ItemTooLarge: {
    kind: "invalidInput",
    message: (p: { isUpdate: boolean }) =>
      `Item size${p.isUpdate ? " to update" : ""} has exceeded the maximum allowed size`,
  },
  InvalidExpression: {
    kind: "invalidInput",
    message: (p: { expression: ExpressionKind; reason: string }) => `Invalid ${p.expression} expression: ${p.reason}`,
  },
  InvalidStatement: { kind: "invalidInput", message: reasonOf },
  DuplicateItem: { kind: "alreadyExists", message: () => "There is an item with this key already." },
  UpdateNotApplicable: { kind: "invalidInput", message: reasonOf },
  UnusedPlaceholders: {
    kind: "invalidInput",
    message: (p: { which: "names" | "values"; keys: readonly string[] }) =>
      `Placeholder ${p.which} given and not used: ${p.keys.join(", ")}.`,
  },
  PlaceholdersWithoutExpression: {
    kind: "invalidInput",
    message: (p: { which: "names" | "values"; possible: readonly ExpressionKind[] }) =>
      `Placeholder ${p.which} need an expression (${p.possible.join(" or ")}) that uses them.`,
  },
  EmptyPlaceholders: {
    kind: "invalidInput",
    message: (p: { which: "names" | "values" }) => `Placeholder ${p.which} must not be empty.`,
  },
  InvalidPlaceholder: {
    kind: "invalidInput",
    message: (p: { which: "names" | "values"; reason: string }) => `Placeholder ${p.which} hold ${p.reason}.`,
  },
  LimitExceeded: { kind: "limitExceeded", message: reasonOf },
  BackupNotFound: { kind: "notFound", message: (p: { backup: string }) => `There is no backup ${p.backup}.` },
  SourceTableNotFound: {
    kind: "notFound",
    message: (p: { table: string }) => `Table ${p.table} does not exist, so there is nothing to copy.`,
  },
  TargetTableExists: {
    kind: "alreadyExists",
    message: (p: { table: string }) => `Table ${p.table} exists already, so nothing can be restored into it.`,
  },
  HistoryNotKept: {
    kind: "failedPrecondition",
    message: (p: { table: string }) => `Point-in-time recovery is not enabled for table ${p.table}.`,
  },
  RestoreTimeInvalid: { kind: "invalidInput", message: reasonOf },
  PolicyNotFound: { kind: "notFound", message: (p: { resource: string }) => `${p.resource} has no such policy.` },
  ReplicaAlreadyExists: {
    kind: "alreadyExists",
    message: (p: { table: string; region: string }) => `Table ${p.table} has a replica in ${p.region} already.`,
  },
  GlobalIndexNotFound: {
    kind: "notFound",
    message: (p: { table: string; index: string }) => `Global table ${p.table} has no index ${p.index}.`,
  },
  ReplicaNotFound: {
    kind: "notFound",
    message: (p: { table: string; region: string }) => `Table ${p.table} has no replica in ${p.region}.`,
  },
  GlobalTableNotFound: { kind: "notFound", message: (p: { table: string }) => `There is no global table ${p.table}.` },
  GlobalTableAlreadyExists: {
    kind: "alreadyExists",
    message: (p: { table: string }) => `There is a global table ${p.table} already.`,
  },
  ExportTimeInvalid: { kind: "invalidInput", message: reasonOf },
  ExportNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no export ${p.id}.` },
  ExportConflict: {
    kind: "conflict",
    message: (p: { token: string }) => `The token ${p.token} came with another export before.`,
  },
  ImportNotFound: { kind: "notFound", message: (p: { id: string }) => `There is no import ${p.id}.` },
  ImportConflict: {
    kind: "conflict",
    message: (p: { token: string }) => `The token ${p.token} came with another import before.`,
  },
  SourceNotFound: {
    kind: "notFound",
    message: (p: { bucket: string; prefix: string }) => `Bucket ${p.bucket} holds nothing under "${p.prefix}".`,
  },
  SourceUnreadable: { kind: "invalidInput", message: reasonOf },
  StreamNotFound: { kind: "notFound", message: (p: { stream: string }) => `There is no stream ${p.stream}.` },
  IteratorExpired: {
    kind: "failedPrecondition",
    message: (p: { createdAtMs: number; nowMs: number }) =>
      `The iterator is from ${new Date(p.createdAtMs).toISOString()}; it was good for 15 minutes.`,
  },
  ChangesTrimmed: {
    kind: "failedPrecondition",
    message: (p: { position: number }) => `Position ${p.position} lies before what the stream still holds.`,
  },
});

import { ownTable, type Asking } from "./table-arn.ts";

/** What DynamoDB and DynamoDB Streams both say of a table's stream. */
export const STREAM_VIEWS = {
  keysOnly: "KEYS_ONLY",
  newImage: "NEW_IMAGE",
  oldImage: "OLD_IMAGE",
  newAndOldImages: "NEW_AND_OLD_IMAGES",
} as const;

/** A stream is called by the time it began: `2030-01-01T00:00:00.000`. */
export const streamLabel = (sinceMs: number): string => new Date(sinceMs).toISOString().slice(0, -1);

/** The stream of the caller's that an ARN names; undefined when it names none. */
export function ownStream(arn: string, call: Asking): { table: string; sinceMs: number } | undefined {
  const named = ownTable(arn, call);
  const [kind, label] = named?.part?.split("/") ?? [];
  const sinceMs = Date.parse(`${label}Z`);
  return named && kind === "stream" && !Number.isNaN(sinceMs) ? { table: named.table, sinceMs } : undefined;
}

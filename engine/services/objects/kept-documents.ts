import type { Reader, Transaction } from "../../kernel/store.ts";
import { keys, type Bucket } from "./model.ts";
import type { Rules } from "./rules.ts";

/** A configuration document as its cloud wrote it, beside what the engine acts on. */
export interface KeptDocument {
  readonly document?: unknown;
  readonly rules?: Rules;
}

export const readDocument = (tx: Reader, bucket: Bucket, kind: string): Promise<KeptDocument | undefined> =>
  tx.get<KeptDocument>(keys.configuration.key(bucket.id, kind, ""));
export const writeDocument = (tx: Transaction, bucket: Bucket, kind: string, kept: KeptDocument): void =>
  tx.set(keys.configuration.key(bucket.id, kind, ""), kept);

/** The rules of a kind, or undefined where the bucket has none. */
export const readRules = async <Kind extends keyof Rules>(
  tx: Reader,
  bucket: Bucket,
  kind: Kind,
): Promise<Rules[Kind] | undefined> => (await readDocument(tx, bucket, kind))?.rules?.[kind];

import type { S3Operations } from "../../../../models/aws/s3.generated.ts";
import { wireCalls, type WireCalls } from "../../wire-calls.ts";
import { bucketDocumentBindings } from "../operations/bucket-documents.ts";
import { bucketSettingBindings } from "../operations/bucket-settings.ts";
import { bucketBindings } from "../operations/buckets.ts";

const bound = [bucketBindings, bucketSettingBindings, bucketDocumentBindings];

export type S3 = WireCalls<S3Operations>;
export const s3Calls = wireCalls<S3Operations>(bound);

/** Whether an operation keeps something that nothing acts on. */
export const isRecordedOnly = (operation: keyof S3Operations): boolean =>
  bound.some(({ rows }) => (rows[operation]?.recordedOnly?.length ?? 0) > 0);

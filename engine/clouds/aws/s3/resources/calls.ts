import type { S3Operations } from "../../../../models/aws/s3.generated.ts";
import { wireCalls, type WireCalls } from "../../wire-calls.ts";
import { bucketDocumentBindings } from "../operations/bucket-documents.ts";
import { bucketSettingBindings } from "../operations/bucket-settings.ts";
import { bucketBindings } from "../operations/buckets.ts";
import { pathFromWire, type Names } from "./renaming.ts";

const bound = [bucketBindings, bucketSettingBindings, bucketDocumentBindings];

export type S3 = WireCalls<S3Operations>;
export const s3Calls = wireCalls<S3Operations>("s3", bound);

/**
 * What of a property is only recorded, by the binding that keeps it: the property, or paths into it in CloudFormation's
 * names.
 */
export const recordedPaths = <Property extends string>(
  property: Property,
  operation: keyof S3Operations,
  names: Names = {},
): (Property | `${Property}.${string}`)[] => {
  const kept = bound.flatMap(({ rows }) => (rows[operation]?.recordedOnly ?? []) as readonly string[]);
  return kept.map((path): Property | `${Property}.${string}` => {
    const [, ...below] = path.split(".");
    return below.length === 0 ? property : `${property}.${pathFromWire(names, below).join(".")}`;
  });
};

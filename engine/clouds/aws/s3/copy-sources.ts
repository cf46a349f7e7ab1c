import { conditionsOf, customerKeyMembers, invalidArgument, paysAsRequester } from "./model.ts";

interface CopySourceWire {
  readonly CopySource: string;
  readonly CopySourceIfMatch?: string;
  readonly CopySourceIfNoneMatch?: string;
  readonly CopySourceIfModifiedSince?: Date;
  readonly CopySourceIfUnmodifiedSince?: Date;
  readonly CopySourceSSECustomerAlgorithm?: string;
  readonly CopySourceSSECustomerKey?: string;
  readonly CopySourceSSECustomerKeyMD5?: string;
  readonly ExpectedSourceBucketOwner?: string;
  readonly RequestPayer?: string;
}

const malformed = (source: string) =>
  invalidArgument(
    "x-amz-copy-source",
    source,
    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
  );

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare percent sign: no client of S3 encodes so.
    return undefined;
  }
}

interface CopyPlace {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

const IN_BUCKET = /^\/?([^/]+)\/(.+)$/s;
const IN_ACCESS_POINT = /^(arn:[^/]+:accesspoint[/:][^/]+)\/object\/(.+)$/s;

/**
 * Reads `bucket/key?versionId=...`, percent-encoded, with or without a leading slash; or an access point's resource
 * name, `/object/` and a key.
 */
export function copyPlaceOf(text: string): CopyPlace | undefined {
  const [, path = "", versionId] = /^([^?]*)(?:\?versionId=(.*))?$/s.exec(text) ?? [];
  const source = decoded(path);
  const [, bucket, key] = (source && (IN_ACCESS_POINT.exec(source) ?? IN_BUCKET.exec(source))) || [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key, versionId };
}

export function copySourceOf(wire: CopySourceWire) {
  const place = copyPlaceOf(wire.CopySource);
  if (!place) throw malformed(wire.CopySource);
  return {
    ...place,
    expectedAccount: wire.ExpectedSourceBucketOwner,
    paysAsRequester: paysAsRequester(wire),
    ...customerKeyMembers({
      SSECustomerAlgorithm: wire.CopySourceSSECustomerAlgorithm,
      SSECustomerKey: wire.CopySourceSSECustomerKey,
      SSECustomerKeyMD5: wire.CopySourceSSECustomerKeyMD5,
    }),
    conditions: conditionsOf({
      IfMatch: wire.CopySourceIfMatch,
      IfNoneMatch: wire.CopySourceIfNoneMatch,
      IfModifiedSince: wire.CopySourceIfModifiedSince,
      IfUnmodifiedSince: wire.CopySourceIfUnmodifiedSince,
    }),
  };
}

/** `bytes=first-last`, both given. */
export function copyRangeOf(range: string | undefined): { start: number; end: number } | undefined {
  if (range === undefined) return undefined;
  const match = /^bytes=(\d+)-(\d+)$/.exec(range);
  if (match) return { start: Number(match[1]), end: Number(match[2]) };
  throw invalidArgument(
    "x-amz-copy-source-range",
    range,
    "The x-amz-copy-source-range value must be of the form bytes=first-last "
      + "where first and last are the zero-based offsets of the first and last bytes to copy",
  );
}

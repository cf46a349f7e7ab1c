import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { ContentHeaders, Retention } from "../../../services/objects/service.ts";
import type { WireCall } from "../binding.ts";
import { accessListOf } from "./access-lists.ts";
import { metadataOf } from "./metadata.ts";
import { encryptionOf, invalidArgument, tagsOfHeader } from "./model.ts";
import { refuseMembers } from "./refusals.ts";

interface WrittenWire {
  readonly ACL?: string;
  readonly GrantFullControl?: string;
  readonly GrantRead?: string;
  readonly GrantReadACP?: string;
  readonly GrantWriteACP?: string;
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: string;
  readonly WebsiteRedirectLocation?: string;
  readonly Metadata?: Record<string, string>;
  readonly Tagging?: string;
  readonly StorageClass?: string;
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
  readonly SSECustomerAlgorithm?: string;
  readonly SSECustomerKey?: string;
  readonly SSECustomerKeyMD5?: string;
  readonly ObjectLockMode?: string;
  readonly ObjectLockRetainUntilDate?: Date;
  readonly ObjectLockLegalHoldStatus?: string;
  readonly ObjectLockEventHold?: string;
  readonly ObjectLockEventHoldDurationDays?: number;
  readonly ObjectLockEventHoldDurationYears?: number;
}

export const STORAGE_CLASSES: ReadonlySet<string> = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "GLACIER_IR",
]);

/** `aws-chunked` says how the body travelled, not what it is. */
function contentEncodingOf(header: string | undefined): string | undefined {
  if (!header?.includes("aws-chunked")) return header;
  return (
    header
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== "aws-chunked")
      .join(",") || undefined
  );
}

/** Throws for what a website could not send its visitors to. */
function redirectOf(location: string): string {
  if (/^(?:https?:\/\/|\/)/.test(location)) return location;
  throw new AwsFailure({
    code: "InvalidRedirectLocation",
    status: 400,
    message: "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
  });
}

function headersOf(wire: WrittenWire): ContentHeaders | undefined {
  const headers: { -readonly [Name in keyof ContentHeaders]: string } = {};
  if (wire.ContentType !== undefined) headers.contentType = wire.ContentType;
  if (wire.CacheControl !== undefined) headers.cacheControl = wire.CacheControl;
  if (wire.ContentDisposition !== undefined) headers.contentDisposition = wire.ContentDisposition;
  const encoding = contentEncodingOf(wire.ContentEncoding);
  if (encoding !== undefined) headers.contentEncoding = encoding;
  if (wire.ContentLanguage !== undefined) headers.contentLanguage = wire.ContentLanguage;
  if (wire.Expires !== undefined) headers.expires = wire.Expires;
  if (wire.WebsiteRedirectLocation !== undefined) headers.redirectTo = redirectOf(wire.WebsiteRedirectLocation);
  for (const _ in headers) return headers;
  return undefined;
}

export function retentionOf(mode: string | undefined, until: Date | undefined): Retention | undefined {
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined) {
    throw invalidArgument(
      "x-amz-object-lock-mode",
      mode ?? "",
      "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
    );
  }
  if (mode !== "GOVERNANCE" && mode !== "COMPLIANCE")
    throw invalidArgument("x-amz-object-lock-mode", mode, "Unknown wormMode directive.");
  return { mode: mode === "GOVERNANCE" ? "governance" : "compliance", untilMs: until.getTime() };
}

function legalHoldOf(status: string | undefined): true | undefined {
  if (status === undefined || status === "OFF") return undefined;
  if (status === "ON") return true;
  throw invalidArgument("x-amz-object-lock-legal-hold", status, "Legal Hold must be either of 'ON' or 'OFF'");
}

const EVENT_HOLDS = [
  "ObjectLockEventHold",
  "ObjectLockEventHoldDurationDays",
  "ObjectLockEventHoldDurationYears",
] as const;

/** What a request says about the version it writes; only what it says, since this is on the path of every put. */
export function writtenWith(wire: WrittenWire, call: WireCall) {
  if (
    wire.ObjectLockEventHold !== undefined
    || wire.ObjectLockEventHoldDurationDays !== undefined
    || wire.ObjectLockEventHoldDurationYears !== undefined
  )
    refuseMembers(wire, ...EVENT_HOLDS);
  if (wire.StorageClass !== undefined && !STORAGE_CLASSES.has(wire.StorageClass)) {
    throw new AwsFailure({
      code: "InvalidStorageClass",
      status: 400,
      message: "The storage class you specified is not valid",
      members: { StorageClassRequested: wire.StorageClass },
    });
  }
  return {
    headers: headersOf(wire),
    metadata: metadataOf(wire.Metadata, call),
    tags: tagsOfHeader(wire.Tagging),
    storageClass: wire.StorageClass,
    encryption: encryptionOf(wire, call),
    customerKey: wire.SSECustomerKey,
    accessList: accessListOf(wire, call),
    retention: retentionOf(wire.ObjectLockMode, wire.ObjectLockRetainUntilDate),
    hasLegalHold: legalHoldOf(wire.ObjectLockLegalHoldStatus),
  };
}

/** What is accepted of every write and not acted on. */
export const ACCEPTED_OF_WRITES = [
  "SSEKMSEncryptionContext",
] as const;

/** What is kept of every write, given back and not acted on. */
export const RECORDED_OF_WRITES = [
  "BucketKeyEnabled",
] as const;

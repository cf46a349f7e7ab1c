import { createHash } from "node:crypto";
import { AwsFailure } from "../../../protocols/aws/codec.ts";
import type { Checksum, ChecksumAlgorithm, Encryption, Tag } from "../../../services/objects/service.ts";
import type { WireCall } from "../binding.ts";
import { invalidRequest } from "./rules/faults.ts";

/** How S3 says what buckets and objects are: shared by the rows of `operations/`. */

export const quoted = (etag: string): string => `"${etag}"`;
export const unquoted = (etag: string): string =>
  etag
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
/** S3 keeps whole seconds. */
export const dateOf = (ms: number): Date => new Date(ms - (ms % 1000));
export const invalidArgument = (name: string, value: string, message: string): AwsFailure =>
  new AwsFailure({
    code: "InvalidArgument",
    status: 400,
    message,
    members: { ArgumentName: name, ArgumentValue: value },
  });

/** The id S3 knows an account by. */
export const canonicalId = (account: string): string =>
  createHash("sha256").update(`s3 owner ${account}`).digest("hex");

export interface OwnedWire {
  readonly Bucket: string;
  readonly ExpectedBucketOwner?: string;
  readonly RequestPayer?: string;
}
interface BucketRef {
  bucket: string;
  expectedAccount?: string;
  paysAsRequester?: boolean;
}
export const bucketRef = (wire: OwnedWire): BucketRef => {
  const ref: BucketRef = { bucket: wire.Bucket };
  if (wire.ExpectedBucketOwner !== undefined) ref.expectedAccount = wire.ExpectedBucketOwner;
  if (wire.RequestPayer !== undefined) ref.paysAsRequester = paysAsRequester(wire);
  return ref;
};
export const paysAsRequester = ({ RequestPayer }: { readonly RequestPayer?: string }): boolean =>
  RequestPayer === "requester";
export const versionRef = (wire: OwnedWire & { readonly Key: string; readonly VersionId?: string }) => {
  const ref: BucketRef & { key: string; versionId?: string } = { bucket: wire.Bucket, key: wire.Key };
  if (wire.ExpectedBucketOwner !== undefined) ref.expectedAccount = wire.ExpectedBucketOwner;
  if (wire.VersionId !== undefined) ref.versionId = wire.VersionId;
  if (wire.RequestPayer !== undefined) ref.paysAsRequester = paysAsRequester(wire);
  return ref;
};

const ALGORITHMS = {
  CRC32: "crc32",
  CRC32C: "crc32c",
  CRC64NVME: "crc64nvme",
  SHA1: "sha1",
  SHA256: "sha256",
} as const;
type WireAlgorithm = keyof typeof ALGORITHMS;
const NEVER_DONE = ["SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128"] as const;
const MEMBERS_NEVER_DONE = NEVER_DONE.map((name) => `Checksum${name}` as const);
const WIRE_NAMES = Object.fromEntries(Object.entries(ALGORITHMS).map(([wire, name]) => [name, wire])) as Record<
  ChecksumAlgorithm,
  WireAlgorithm
>;

export const wireAlgorithm = (algorithm: ChecksumAlgorithm): WireAlgorithm => WIRE_NAMES[algorithm];

export function algorithmOf(wire: string | undefined): ChecksumAlgorithm | undefined {
  if (wire === undefined) return undefined;
  const algorithm = ALGORITHMS[wire.toUpperCase() as WireAlgorithm];
  if (algorithm) return algorithm;
  if (NEVER_DONE.some((name) => name === wire.toUpperCase())) {
    throw new AwsFailure({
      code: "NotImplemented",
      status: 501,
      message: `CloudStacks does not compute ${wire} checksums.`,
    });
  }
  throw new AwsFailure({
    code: "InvalidRequest",
    status: 400,
    message:
      "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
      + "[CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  });
}

interface ChecksumWire {
  readonly ChecksumCRC32?: string;
  readonly ChecksumCRC32C?: string;
  readonly ChecksumCRC64NVME?: string;
  readonly ChecksumSHA1?: string;
  readonly ChecksumSHA256?: string;
  readonly ChecksumSHA512?: string;
  readonly ChecksumMD5?: string;
  readonly ChecksumXXHASH64?: string;
  readonly ChecksumXXHASH3?: string;
  readonly ChecksumXXHASH128?: string;
  readonly ChecksumType?: string;
}

interface GivenChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}
/** How many bytes a checksum has; a composite one ends in the number of its parts. */
const CHECKSUM_BYTES = { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 } as const;

function given(before: GivenChecksum | undefined, algorithm: ChecksumAlgorithm, value: string): GivenChecksum {
  if (before)
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  if (Buffer.from(value.replace(/-\d+$/, ""), "base64").length !== CHECKSUM_BYTES[algorithm])
    throw invalidRequest(`Value for x-amz-checksum-${algorithm} header is invalid.`);
  return { algorithm, value };
}

/** The checksum a request carries by value, or nothing. */
export function checksumGiven(wire: ChecksumWire): GivenChecksum | undefined {
  let found: GivenChecksum | undefined;
  if (wire.ChecksumCRC32 !== undefined) found = given(found, "crc32", wire.ChecksumCRC32);
  if (wire.ChecksumCRC64NVME !== undefined) found = given(found, "crc64nvme", wire.ChecksumCRC64NVME);
  if (wire.ChecksumSHA256 !== undefined) found = given(found, "sha256", wire.ChecksumSHA256);
  if (wire.ChecksumCRC32C !== undefined) found = given(found, "crc32c", wire.ChecksumCRC32C);
  if (wire.ChecksumSHA1 !== undefined) found = given(found, "sha1", wire.ChecksumSHA1);
  if (found) return found;
  for (const member of MEMBERS_NEVER_DONE) if (wire[member] !== undefined) algorithmOf(member.slice("Checksum".length));
  return undefined;
}

/** The algorithm that a sender names must be the one whose value it sends. */
function checkAnnounced(algorithm: ChecksumAlgorithm, wire: { readonly ChecksumAlgorithm?: string }): void {
  if (wire.ChecksumAlgorithm !== undefined && algorithmOf(wire.ChecksumAlgorithm) !== algorithm)
    throw invalidRequest("Value for x-amz-sdk-checksum-algorithm header is invalid.");
}

/** The checksum a body's sender wants: by value in a header, or in a trailer, which is checked on its way in. */
export function checksumWanted(
  wire: ChecksumWire & { readonly ChecksumAlgorithm?: string },
  call: WireCall,
): { algorithm: ChecksumAlgorithm; value?: string } | undefined {
  const given = checksumGiven(wire);
  if (given) {
    checkAnnounced(given.algorithm, wire);
    return given;
  }
  const trailer = call.request.headers["x-amz-trailer"];
  const inTrailer = typeof trailer === "string" ? /x-amz-checksum-([a-z0-9]+)/i.exec(trailer)?.[1] : undefined;
  const algorithm = algorithmOf(inTrailer);
  if (algorithm) checkAnnounced(algorithm, wire);
  else if (algorithmOf(wire.ChecksumAlgorithm))
    throw invalidRequest(
      "x-amz-sdk-checksum-algorithm specified, "
        + "but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    );
  return algorithm && { algorithm };
}

/** `ChecksumCRC32`, ... and `ChecksumType` of an answer. */
export function checksumMembers(checksum: Checksum | undefined): ChecksumWire {
  if (!checksum) return {};
  return {
    [`Checksum${wireAlgorithm(checksum.algorithm)}`]: checksum.value,
    ChecksumType: checksum.isComposite ? "COMPOSITE" : "FULL_OBJECT",
  };
}

/** A valid Content-MD5, or none. */
export function md5Of(wire: { readonly ContentMD5?: string }): string | undefined {
  if (wire.ContentMD5 === undefined) return undefined;
  if (Buffer.from(wire.ContentMD5, "base64").length === 16) return wire.ContentMD5;
  throw new AwsFailure({
    code: "InvalidDigest",
    status: 400,
    message: "The Content-MD5 you specified was invalid.",
    members: { "Content-MD5": wire.ContentMD5 },
  });
}

export function tagsOfHeader(header: string | undefined): Tag[] | undefined {
  if (!header) return undefined;
  const tags = [...new URLSearchParams(header)].map(([key, value]) => ({ key, value }));
  if (new Set(tags.map(({ key }) => key)).size === tags.length && tags.every(({ key }) => key !== "")) return tags;
  throw invalidArgument(
    "x-amz-tagging",
    header,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters "
      + "without tag name duplicates.",
  );
}
export const tagsOf = (wire: readonly { Key?: string; Value?: string }[] | undefined): Tag[] =>
  (wire ?? []).map((tag) => ({ key: tag.Key ?? "", value: tag.Value ?? "" }));
export const wireTags = (tags: readonly Tag[]) => tags.map((tag) => ({ Key: tag.key, Value: tag.value }));

interface EncryptionWire {
  readonly ServerSideEncryption?: string;
  readonly SSEKMSKeyId?: string;
  readonly BucketKeyEnabled?: boolean;
  readonly SSECustomerAlgorithm?: string;
  readonly SSECustomerKeyMD5?: string;
}
interface CustomerKeyWire {
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
}
const ENCRYPTION_KINDS: Readonly<Record<string, Encryption["kind"]>> = {
  AES256: "provider",
  "aws:kms": "key",
  "aws:kms:dsse": "key-dual",
};
const ENCRYPTION_NAMES: Readonly<Record<string, string>> = {
  provider: "AES256",
  key: "aws:kms",
  "key-dual": "aws:kms:dsse",
};

/** The digest that a customer's key is known by; the key itself is compared with it and forgotten. */
export function customerKeyOf(wire: CustomerKeyWire): string | undefined {
  const { SSECustomerAlgorithm: algorithm, SSECustomerKey: key, SSECustomerKeyMD5: md5 } = wire;
  if (algorithm === undefined && key === undefined && md5 === undefined) return undefined;
  if (algorithm !== undefined && algorithm !== "AES256") {
    throw new AwsFailure({
      code: "InvalidEncryptionAlgorithmError",
      status: 400,
      message: "The encryption request you specified is not valid. The valid value is AES256.",
    });
  }
  if (algorithm === undefined || md5 === undefined || key === undefined) {
    throw invalidArgument(
      "x-amz-server-side-encryption",
      "null",
      "Requests specifying Server Side Encryption with "
        + "Customer provided keys must provide a valid encryption algorithm and an appropriate secret key.",
    );
  }
  const bytes = Buffer.from(key, "base64");
  if (bytes.length !== 32) {
    const reason = "The secret key was invalid for the specified algorithm.";
    throw invalidArgument("x-amz-server-side-encryption", "null", reason);
  }
  if (createHash("md5").update(bytes).digest("base64") === md5) return md5;
  throw invalidArgument(
    "x-amz-server-side-encryption-customer-key-MD5",
    md5,
    "The calculated MD5 hash of the key did not match the hash that was provided.",
  );
}

/** A customer's key, which goes no further than sealing or opening the body of this request. */
export const customerKeyMembers = (wire: CustomerKeyWire): { customerKeyMd5?: string; customerKey?: string } => {
  const customerKeyMd5 = customerKeyOf(wire);
  return customerKeyMd5 === undefined ? {} : { customerKeyMd5, customerKey: wire.SSECustomerKey };
};

export function encryptionOf(wire: EncryptionWire & CustomerKeyWire, call: WireCall): Encryption | undefined {
  const customerKeyMd5 = customerKeyOf(wire);
  if (customerKeyMd5 !== undefined) return { kind: "customer", customerKeyMd5 };
  if (wire.ServerSideEncryption === undefined) return undefined;
  // An object that names no key is encrypted with the account's own one for S3.
  const keyId = wire.SSEKMSKeyId ?? `arn:aws:kms:${call.region}:${call.account}:alias/aws/s3`;
  return namedEncryption(wire.ServerSideEncryption, keyId, wire.BucketKeyEnabled);
}

export function namedEncryption(
  name: string,
  keyId: string | undefined,
  usesBucketKey: boolean | undefined,
): Encryption {
  const kind = ENCRYPTION_KINDS[name];
  if (!kind)
    throw invalidArgument("x-amz-server-side-encryption", name, "The encryption method specified is not supported");
  if (kind === "provider") return { kind };
  return { kind, ...(keyId !== undefined && { keyId }), ...(usesBucketKey && { usesBucketKey }) };
}

/** The members of `encryptionMembers`, for answers on the path of every put and get. */
export function addEncryption(out: { ServerSideEncryption?: string }, encryption: Encryption | undefined): void {
  if (!encryption || encryption.kind === "provider") out.ServerSideEncryption = "AES256";
  else Object.assign(out, encryptionMembers(encryption));
}

const PROVIDER_ENCRYPTION = { ServerSideEncryption: "AES256" };
export function encryptionMembers(encryption: Encryption | undefined): EncryptionWire {
  if (!encryption || encryption.kind === "provider") return PROVIDER_ENCRYPTION;
  if (encryption.kind === "customer") {
    return {
      SSECustomerAlgorithm: "AES256",
      ...(encryption.customerKeyMd5 !== undefined && { SSECustomerKeyMD5: encryption.customerKeyMd5 }),
    };
  }
  return {
    ServerSideEncryption: ENCRYPTION_NAMES[encryption.kind] ?? "AES256",
    ...(encryption.keyId !== undefined && { SSEKMSKeyId: encryption.keyId }),
    ...(encryption.usesBucketKey && { BucketKeyEnabled: true }),
  };
}

interface Due {
  readonly atMs: number;
  readonly ruleId: string;
}
/** `expiry-date="...", rule-id="..."` */
export const expirationText = ({ atMs, ruleId }: Due): string =>
  `expiry-date="${new Date(atMs).toUTCString()}", rule-id="${encodeURIComponent(ruleId)}"`;
export const expirationMember = ({ expiry }: { readonly expiry?: Due }) =>
  expiry ? { Expiration: expirationText(expiry) } : {};
export const abortMembers = ({ abort }: { readonly abort?: Due }) =>
  abort ? { AbortDate: new Date(abort.atMs), AbortRuleId: abort.ruleId } : {};

/** Tells a caller that it pays for a request, and not the bucket's owner. */
export const chargeMember = ({ isCharged }: { readonly isCharged?: boolean }) =>
  isCharged ? { RequestCharged: "requester" } : {};

interface ConditionsWire {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: Date;
  readonly IfUnmodifiedSince?: Date;
}
const etagsOf = (header: string): string[] => header.split(",").map(unquoted);

/** The conditions of a write: S3 knows only `*` for what must not be there. */
export function writeConditionsOf(wire: { readonly IfMatch?: string; readonly IfNoneMatch?: string }) {
  if (wire.IfNoneMatch !== undefined && wire.IfNoneMatch !== "*") {
    throw new AwsFailure({
      code: "NotImplemented",
      status: 501,
      message: "A header you provided implies functionality that is not implemented",
      members: { Header: "If-None-Match" },
    });
  }
  return conditionsOf(wire);
}

export function conditionsOf(wire: ConditionsWire) {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = wire;
  if (IfMatch === undefined && IfNoneMatch === undefined && !IfModifiedSince && !IfUnmodifiedSince) return undefined;
  return {
    ...(IfMatch !== undefined && { ifMatch: etagsOf(IfMatch) }),
    ...(IfNoneMatch !== undefined && { ifNoneMatch: etagsOf(IfNoneMatch) }),
    ...(IfModifiedSince && { ifModifiedSinceMs: IfModifiedSince.getTime() }),
    ...(IfUnmodifiedSince && { ifUnmodifiedSinceMs: IfUnmodifiedSince.getTime() }),
  };
}

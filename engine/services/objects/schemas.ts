import { Type } from "typebox";
import { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from "../../kernel/checksums.ts";

/** Schemas that several operations share. */

const text = Type.String();
const optionalText = Type.Optional(text);
const optionalTime = Type.Optional(Type.Number({ description: "Unix time in milliseconds." }));
const flag = Type.Optional(Type.Boolean());

export const document = Type.Unknown({ description: "The document as its cloud's API writes it." });

/** Which bucket, and whose it must be. */
export const bucketRef = {
  bucket: Type.String({ description: "The bucket's name." }),
  expectedAccount: Type.Optional(Type.String({ description: "Refuses when the bucket belongs to another account." })),
  paysAsRequester: Type.Optional(Type.Boolean({ description: "The caller pays where the owner wants it so." })),
};
export const objectRef = { ...bucketRef, key: Type.String({ description: "The object's key." }) };
export const versionRef = {
  ...objectRef,
  versionId: Type.Optional(Type.String({ description: "A version; the latest when omitted." })),
};

export const tag = Type.Object({ key: text, value: text });
export const tags = Type.Array(tag);
export const versioning = Type.Union([Type.Literal("off"), Type.Literal("enabled"), Type.Literal("suspended")]);
export const ownership = Type.Union([
  Type.Literal("bucket-owner-enforced"),
  Type.Literal("bucket-owner-preferred"),
  Type.Literal("object-writer"),
]);
export const retentionMode = Type.Union([Type.Literal("governance"), Type.Literal("compliance")]);
export const checksumAlgorithm = Type.Unsafe<ChecksumAlgorithm>(Type.Enum([...CHECKSUM_ALGORITHMS]));

export const encryption = Type.Object({
  kind: Type.Union([Type.Literal("provider"), Type.Literal("key"), Type.Literal("key-dual"), Type.Literal("customer")]),
  keyId: optionalText,
  usesBucketKey: flag,
  customerKeyMd5: optionalText,
});
export const grant = Type.Object({
  grantee: Type.Object({ account: optionalText, canonicalId: optionalText, group: optionalText, email: optionalText }),
  permission: Type.Union([
    Type.Literal("full-control"),
    Type.Literal("read"),
    Type.Literal("write"),
    Type.Literal("read-acl"),
    Type.Literal("write-acl"),
  ]),
});
export const grants = Type.Array(grant);
/** A list in full, or the name of a common one. */
export const accessList = Type.Object({
  canned: Type.Optional(Type.String({ description: "`private`, `public-read`, ..." })),
  grants: Type.Optional(grants),
});
export const retention = Type.Object({ mode: retentionMode, untilMs: Type.Number() });

const contentHeaders = Type.Object({
  contentType: optionalText,
  cacheControl: optionalText,
  contentDisposition: optionalText,
  contentEncoding: optionalText,
  contentLanguage: optionalText,
  expires: optionalText,
  redirectTo: optionalText,
});
export const metadata = Type.Record(Type.String(), Type.String());

/** What a writer says about a new version, whatever way its body comes. */
export const writtenWith = {
  headers: Type.Optional(contentHeaders),
  metadata: Type.Optional(metadata),
  tags: Type.Optional(tags),
  storageClass: optionalText,
  encryption: Type.Optional(encryption),
  customerKey: Type.Optional(
    Type.String({ description: "Base64. Used and forgotten; the same is needed to read what it sealed." }),
  ),
  accessList: Type.Optional(accessList),
  retention: Type.Optional(retention),
  hasLegalHold: flag,
};

/** What must hold of the stored version; entity tags without quotes, `*` for any. */
export const conditions = Type.Object({
  ifMatch: Type.Optional(Type.Array(text)),
  ifNoneMatch: Type.Optional(Type.Array(text)),
  ifModifiedSinceMs: optionalTime,
  ifUnmodifiedSinceMs: optionalTime,
});

export const checksum = Type.Object({ algorithm: checksumAlgorithm, value: text, isComposite: flag });
/** The checksum a writer asks for, and its value (base64) when the writer knows it. */
export const checksumWanted = Type.Object({ algorithm: checksumAlgorithm, value: optionalText });

/** When lifecycle rules will act, and which one. */
export const due = Type.Optional(Type.Object({ atMs: Type.Number(), ruleId: text }));

/** What an answer says of who pays for it. */
export const charge = {
  isCharged: Type.Optional(Type.Boolean({ description: "The caller, not the owner, pays for this." })),
};

/** What is known of a version without its body. */
export const versionFacts = {
  versionId: Type.String({ description: "`null` where versioning was off." }),
  isVersioned: Type.Boolean({ description: "False while the bucket has never had versioning." }),
  modifiedAtMs: Type.Number(),
  sizeBytes: Type.Number(),
  etag: text,
  headers: Type.Optional(contentHeaders),
  metadata: Type.Optional(metadata),
  tagCount: Type.Number(),
  checksum: Type.Optional(checksum),
  storageClass: optionalText,
  encryption: Type.Optional(encryption),
  retention: Type.Optional(retention),
  hasLegalHold: flag,
  partCount: Type.Optional(Type.Number()),
  restoredUntilMs: Type.Optional(Type.Number()),
  ...charge,
  replication: Type.Optional(
    Type.Union([Type.Literal("pending"), Type.Literal("completed"), Type.Literal("failed"), Type.Literal("replica")]),
  ),
};

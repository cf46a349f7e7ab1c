import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketEncryptionCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  PutBucketAclCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";

let cloud: TestCloud;
let s3: S3Client;
let count = 0;

beforeAll(async () => {
  cloud = await startCloud();
  s3 = new S3Client({ ...cloud.aws(), forcePathStyle: true });
});
afterAll(() => cloud.stop());

async function newBucket(): Promise<string> {
  const Bucket = `bucket-${(count += 1)}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  return Bucket;
}
const put = (Bucket: string, Key: string, Body: string | Buffer, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const text = async (Bucket: string, Key: string, more: object = {}) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString();
/** The failure as a client sees it. */
const failure = async (sent: Promise<unknown>) => {
  const error = await sent.then(
    () => undefined,
    (problem: { name: string; $metadata: { httpStatusCode?: number } }) => problem,
  );
  return error && [error.name, error.$metadata.httpStatusCode];
};

describe("S3 buckets", () => {
  it("are made, found, listed and deleted", async () => {
    const Bucket = await newBucket();
    expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe("us-east-1");
    expect((await s3.send(new ListBucketsCommand({}))).Buckets?.map((bucket) => bucket.Name)).toContain(Bucket);
    // In the first region making a bucket again succeeds.
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new DeleteBucketCommand({ Bucket }));
    expect(await failure(s3.send(new HeadBucketCommand({ Bucket })))).toEqual(["NotFound", 404]);
  });

  it("are refused in AWS's words", async () => {
    const Bucket = await newBucket();
    const other = new S3Client({ ...cloud.aws("222222222222"), forcePathStyle: true });
    const west = new S3Client({ ...cloud.aws("111111111111", "eu-west-1"), forcePathStyle: true });
    expect(await failure(other.send(new CreateBucketCommand({ Bucket })))).toEqual(["BucketAlreadyExists", 409]);
    expect(await failure(other.send(new HeadBucketCommand({ Bucket })))).toEqual(["Unknown", 403]);
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" } as const;
    expect(await failure(west.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration })))).toEqual([
      "BucketAlreadyOwnedByYou",
      409,
    ]);
    expect(await failure(s3.send(new CreateBucketCommand({ Bucket: "Not_Valid" })))).toEqual([
      "InvalidBucketName",
      400,
    ]);
    await put(Bucket, "a", "1");
    expect(await failure(s3.send(new DeleteBucketCommand({ Bucket })))).toEqual(["BucketNotEmpty", 409]);
    expect(await failure(s3.send(new PutBucketAclCommand({ Bucket, ACL: "public-read" })))).toEqual([
      "AccessControlListNotSupported",
      400,
    ]);
  });

  it("answer what a fresh bucket of AWS answers", async () => {
    const Bucket = await newBucket();
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe(undefined);
    expect(await failure(s3.send(new GetBucketTaggingCommand({ Bucket })))).toEqual(["NoSuchTagSet", 404]);
    expect(
      (await s3.send(new GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules,
    ).toEqual([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }]);
    expect(
      (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration?.BlockPublicAcls,
    ).toBe(true);
    await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: "team", Value: "a+b" }] } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: "team", Value: "a+b" }]);
  });
});

describe("S3 objects", () => {
  it("come back with their body, headers, metadata and tags", async () => {
    const Bucket = await newBucket();
    const written = await put(Bucket, "a b/ü+.txt", "hello", {
      ContentType: "text/plain",
      Metadata: { Color: "red" },
      Tagging: "a=1&b=2",
    });
    expect(written.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a b/ü+.txt" }));
    expect(await got.Body?.transformToString()).toBe("hello");
    expect([got.ContentType, got.Metadata, got.TagCount, got.ServerSideEncryption]).toEqual([
      "text/plain",
      { color: "red" },
      2,
      "AES256",
    ]);
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a b/ü+.txt" }))).TagSet).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
  });

  it("stream in both directions, larger than memory would hold inline", async () => {
    const Bucket = await newBucket();
    const Body = Buffer.alloc(1_000_000, "0123456789");
    await put(Bucket, "large", Body);
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "large" }));
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Body)).toBe(true);
    await s3.send(
      new PutObjectCommand({ Bucket, Key: "streamed", Body: Readable.from([Body]), ContentLength: Body.length }),
    );
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "streamed" }))).ContentLength).toBe(1_000_000);
    expect(await text(Bucket, "large", { Range: "bytes=999990-" })).toBe("0123456789");
  });

  it("give ranges, and refuse those outside", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "a", "0123456789");
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a", Range: "bytes=2-4" }));
    expect([await got.Body?.transformToString(), got.ContentRange, got.$metadata.httpStatusCode]).toEqual([
      "234",
      "bytes 2-4/10",
      206,
    ]);
    expect(await text(Bucket, "a", { Range: "bytes=-3" })).toBe("789");
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a", Range: "bytes=10-" })))).toEqual([
      "InvalidRange",
      416,
    ]);
  });

  it("obey conditions of readers and writers", async () => {
    const Bucket = await newBucket();
    const { ETag } = await put(Bucket, "a", "1");
    expect(await failure(put(Bucket, "a", "2", { IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    expect(await failure(put(Bucket, "b", "2", { IfMatch: ETag }))).toEqual(["NoSuchKey", 404]);
    await put(Bucket, "a", "2", { IfMatch: ETag });
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a", IfMatch: ETag })))).toEqual([
      "PreconditionFailed",
      412,
    ]);
    const now = await s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect((await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a", IfNoneMatch: now.ETag }))))?.[1]).toBe(304);
  });

  it("are verified by checksum, which readers get back", async () => {
    const Bucket = await newBucket();
    for (const [ChecksumAlgorithm, member] of [
      ["SHA256", "ChecksumSHA256"],
      ["CRC64NVME", "ChecksumCRC64NVME"],
      ["CRC32C", "ChecksumCRC32C"],
    ] as const) {
      const sent = await put(Bucket, "a", "hello", { ChecksumAlgorithm }).catch((problem: unknown) => problem as Error);
      // The SDK computes CRC64NVME only with a native package.
      if (sent instanceof Error) continue;
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "a", ChecksumMode: "ENABLED" }));
      expect(head[member]).toBe(sent[member]);
      expect(head.ChecksumType).toBe("FULL_OBJECT");
    }
    expect(
      await failure(put(Bucket, "a", "hello", { ChecksumSHA256: "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" })),
    ).toEqual(["BadDigest", 400]);
    expect(await failure(put(Bucket, "a", "hello", { ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }))).toEqual([
      "BadDigest",
      400,
    ]);
  });

  it("are copied with or without their metadata", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "a/ü", "1", { Metadata: { color: "red" }, ContentType: "text/x" });
    await s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: encodeURIComponent(`${Bucket}/a/ü`) }));
    await s3.send(
      new CopyObjectCommand({
        Bucket,
        Key: "c",
        CopySource: `${Bucket}/a/%C3%BC`,
        MetadataDirective: "REPLACE",
        Metadata: { x: "y" },
      }),
    );
    const [b, c] = [
      await s3.send(new HeadObjectCommand({ Bucket, Key: "b" })),
      await s3.send(new HeadObjectCommand({ Bucket, Key: "c" })),
    ];
    expect([b.Metadata, b.ContentType, c.Metadata]).toEqual([{ color: "red" }, "text/x", { x: "y" }]);
    expect(await failure(s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/b` })))).toEqual([
      "InvalidRequest",
      400,
    ]);
    expect(await failure(s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/none` })))).toEqual([
      "NoSuchKey",
      404,
    ]);
  });

  it("are deleted one by one and in numbers", async () => {
    const Bucket = await newBucket();
    for (const key of ["a", "b", "c"]) await put(Bucket, key, key);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "b" }, { Key: "none" }] } }),
    );
    expect(Deleted).toEqual([{ Key: "b" }, { Key: "none" }]);
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a" })))).toEqual(["NoSuchKey", 404]);
    expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents?.map((one) => one.Key)).toEqual(["c"]);
  });
});

describe("S3 deletions in numbers", () => {
  it("tell which were refused and go on with the others", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "a", "1");
    const Objects = [{ Key: "a", VersionId: "bad" }, { Key: "a" }];
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual([{ Key: "a" }]);
    expect(Errors).toEqual([
      { Key: "a", VersionId: "bad", Code: "InvalidArgument", Message: "Invalid version id specified" },
    ]);
  });
});

describe("S3 versions", () => {
  it("are kept, hidden by markers and brought back", async () => {
    const Bucket = await newBucket();
    await put(Bucket, "a", "0");
    await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
    const one = await put(Bucket, "a", "1");
    const gone = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(gone.DeleteMarker).toBe(true);
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a" })))).toEqual(["NoSuchKey", 404]);
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a", VersionId: gone.VersionId })))).toEqual([
      "MethodNotAllowed",
      405,
    ]);
    expect(await text(Bucket, "a", { VersionId: "null" })).toBe("0");
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions?.map((version) => [version.VersionId, version.IsLatest])).toEqual([
      [one.VersionId, false],
      ["null", false],
    ]);
    expect(listed.DeleteMarkers?.map((marker) => [marker.VersionId, marker.IsLatest])).toEqual([
      [gone.VersionId, true],
    ]);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: gone.VersionId }));
    expect(await text(Bucket, "a")).toBe("1");
    expect(await failure(s3.send(new GetObjectCommand({ Bucket, Key: "a", VersionId: "nonsense" })))).toEqual([
      "InvalidArgument",
      400,
    ]);
  });
});

describe("S3 listings", () => {
  it("roll up at a delimiter and come in pages", async () => {
    const Bucket = await newBucket();
    for (const key of ["a", "b/1", "b/2", "c/1", "d", "é"]) await put(Bucket, key, key);
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/" }));
    expect([
      page.Contents?.map((one) => one.Key),
      page.CommonPrefixes?.map((one) => one.Prefix),
      page.KeyCount,
    ]).toEqual([["a", "d", "é"], ["b/", "c/"], 5]);
    const keys: (string | undefined)[] = [];
    for await (const { Contents } of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket }))
      keys.push(...(Contents ?? []).map((one) => one.Key));
    expect(keys).toEqual(["a", "b/1", "b/2", "c/1", "d", "é"]);
  });
});

describe("S3 uploads in parts", () => {
  it("are written, listed and completed", async () => {
    const Bucket = await newBucket(),
      Key = "big";
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ChecksumAlgorithm: "CRC32", Metadata: { a: "b" } }),
    );
    const first = Buffer.alloc(5 * 1024 ** 2, "x");
    const one = await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: first, ChecksumAlgorithm: "CRC32" }),
    );
    const two = await s3.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: "end", ChecksumAlgorithm: "CRC32" }),
    );
    expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts?.map((part) => part.Size)).toEqual([
      5_242_880, 3,
    ]);
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map((upload) => upload.Key)).toEqual([
      Key,
    ]);
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: {
          Parts: [
            { PartNumber: 1, ETag: one.ETag, ChecksumCRC32: one.ChecksumCRC32 },
            { PartNumber: 2, ETag: two.ETag, ChecksumCRC32: two.ChecksumCRC32 },
          ],
        },
      }),
    );
    expect([done.ETag?.endsWith('-2"'), done.ChecksumType, done.ChecksumCRC32?.endsWith("-2")]).toEqual([
      true,
      "COMPOSITE",
      true,
    ]);
    expect(await text(Bucket, Key, { Range: "bytes=5242878-" })).toBe("xxend");
    const part = await s3.send(new GetObjectCommand({ Bucket, Key, PartNumber: 2 }));
    expect([await part.Body?.transformToString(), part.PartsCount]).toEqual(["end", 2]);
    const known = await s3.send(
      new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes: ["ObjectParts", "ObjectSize"] }),
    );
    expect([known.ObjectSize, known.ObjectParts?.TotalPartsCount]).toEqual([5_242_883, 2]);
    await s3.send(new CopyObjectCommand({ Bucket, Key: "copy", CopySource: `${Bucket}/${Key}` }));
    expect((await s3.send(new HeadObjectCommand({ Bucket, Key: "copy" }))).ETag).toMatch(/^"[0-9a-f]{32}"$/);
  });

  it("take parts from objects and refuse what does not fit", async () => {
    const Bucket = await newBucket(),
      Key = "big";
    await put(Bucket, "source", "0123456789");
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const copied = await s3.send(
      new UploadPartCopyCommand({
        Bucket,
        Key,
        UploadId,
        PartNumber: 1,
        CopySource: `${Bucket}/source`,
        CopySourceRange: "bytes=2-4",
      }),
    );
    const small = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: "small" }));
    const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const [a, b] = [
      { PartNumber: 1, ETag: copied.CopyPartResult?.ETag },
      { PartNumber: 2, ETag: small.ETag },
    ];
    expect(await failure(complete([a, b]))).toEqual(["EntityTooSmall", 400]);
    expect(await failure(complete([b, a]))).toEqual(["InvalidPartOrder", 400]);
    expect(await failure(complete([{ PartNumber: 3, ETag: "x" }]))).toEqual(["InvalidPart", 400]);
    await complete([a]);
    expect(await text(Bucket, Key)).toBe("234");
    expect(await failure(s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })))).toEqual([
      "NoSuchUpload",
      404,
    ]);
  });
});

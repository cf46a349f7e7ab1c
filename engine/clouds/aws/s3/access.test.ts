import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, test } from "vitest";
import { AUTHORIZATION, failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
let stranger: S3Client;
beforeAll(() => {
  stranger = world.client("222222222222");
});
const denied = ["AccessDenied", 403];
const read = (Bucket: string, Key = "a") => failure(stranger.send(new GetObjectCommand({ Bucket, Key })));
const list = (Bucket: string) => failure(stranger.send(new ListObjectsV2Command({ Bucket })));
const write = (Bucket: string, Key = "b") => failure(stranger.send(new PutObjectCommand({ Bucket, Key, Body: "2" })));
const drop = (Bucket: string, Key = "b") => failure(stranger.send(new DeleteObjectCommand({ Bucket, Key })));

async function holding(acl?: "private" | "public-read", of?: "public-read" | "public-read-write"): Promise<string> {
  const Bucket = await world.openBucket();
  await world.put(Bucket, "a", "1", acl ? { ACL: acl } : {});
  if (of) await world.s3.send(new PutBucketAclCommand({ Bucket, ACL: of }));
  return Bucket;
}
const policy = (Bucket: string, ...statements: object[]) =>
  world.s3.send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: statements.map((one) => ({
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: `arn:aws:s3:::${Bucket}/*`,
          ...one,
        })),
      }),
    }),
  );

describe("another account is kept out", () => {
  test("of everything that nobody lets it into", async () => {
    const Bucket = await holding();
    expect([await read(Bucket), await list(Bucket), await write(Bucket), await drop(Bucket, "a")]).toEqual([
      denied,
      denied,
      denied,
      denied,
    ]);
    expect((await failure(stranger.send(new HeadObjectCommand({ Bucket, Key: "a" }))))?.[1]).toBe(403);
  });
  test("of the settings of a bucket that it may read", async () => {
    const Bucket = await holding("public-read", "public-read-write");
    expect(await failure(stranger.send(new PutBucketAclCommand({ Bucket, ACL: "private" })))).toEqual(denied);
  });
});

describe("an access control list lets others", () => {
  test("read an object that is public, and no other", async () => {
    const Bucket = await holding("public-read");
    await world.put(Bucket, "mine", "1");
    expect([await read(Bucket), await read(Bucket, "mine"), await list(Bucket)]).toEqual([undefined, denied, denied]);
    const plain = await world.anonymous("GET", `/${Bucket}/a`);
    expect([plain.status, await plain.text()]).toEqual([200, "1"]);
  });
  test("list a bucket that is public to read", async () => {
    const Bucket = await holding("private", "public-read");
    expect([await list(Bucket), await read(Bucket), await write(Bucket)]).toEqual([undefined, denied, denied]);
  });
  test("write into a bucket that is public to write", async () => {
    const Bucket = await holding("private", "public-read-write");
    expect([await write(Bucket), await drop(Bucket)]).toEqual([undefined, undefined]);
  });
  test("do nothing where such lists are ignored", async () => {
    const Bucket = await holding("public-read", "public-read-write");
    const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
    await world.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect([await read(Bucket), await list(Bucket), await write(Bucket)]).toEqual([denied, denied, denied]);
  });
});

describe("a policy lets others", () => {
  test("do what it names, on what it names", async () => {
    const Bucket = await holding();
    await world.put(Bucket, "private/a", "1");
    await policy(Bucket, { Resource: `arn:aws:s3:::${Bucket}/?` });
    expect([await read(Bucket), await read(Bucket, "private/a"), await write(Bucket)]).toEqual([
      undefined,
      denied,
      denied,
    ]);
    await policy(
      Bucket,
      { Action: ["s3:Put*", "s3:Delete*"] },
      { Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` },
    );
    expect([await write(Bucket), await drop(Bucket), await list(Bucket), await read(Bucket)]).toEqual([
      undefined,
      undefined,
      undefined,
      denied,
    ]);
  });
  test("upload in parts, and look after what they upload", async () => {
    const Bucket = await holding();
    const upload = async () => {
      const { UploadId } = await stranger.send(new CreateMultipartUploadCommand({ Bucket, Key: "parts" }));
      return { Bucket, Key: "parts", UploadId };
    };
    expect(await failure(upload())).toEqual(denied);
    await policy(Bucket, { Action: "s3:PutObject" });
    const ref = await upload();
    const { ETag } = await stranger.send(new UploadPartCommand({ ...ref, PartNumber: 1, Body: "whole" }));
    expect(await failure(stranger.send(new ListPartsCommand(ref)))).toEqual(denied);
    expect(await failure(stranger.send(new AbortMultipartUploadCommand(ref)))).toEqual(denied);
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await stranger.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload }));
    expect(await world.text(Bucket, "parts")).toBe("whole");
    await policy(
      Bucket,
      { Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"] },
      { Action: "s3:ListBucketMultipartUploads", Resource: `arn:aws:s3:::${Bucket}` },
    );
    const other = await upload();
    expect((await stranger.send(new ListPartsCommand(other))).Parts).toBeUndefined();
    expect((await stranger.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length).toBe(1);
    await stranger.send(new AbortMultipartUploadCommand(other));
  });
  test("delete many objects, each for itself", async () => {
    const Bucket = await holding();
    await world.put(Bucket, "own/a", "1");
    await policy(Bucket, { Action: "s3:DeleteObject", Resource: `arn:aws:s3:::${Bucket}/own/*` });
    const Objects = [{ Key: "a" }, { Key: "own/a" }];
    const { Deleted, Errors } = await stranger.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect(Deleted).toEqual([{ Key: "own/a" }]);
    expect(Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([["a", "AccessDenied"]]);
    expect(await world.text(Bucket, "a")).toBe("1");
  });
  test("see and change what surrounds an object, each by an action of its own", async () => {
    const Bucket = await holding();
    const ref = { Bucket, Key: "a" };
    const asked = [
      ["GetObjectTagging", () => stranger.send(new GetObjectTaggingCommand(ref))],
      ["PutObjectTagging", () => stranger.send(new PutObjectTaggingCommand({ ...ref, Tagging: { TagSet: [] } }))],
      ["DeleteObjectTagging", () => stranger.send(new DeleteObjectTaggingCommand(ref))],
      ["GetObjectAcl", () => stranger.send(new GetObjectAclCommand(ref))],
      ["PutObjectAcl", () => stranger.send(new PutObjectAclCommand({ ...ref, ACL: "private" }))],
      [
        "GetObjectAttributes",
        () => stranger.send(new GetObjectAttributesCommand({ ...ref, ObjectAttributes: ["ETag"] })),
      ],
    ] as const;
    for (const [action, ask] of asked) {
      await policy(Bucket, { Action: "s3:GetObject" });
      expect([action, await failure(ask())]).toEqual([action, denied]);
      await policy(Bucket, { Action: `s3:${action}` });
      expect([action, await failure(ask())]).toEqual([action, undefined]);
    }
  });
  test("read a version that is named by an action of its own", async () => {
    const Bucket = await world.versionedBucket();
    await world.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const { VersionId } = await world.put(Bucket, "a", "1");
    const readVersion = () => failure(stranger.send(new GetObjectCommand({ Bucket, Key: "a", VersionId })));
    await policy(Bucket, {});
    expect([await read(Bucket), await readVersion()]).toEqual([undefined, denied]);
    await policy(Bucket, { Action: "s3:GetObjectVersion" });
    expect([await read(Bucket), await readVersion()]).toEqual([denied, undefined]);
    const versions = () => failure(stranger.send(new ListObjectVersionsCommand({ Bucket })));
    await policy(Bucket, { Action: "s3:ListBucket", Resource: `arn:aws:s3:::${Bucket}` });
    expect([await list(Bucket), await versions()]).toEqual([undefined, denied]);
    await policy(Bucket, { Action: "s3:ListBucketVersions", Resource: `arn:aws:s3:::${Bucket}` });
    expect([await list(Bucket), await versions()]).toEqual([denied, undefined]);
  });
  test("only those whom it names", async () => {
    const Bucket = await holding();
    await policy(Bucket, { Principal: { AWS: "arn:aws:iam::222222222222:root" } });
    expect(await read(Bucket)).toBe(undefined);
    const third = world.client("333333333333");
    expect(await failure(third.send(new GetObjectCommand({ Bucket, Key: "a" })))).toEqual(denied);
  });
  test("not what it denies elsewhere, nor under conditions that nobody evaluates", async () => {
    const Bucket = await holding("public-read");
    await policy(Bucket, {}, { Effect: "Deny", Resource: `arn:aws:s3:::${Bucket}/a` });
    expect(await read(Bucket)).toEqual(denied);
    const other = await holding();
    const unknown = [{ IpAddress: { "aws:SourceIp": "127.0.0.1" } }, null, { StringEquals: null }, "always"];
    for (const Condition of unknown) {
      await policy(other, { Condition });
      expect(await read(other)).toEqual(denied);
    }
  });
  test("not everybody where public policies are restricted", async () => {
    const Bucket = await holding();
    await policy(Bucket, {});
    expect(await read(Bucket)).toBe(undefined);
    const PublicAccessBlockConfiguration = { RestrictPublicBuckets: true };
    await world.s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
    expect(await read(Bucket)).toEqual(denied);
  });
});

describe("a bucket whose requesters pay", () => {
  const RequestPayer = "requester" as const;
  async function paid(Payer: "Requester" | "BucketOwner" = "Requester"): Promise<string> {
    const Bucket = await holding("public-read", "public-read-write");
    const RequestPaymentConfiguration = { Payer };
    await world.s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration }));
    return Bucket;
  }

  test("keeps out those who do not say that they pay", async () => {
    const Bucket = await paid();
    expect([await read(Bucket), await list(Bucket), await write(Bucket), await drop(Bucket, "a")]).toEqual([
      denied,
      denied,
      denied,
      denied,
    ]);
  });
  test("lets those in who do, and tells them that they were charged", async () => {
    const Bucket = await paid();
    const got = await stranger.send(new GetObjectCommand({ Bucket, Key: "a", RequestPayer }));
    expect([await got.Body?.transformToString(), got.RequestCharged]).toEqual(["1", "requester"]);
    expect((await stranger.send(new HeadObjectCommand({ Bucket, Key: "a", RequestPayer }))).RequestCharged).toBe(
      "requester",
    );
    const put = await stranger.send(new PutObjectCommand({ Bucket, Key: "b", Body: "2", RequestPayer }));
    expect(put.RequestCharged).toBe("requester");
    expect((await stranger.send(new ListObjectsV2Command({ Bucket, RequestPayer }))).KeyCount).toBe(2);
    await stranger.send(new DeleteObjectCommand({ Bucket, Key: "b", RequestPayer }));
    const CopySource = `${Bucket}/a`;
    const Own = "requester-own";
    await stranger.send(new CreateBucketCommand({ Bucket: Own }));
    expect(await failure(stranger.send(new CopyObjectCommand({ Bucket: Own, Key: "a", CopySource })))).toEqual(denied);
    await stranger.send(new CopyObjectCommand({ Bucket: Own, Key: "a", CopySource, RequestPayer }));
  });
  test("tells it in every answer that has a place for it", async () => {
    const Bucket = await paid();
    await policy(
      Bucket,
      { Action: ["s3:*Object*", "s3:*Multipart*"] },
      { Action: "s3:ListBucket*", Resource: `arn:aws:s3:::${Bucket}` },
    );
    const ref = { Bucket, Key: "a", RequestPayer };
    const CopySource = `${Bucket}/a`;
    const { UploadId, ...begun } = await stranger.send(new CreateMultipartUploadCommand(ref));
    const part = { ...ref, UploadId, PartNumber: 1 };
    const written = await stranger.send(new UploadPartCommand({ ...part, Body: "whole" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag: written.ETag }] };
    const given = await stranger.send(new CreateMultipartUploadCommand(ref));
    const answers = [
      begun,
      written,
      await stranger.send(new UploadPartCopyCommand({ ...part, PartNumber: 2, CopySource })),
      await stranger.send(new ListPartsCommand({ ...ref, UploadId })),
      await stranger.send(new CompleteMultipartUploadCommand({ ...ref, UploadId, MultipartUpload })),
      await stranger.send(new ListMultipartUploadsCommand(ref)),
      await stranger.send(new AbortMultipartUploadCommand({ ...ref, UploadId: given.UploadId })),
      await stranger.send(new CopyObjectCommand({ ...ref, Key: "b", CopySource })),
      await stranger.send(new ListObjectsCommand(ref)),
      await stranger.send(new ListObjectsV2Command(ref)),
      await stranger.send(new ListObjectVersionsCommand(ref)),
      await stranger.send(new GetObjectAttributesCommand({ ...ref, ObjectAttributes: ["ETag"] })),
      await stranger.send(new GetObjectAclCommand(ref)),
      await stranger.send(new PutObjectAclCommand({ ...ref, ACL: "private" })),
      await stranger.send(new DeleteObjectCommand({ ...ref, Key: "b" })),
      await stranger.send(new DeleteObjectsCommand({ ...ref, Delete: { Objects: [{ Key: "b" }] } })),
    ];
    expect(answers.map(({ RequestCharged }) => RequestCharged)).toEqual(answers.map(() => "requester"));
  });
  test("asks nothing of its owner", async () => {
    const Bucket = await paid();
    const got = await world.s3.send(new GetObjectCommand({ Bucket, Key: "a", RequestPayer }));
    expect([await world.text(Bucket, "a"), got.RequestCharged]).toEqual(["1", undefined]);
  });
  test("asks nothing of anybody when its owner pays again", async () => {
    expect(await read(await paid("BucketOwner"))).toBeUndefined();
  });
});

describe("the address for far clients", () => {
  const at = (Bucket: string) =>
    world.visit(`${Bucket}.s3-accelerate.amazonaws.com`, "/a", "GET", { authorization: AUTHORIZATION });
  const set = (Bucket: string, Status: "Enabled" | "Suspended") =>
    world.s3.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status } }));

  test("serves a bucket once acceleration is enabled, and no more when it is suspended", async () => {
    const Bucket = await holding();
    expect((await at(Bucket)).body).toContain("S3 Transfer Acceleration is not configured on this bucket");
    await set(Bucket, "Enabled");
    expect((await at(Bucket)).body).toBe("1");
    await set(Bucket, "Suspended");
    expect((await at(Bucket)).body).toContain("S3 Transfer Acceleration is disabled on this bucket");
  });
  test("knows no bucket that is not there", async () => {
    expect((await at("nobody-made-it")).body).toContain("<Code>NoSuchBucket</Code>");
  });
});

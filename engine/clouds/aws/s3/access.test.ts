import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
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
    await policy(other, { Condition: { IpAddress: { "aws:SourceIp": "127.0.0.1" } } });
    expect(await read(other)).toEqual(denied);
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

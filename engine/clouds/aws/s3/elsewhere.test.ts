import { CreateBucketCommand, HeadObjectCommand, ListDirectoryBucketsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const told = ({ status, body }: { readonly status: number; readonly body: string }) => [
  status,
  /<Code>([^<]+)/.exec(body)?.[1],
  /<Message>([^<]+)/.exec(body)?.[1],
];
const absent = (what: string) => [501, "NotImplemented", `CloudStacks does not implement ${what}.`];

describe("kinds of storage that are not there are refused by name", () => {
  test("S3 on Outposts: at its hosts, before an endpoint of ours, and by its resource names", async () => {
    const outposts = absent("S3 on Outposts");
    const way = "way-111111111111.op-01ac";
    for (const host of [`${way}.s3-outposts.us-east-1.amazonaws.com`, `${way}.localhost`])
      expect(told(await world.visit(host, "/k"))).toEqual(outposts);
    const arn = encodeURIComponent("arn:aws:s3-outposts:us-east-1:111111111111:outpost/op-01ac/accesspoint/way");
    const answer = await world.raw("GET", `/${arn}/k`);
    expect(told({ status: answer.status, body: await answer.text() })).toEqual(outposts);
  });
  test("S3 Object Lambda", async () => {
    const host = "way-111111111111.s3-object-lambda.us-east-1.amazonaws.com";
    expect(told(await world.visit(host, "/k"))).toEqual(absent("S3 Object Lambda"));
  });
  test("but a bucket may be called so", async () => {
    const Bucket = "op-01ac.s3-outposts";
    await world.s3.send(new CreateBucketCommand({ Bucket }));
    await world.put(Bucket, "k", "1");
    expect(await world.text(Bucket, "k")).toBe("1");
  });
});

describe("directory buckets", () => {
  const Bucket = "near--use1-az4--x-s3";
  test("cannot be made, so that there are none", async () => {
    expect(await refusal(world.raw("PUT", `/${Bucket}`))).toEqual(["InvalidBucketName", 400]);
    const client = world.client("111111111111");
    expect((await client.send(new ListDirectoryBucketsCommand({}))).Buckets).toEqual([]);
    expect(await failure(client.send(new ListDirectoryBucketsCommand({ ContinuationToken: "x" })))).toEqual([
      "InvalidArgument",
      400,
    ]);
    const host = `${Bucket}.s3express-use1-az4.us-east-1.amazonaws.com`;
    expect(told(await world.visit(host, "/k"))).toEqual([404, "NoSuchBucket", "The specified bucket does not exist"]);
    expect((await world.visit(host, "/k")).body).toContain(`<BucketName>${Bucket}</BucketName>`);
  });
  test("have sessions and renamed objects, which nothing else has", async () => {
    const own = await world.newBucket();
    await world.put(own, "a", "1");
    for (const of of [own, Bucket]) {
      expect(await refusal(world.raw("GET", `/${of}?session`))).toEqual(["NotImplemented", 501]);
      const rename = world.raw("PUT", `/${of}/b?renameObject`, { "x-amz-rename-source": "/a" });
      expect(await refusal(rename)).toEqual(["NotImplemented", 501]);
    }
    expect(await failure(world.s3.send(new HeadObjectCommand({ Bucket: own, Key: "b" })))).toEqual(["NotFound", 404]);
  });
});

test("the encryption of an object that is there cannot be changed, which is refused by name", async () => {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", "1");
  const key = "<KMSKeyArn>arn:aws:kms:us-east-1:111111111111:key/k</KMSKeyArn>";
  const document = `<ObjectEncryption><SSE-KMS>${key}</SSE-KMS></ObjectEncryption>`;
  const answer = await world.raw("PUT", `/${Bucket}/a?encryption`, {}, document);
  expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining("s3:UpdateObjectEncryption")]);
  expect(await world.text(Bucket, "a")).toBe("1");
});

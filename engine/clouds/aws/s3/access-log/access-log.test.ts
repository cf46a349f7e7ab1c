import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetObjectAclCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketWebsiteCommand,
  PutObjectTaggingCommand,
  type LoggingEnabled,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../../testing/s3-world.ts";

const world = s3World();
const ownerId = (account: string) => createHash("sha256").update(`s3 owner ${account}`).digest("hex");
const logTo = (Bucket: string, TargetBucket: string, more: Partial<LoggingEnabled> = {}) =>
  world.s3.send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: "log/", ...more } },
    }),
  );
/** A bucket that logs into another one, both new. */
async function loggedBucket(more: Partial<LoggingEnabled> = {}) {
  const [bucket, target] = [await world.newBucket(), await world.newBucket()];
  await logTo(bucket, target, more);
  return { bucket, target };
}
async function afterSeconds(seconds: number): Promise<void> {
  world.clock.advanceSeconds(seconds);
  await world.cloud.engine.settled();
}
const logsIn = async (Bucket: string, Prefix = "log/"): Promise<string[]> =>
  ((await world.s3.send(new ListObjectsV2Command({ Bucket, Prefix }))).Contents ?? []).map(({ Key = "" }) => Key);
async function linesIn(bucket: string): Promise<string[]> {
  await afterSeconds(60);
  const texts = await Promise.all((await logsIn(bucket)).map((key) => world.text(bucket, key)));
  return texts.flatMap((text = "") => text.trimEnd().split("\n"));
}
/** The fields of a record; those in marks and brackets may hold spaces. */
const fieldsOf = (line: string): string[] => line.match(/"[^"]*"|\[[^\]]*\]|\S+/g) ?? [];
const operationsOf = (lines: readonly string[]): string[] => lines.map((line) => fieldsOf(line)[6] ?? "");

describe("a record of an access log", () => {
  test("tells of a request what AWS tells, field by field", async () => {
    const { bucket, target } = await loggedBucket();
    await world.put(bucket, "a b/ü.txt", "hello");
    const asked = await world.raw("GET", `/${bucket}/a%20b/%C3%BC.txt?x-mark=1`, {
      "user-agent": 'say "hi"',
      referer: "http://page.example/",
    });
    const requestId = asked.headers.get("x-amz-request-id");
    const [, line = ""] = await linesIn(target);
    expect(fieldsOf(line)).toEqual([
      ownerId("111111111111"),
      bucket,
      "[15/Jan/2030:10:00:00 +0000]",
      "127.0.0.1",
      ownerId("111111111111"),
      requestId,
      "REST.GET.OBJECT",
      "a%20b/%C3%BC.txt",
      `"GET /${bucket}/a%20b/%C3%BC.txt?x-mark=1 HTTP/1.1"`,
      "200",
      "-",
      "5",
      "5",
      "0",
      "0",
      '"http://page.example/"',
      '"say %22hi%22"',
      "-",
      asked.headers.get("x-amz-id-2"),
      "SigV4",
      "-",
      "AuthHeader",
      new URL(world.cloud.endpoint).host,
      "-",
      "-",
      "-",
      "-",
    ]);
  });
  test("tells what was refused, and to whom", async () => {
    const { bucket, target } = await loggedBucket();
    await failure(world.s3.send(new GetObjectCommand({ Bucket: bucket, Key: "none", VersionId: "null" })));
    await failure(world.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "none" })));
    await failure(world.client("222222222222").send(new GetObjectCommand({ Bucket: bucket, Key: "a" })));
    await world.anonymous("GET", `/${bucket}/a`);
    const told = (await linesIn(target)).map(fieldsOf).map((of) => [of[4], of[6], of[9], of[10], of[17], of[21]]);
    const own = ownerId("111111111111");
    expect(told).toEqual([
      [own, "REST.GET.OBJECT", "404", "NoSuchVersion", "null", "AuthHeader"],
      [own, "REST.HEAD.OBJECT", "404", "NoSuchKey", "-", "AuthHeader"],
      [ownerId("222222222222"), "REST.GET.OBJECT", "403", "AccessDenied", "-", "AuthHeader"],
      ["-", "REST.GET.OBJECT", "403", "AccessDenied", "-", "-"],
    ]);
  });
  test("names every operation as AWS does", async () => {
    const { bucket: Bucket, target } = await loggedBucket();
    const Key = "a";
    await world.put(Bucket, Key, "12345");
    await world.s3.send(new HeadObjectCommand({ Bucket, Key }));
    await world.s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    await world.s3.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet: [] } }));
    await world.s3.send(new GetObjectAclCommand({ Bucket, Key }));
    await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    await world.s3.send(new HeadBucketCommand({ Bucket }));
    await world.s3.send(new ListObjectsV2Command({ Bucket }));
    await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
    await world.s3.send(new GetBucketAclCommand({ Bucket }));
    await world.s3.send(new GetBucketRequestPaymentCommand({ Bucket }));
    await world.s3.send(new GetBucketLoggingCommand({ Bucket }));
    await failure(world.s3.send(new GetBucketPolicyCommand({ Bucket })));
    await world.raw("OPTIONS", `/${Bucket}/a`, { origin: "http://x", "access-control-request-method": "GET" });
    expect(operationsOf(await linesIn(target))).toEqual([
      "REST.PUT.OBJECT",
      "REST.HEAD.OBJECT",
      "REST.COPY.OBJECT",
      "REST.COPY.OBJECT_GET",
      "REST.PUT.OBJECT_TAGGING",
      "REST.GET.ACL",
      "REST.POST.UPLOADS",
      "REST.POST.MULTI_OBJECT_DELETE",
      "REST.HEAD.BUCKET",
      "REST.GET.BUCKET",
      "REST.GET.BUCKETVERSIONS",
      "REST.GET.ACL",
      "REST.GET.REQUEST_PAYMENT",
      "REST.GET.LOGGING_STATUS",
      "REST.GET.BUCKETPOLICY",
      "REST.OPTIONS.PREFLIGHT",
    ]);
  });
  test("tells of copies where they come from, too", async () => {
    const { bucket, target } = await loggedBucket();
    const Bucket = await world.newBucket();
    await world.put(bucket, "a b", "1");
    await world.s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${bucket}/a%20b` }));
    await failure(world.s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${bucket}/none` })));
    const told = (await linesIn(target)).map(fieldsOf).map((of) => [of[6], of[7], of[9], of[10]]);
    expect(told.slice(1)).toEqual([
      ["REST.COPY.OBJECT_GET", "a%20b", "200", "-"],
      ["REST.COPY.OBJECT_GET", "none", "404", "NoSuchKey"],
    ]);
  });
  test("tells of visits to the bucket's website", async () => {
    const { bucket: Bucket, target } = await loggedBucket();
    await world.put(Bucket, "index.html", "home");
    const WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" } };
    await world.s3.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
    await world.visit(`${Bucket}.s3-website.localhost`, "/");
    await world.visit(`${Bucket}.s3-website.localhost`, "/lost");
    const told = (await linesIn(target)).map(fieldsOf).map((of) => [of[4], of[6], of[7], of[9], of[10], of[11]]);
    expect(told.slice(2)).toEqual([
      ["-", "WEBSITE.GET.OBJECT", "-", "200", "-", "4"],
      ["-", "WEBSITE.GET.OBJECT", "lost", "404", "NoSuchKey", expect.stringMatching(/^\d+$/)],
    ]);
  });
  test("tells through which access point a request came", async () => {
    const { bucket, target } = await loggedBucket();
    await world.put(bucket, "a", "1");
    const document =
      '<CreateAccessPointRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">'
      + `<Bucket>${bucket}</Bucket></CreateAccessPointRequest>`;
    await world.raw("PUT", "/v20180820/accesspoint/way", { "x-amz-account-id": "111111111111" }, document);
    const arn = "arn:aws:s3:us-east-1:111111111111:accesspoint/way";
    await world.visit("way-111111111111.localhost", "/a");
    const [, through = ""] = await linesIn(target);
    expect(fieldsOf(through).slice(23)).toEqual(["-", arn, "-", "-"]);
    expect(fieldsOf(through)[1]).toBe(bucket);
  });
});

describe("an access log", () => {
  test("is an object of text that comes a minute after the first request", async () => {
    const { bucket, target } = await loggedBucket();
    await world.put(bucket, "a", "1");
    await afterSeconds(59);
    expect(await logsIn(target)).toEqual([]);
    const deliveredAt = new Date(world.clock.nowMs() + 1000).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
    await afterSeconds(1);
    const [key = "", ...others] = await logsIn(target);
    expect(key).toMatch(new RegExp(`^log/${deliveredAt}-[0-9A-F]{16}$`));
    expect(others).toEqual([]);
    const { ContentType } = await world.s3.send(new HeadObjectCommand({ Bucket: target, Key: key }));
    expect(ContentType).toBe("text/plain");
    await afterSeconds(600);
    expect(await logsIn(target)).toEqual([key]);
  });
  test("has its place by account, region, bucket and day of delivery", async () => {
    const PartitionedPrefix = { PartitionDateSource: "DeliveryTime" } as const;
    const { bucket, target } = await loggedBucket({ TargetObjectKeyFormat: { PartitionedPrefix } });
    await world.put(bucket, "a", "1");
    await afterSeconds(60);
    const day = new Date(world.clock.nowMs()).toISOString().slice(0, 10);
    const folder = `log/111111111111/us-east-1/${bucket}/${day.replaceAll("-", "/")}/${day}-`;
    expect(await logsIn(target)).toEqual([expect.stringMatching(`^${folder}\\d\\d-\\d\\d-\\d\\d-[0-9A-F]{16}$`)]);
  });
  test("is one for each day of requests where days have their own folders", async () => {
    const { bucket, target } = await loggedBucket({ TargetObjectKeyFormat: { PartitionedPrefix: {} } });
    const untilMidnight = 86_400 - ((world.clock.nowMs() / 1000) % 86_400);
    await afterSeconds(untilMidnight - 30);
    const dayAfter = (ms: number) => new Date(world.clock.nowMs() + ms).toISOString().slice(0, 10);
    const [today, tomorrow] = [dayAfter(0), dayAfter(86_400_000)];
    await world.put(bucket, "a", "1");
    world.clock.advanceSeconds(40);
    await world.put(bucket, "b", "1");
    await afterSeconds(20);
    const places = [today, tomorrow].map((day) => `${day.replaceAll("-", "/")}/${day}-00-00-00`);
    const keys = await logsIn(target);
    expect(keys.map((key) => key.slice(`log/111111111111/us-east-1/${bucket}/`.length, -17))).toEqual(places);
    const texts = await Promise.all(keys.map((key) => world.text(target, key)));
    expect(texts.map((text = "") => fieldsOf(text)[7])).toEqual(["a", "b"]);
  });
  test("is refused a form of keys that S3 does not have, and a prefix that leaves no room for the rest", async () => {
    const [bucket, target] = [await world.newBucket(), await world.newBucket()];
    const of = (more: Partial<LoggingEnabled>) => failure(logTo(bucket, target, more));
    const both = { SimplePrefix: {}, PartitionedPrefix: {} };
    const unknown = { PartitionedPrefix: { PartitionDateSource: "Whenever" as "EventTime" } };
    expect(await of({ TargetObjectKeyFormat: both })).toEqual(["MalformedXML", 400]);
    expect(await of({ TargetObjectKeyFormat: unknown })).toEqual(["MalformedXML", 400]);
    expect(await of({ TargetPrefix: "é".repeat(401) })).toEqual(["InvalidArgument", 400]);
    expect(await of({ TargetPrefix: "é".repeat(400) })).toBeUndefined();
  });
  test("has a record of every one of many requests at once", async () => {
    const { bucket, target } = await loggedBucket();
    const keys = Array.from({ length: 250 }, (_, i) => `k${i}`);
    await Promise.all(keys.map((key) => world.raw("HEAD", `/${bucket}/${key}`, { "user-agent": "x".repeat(600) })));
    const lines = await linesIn(target);
    expect(lines.map((line) => fieldsOf(line)[7]).sort()).toEqual(keys.sort());
    expect((await logsIn(target)).length).toBeGreaterThan(1);
  });
  test("ends with its configuration, and misses nothing from before", async () => {
    const { bucket, target } = await loggedBucket();
    await world.put(bucket, "a", "1");
    await world.s3.send(new PutBucketLoggingCommand({ Bucket: bucket, BucketLoggingStatus: {} }));
    await world.put(bucket, "b", "1");
    expect((await linesIn(target)).map((line) => fieldsOf(line)[7])).toEqual(["a"]);
  });
  test("of a bucket that has gone still comes, unless its target has gone too", async () => {
    const { bucket, target } = await loggedBucket();
    await world.s3.send(new HeadBucketCommand({ Bucket: bucket }));
    await world.s3.send(new DeleteBucketCommand({ Bucket: bucket }));
    expect(operationsOf(await linesIn(target))).toEqual(["REST.HEAD.BUCKET"]);
    await world.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const lost = await world.newBucket();
    await logTo(bucket, lost);
    await world.s3.send(new HeadBucketCommand({ Bucket: bucket }));
    await world.s3.send(new DeleteBucketCommand({ Bucket: lost }));
    await afterSeconds(60);
    await world.s3.send(new CreateBucketCommand({ Bucket: lost }));
    expect(await linesIn(lost)).toEqual([]);
  });
  test("of a bucket that logs into itself has its own requests, not its deliveries", async () => {
    const bucket = await world.newBucket();
    await logTo(bucket, bucket);
    await world.put(bucket, "a", "1");
    await afterSeconds(60);
    await afterSeconds(60);
    expect((await logsIn(bucket)).length).toBe(1);
  });
  test("belongs also to whom its configuration grants it, where the target takes access control lists", async () => {
    const bucket = await world.newBucket();
    const closed = await world.newBucket();
    const grantee = { Type: "CanonicalUser", ID: ownerId("222222222222") } as const;
    const TargetGrants = [{ Grantee: grantee, Permission: "READ" as const }];
    expect(await failure(logTo(bucket, closed, { TargetGrants }))).toEqual(["AccessControlListNotSupported", 400]);
    const OwnershipControls = { Rules: [{ ObjectOwnership: "ObjectWriter" as const }] };
    await world.s3.send(new PutBucketOwnershipControlsCommand({ Bucket: closed, OwnershipControls }));
    await logTo(bucket, closed, { TargetGrants });
    await world.put(bucket, "a", "1");
    await afterSeconds(60);
    const [Key] = await logsIn(closed);
    const { Grants } = await world.s3.send(new GetObjectAclCommand({ Bucket: closed, Key }));
    expect(Grants).toEqual([{ Grantee: grantee, Permission: "READ" }]);
    const everybody = { Type: "Group", URI: "http://acs.amazonaws.com/groups/global/AllUsers" } as const;
    await logTo(bucket, closed, { TargetPrefix: "open/", TargetGrants: [{ Grantee: everybody, Permission: "READ" }] });
    await world.put(bucket, "b", "1");
    await afterSeconds(60);
    const [blocked] = await logsIn(closed, "open/");
    const kept = await world.s3.send(new GetObjectAclCommand({ Bucket: closed, Key: blocked }));
    expect(kept.Grants?.map(({ Grantee }) => Grantee?.ID)).toEqual([ownerId("111111111111")]);
  });
});

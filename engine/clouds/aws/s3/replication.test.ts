import {
  DeleteBucketReplicationCommand,
  DeleteObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectLegalHoldCommand,
  PutObjectTaggingCommand,
  type ReplicationRule,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const Role = "arn:aws:iam::111111111111:role/replication";
const replicate = (Bucket: string, ...Rules: ReplicationRule[]) =>
  world.s3.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration: { Role, Rules } }));
const ruleTo = (target: string, more: Partial<ReplicationRule> = {}): ReplicationRule => ({
  ID: "all",
  Priority: 1,
  Status: "Enabled",
  Filter: { Prefix: "" },
  DeleteMarkerReplication: { Status: "Enabled" },
  Destination: { Bucket: `arn:aws:s3:::${target}` },
  ...more,
});
async function pair(more: Partial<ReplicationRule> = {}): Promise<[from: string, to: string]> {
  const [from, to] = [await world.versionedBucket(), await world.versionedBucket()];
  await replicate(from, ruleTo(to, more));
  return [from, to];
}
const head = (Bucket: string, Key: string) => world.s3.send(new HeadObjectCommand({ Bucket, Key }));
const versionsOf = async (Bucket: string) => {
  const { Versions = [], DeleteMarkers = [] } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map((one) => one.VersionId).sort();
};
const settled = () => world.cloud.engine.settled();

describe("a replicated bucket", () => {
  test("has every new version in the other bucket, under the same id", async () => {
    const [from, to] = await pair();
    const { VersionId } = await world.put(from, "a", "1", { Metadata: { m: "1" }, Tagging: "k=v" });
    await world.put(from, "large", "x".repeat(100_000));
    await settled();
    expect(await world.text(to, "a")).toBe("1");
    expect((await world.text(to, "large"))?.length).toBe(100_000);
    const [source, copy] = [await head(from, "a"), await head(to, "a")];
    expect([source.ReplicationStatus, copy.ReplicationStatus]).toEqual(["COMPLETED", "REPLICA"]);
    expect([copy.VersionId, copy.Metadata, copy.ETag]).toEqual([VersionId, { m: "1" }, source.ETag]);
  });
  test("has its delete markers there too, where the rule says so", async () => {
    const [from, to] = await pair();
    await world.put(from, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket: from, Key: "a" }));
    await settled();
    expect(await versionsOf(to)).toEqual(await versionsOf(from));
    expect(await failure(world.text(to, "a"))).toEqual(["NoSuchKey", 404]);
    const [plain, other] = await pair({ DeleteMarkerReplication: { Status: "Disabled" } });
    await world.put(plain, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket: plain, Key: "a" }));
    await settled();
    expect(await world.text(other, "a")).toBe("1");
  });
  test("replicates what the filter names, into the class the rule names", async () => {
    const [from, to] = await pair({
      Filter: { And: { Prefix: "in/", Tags: [{ Key: "copy", Value: "yes" }] } },
      DeleteMarkerReplication: { Status: "Disabled" },
    });
    await world.put(from, "in/a", "1", { Tagging: "copy=yes" });
    await world.put(from, "in/b", "1");
    await world.put(from, "out/a", "1", { Tagging: "copy=yes" });
    await settled();
    expect(await versionsOf(to)).toHaveLength(1);
    expect((await head(from, "in/b")).ReplicationStatus).toBe(undefined);
    const cold = await world.versionedBucket();
    const Destination = { Bucket: `arn:aws:s3:::${cold}`, StorageClass: "STANDARD_IA" as const };
    await replicate(from, ruleTo(cold, { Destination }));
    await world.put(from, "c", "1");
    await settled();
    expect((await head(cold, "c")).StorageClass).toBe("STANDARD_IA");
  });
  test("has sealed objects that each bucket can open", async () => {
    const [from, to] = await pair();
    await world.put(from, "b", "y".repeat(200_000), { ServerSideEncryption: "AES256" });
    await settled();
    expect((await world.text(to, "b"))?.length).toBe(200_000);
  });
  test("has what is encrypted under a key only where the rule names the key of the copies", async () => {
    const SourceSelectionCriteria = { SseKmsEncryptedObjects: { Status: "Enabled" } } as const;
    const [from, to] = await pair();
    const other = await world.versionedBucket();
    const Destination = { Bucket: `arn:aws:s3:::${other}`, EncryptionConfiguration: { ReplicaKmsKeyID: "theirs" } };
    const keyed = ruleTo(other, { ID: "keyed", Priority: 2, SourceSelectionCriteria, Destination });
    await replicate(from, ruleTo(to), keyed);
    await world.put(from, "a", "secret", { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "ours" });
    await settled();
    expect(await versionsOf(to)).toEqual([]);
    expect(await world.text(other, "a")).toBe("secret");
    const [source, copy] = [await head(from, "a"), await head(other, "a")];
    expect([source.SSEKMSKeyId, copy.SSEKMSKeyId]).toEqual(["ours", "theirs"]);
    expect(await failure(replicate(from, ruleTo(to, { SourceSelectionCriteria })))).toEqual(["InvalidRequest", 400]);
  });
  test("keeps its copies apart: what is deleted by version here stays there", async () => {
    const [from, to] = await pair();
    const { VersionId } = await world.put(from, "a", "x".repeat(100_000));
    await settled();
    await world.s3.send(new DeleteObjectCommand({ Bucket: from, Key: "a", VersionId: VersionId ?? "" }));
    await settled();
    expect((await world.text(to, "a"))?.length).toBe(100_000);
  });
  test("has later changes of tags, lists and locks on its copies, and on nothing that was not copied", async () => {
    const lockable = () => world.newBucket({ ObjectLockEnabledForBucket: true });
    const [from, to] = [await lockable(), await lockable()];
    await world.put(from, "early", "1");
    await replicate(from, ruleTo(to));
    await world.put(from, "a", "1", { Tagging: "k=1" });
    await settled();
    const Tagging = { TagSet: [{ Key: "k", Value: "2" }] };
    const tag = (Key: string) => world.s3.send(new PutObjectTaggingCommand({ Bucket: from, Key, Tagging }));
    await tag("a");
    await tag("early");
    await world.s3.send(new PutObjectLegalHoldCommand({ Bucket: from, Key: "a", LegalHold: { Status: "ON" } }));
    await settled();
    const { TagSet } = await world.s3.send(new GetObjectTaggingCommand({ Bucket: to, Key: "a" }));
    expect(TagSet).toEqual(Tagging.TagSet);
    const copy = await head(to, "a");
    expect([copy.ObjectLockLegalHoldStatus, copy.ReplicationStatus]).toEqual(["ON", "REPLICA"]);
    expect((await head(from, "a")).ReplicationStatus).toBe("COMPLETED");
    expect(await failure(head(to, "early"))).toEqual(["NotFound", 404]);
  });
  test("tells a queue of copies that cannot be made, where its rule measures", async () => {
    const Metrics = { Status: "Enabled" } as const;
    const [from, to] = [await world.versionedBucket(), await world.versionedBucket()];
    await replicate(from, ruleTo(to, { Destination: { Bucket: `arn:aws:s3:::${to}`, Metrics } }));
    const queues = new SQSClient(world.cloud.aws());
    const { QueueUrl = "" } = await queues.send(new CreateQueueCommand({ QueueName: "failures" }));
    await world.s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: from,
        SkipDestinationValidation: true,
        NotificationConfiguration: {
          QueueConfigurations: [
            { QueueArn: "arn:aws:sqs:us-east-1:111111111111:failures", Events: ["s3:Replication:*"] },
          ],
        },
      }),
    );
    await world.s3.send(
      new PutBucketVersioningCommand({ Bucket: to, VersioningConfiguration: { Status: "Suspended" } }),
    );
    await world.put(from, "a", "1");
    await settled();
    expect((await head(from, "a")).ReplicationStatus).toBe("FAILED");
    const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    queues.destroy();
    const news = Messages.map(({ Body = "" }) => JSON.parse(Body) as { Records?: readonly object[] });
    expect(news.flatMap(({ Records = [] }) => Records)).toMatchObject([
      {
        eventVersion: "2.2",
        eventName: "Replication:OperationFailedReplication",
        s3: { object: { key: "a" } },
        replicationEventData: {
          replicationRuleId: "all",
          destinationBucket: `arn:aws:s3:::${to}`,
          s3Operation: "OBJECT_PUT",
          requestTime: "2030-01-15T10:00:00.000Z",
          failureReason: "DstBucketUnversioned",
        },
      },
    ]);
  });
  test("keeps its versions while it is replicated", async () => {
    const [from] = await pair();
    const VersioningConfiguration = { Status: "Suspended" } as const;
    const suspend = () => world.s3.send(new PutBucketVersioningCommand({ Bucket: from, VersioningConfiguration }));
    expect(await failure(suspend())).toEqual(["InvalidBucketState", 409]);
    await world.s3.send(new DeleteBucketReplicationCommand({ Bucket: from }));
    await suspend();
  });
  test("does not pass replicas on", async () => {
    const [from, middle] = await pair();
    const last = await world.versionedBucket();
    await replicate(middle, ruleTo(last));
    await world.put(from, "a", "1");
    await settled();
    expect([await versionsOf(middle), await versionsOf(last)].map((all) => all.length)).toEqual([1, 0]);
  });
});

describe("a replication configuration", () => {
  test("needs versions on both sides", async () => {
    const [plain, versioned] = [await world.newBucket(), await world.versionedBucket()];
    expect(await failure(replicate(plain, ruleTo(versioned)))).toEqual(["InvalidRequest", 400]);
    expect(await failure(replicate(versioned, ruleTo(plain)))).toEqual(["InvalidRequest", 400]);
    expect(await failure(replicate(versioned, ruleTo("nowhere-at-all")))).toEqual(["InvalidRequest", 400]);
  });
  test.each<[string, Partial<ReplicationRule>]>([
    ["Priority must be specified", { Priority: undefined }],
    ["DeleteMarkerReplication must be specified", { DeleteMarkerReplication: undefined }],
    ["Priority cannot be used", { Filter: undefined, Prefix: "" }],
    ["DeleteMarkerReplication cannot be used", { Filter: undefined, Prefix: "", Priority: undefined }],
    ["Delete marker replication is not supported if any Tag filter", { Filter: { Tag: { Key: "k", Value: "v" } } }],
  ])("of one form: %s", async (message, more) => {
    const [from, to] = [await world.versionedBucket(), await world.versionedBucket()];
    await expect(replicate(from, ruleTo(to, more))).rejects.toThrow(message);
  });
  test("names a class that there is", async () => {
    const [from, to] = [await world.versionedBucket(), await world.versionedBucket()];
    const Destination = { Bucket: `arn:aws:s3:::${to}`, StorageClass: "COLD" as "GLACIER" };
    expect(await failure(replicate(from, ruleTo(to, { Destination })))).toEqual(["MalformedXML", 400]);
  });
});

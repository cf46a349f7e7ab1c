import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  type ReplicationRule,
} from "@aws-sdk/client-s3";
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
});

import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectLegalHoldCommand,
  GetObjectLockConfigurationCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  PutObjectRetentionCommand,
  type ObjectLockRetention,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(world.clock.nowMs() + days * DAY_MS);
const locked = () => world.newBucket({ ObjectLockEnabledForBucket: true });
const drop = (Bucket: string, VersionId: string | undefined, more: object = {}) =>
  world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId, ...more }));
const retain = (Bucket: string, Retention: ObjectLockRetention | undefined, more: object = {}) =>
  world.s3.send(new PutObjectRetentionCommand({ Bucket, Key: "a", Retention, ...more }));

describe("a retained version", () => {
  test("is not deleted before its time, and can be hidden meanwhile", async () => {
    const Bucket = await locked();
    const { VersionId } = await world.put(Bucket, "a", "1", {
      ObjectLockMode: "COMPLIANCE",
      ObjectLockRetainUntilDate: inDays(1),
    });
    expect(await failure(drop(Bucket, VersionId))).toEqual(["AccessDenied", 403]);
    expect(await failure(drop(Bucket, VersionId, { BypassGovernanceRetention: true }))).toEqual(["AccessDenied", 403]);
    expect((await drop(Bucket, undefined)).DeleteMarker).toBe(true);
    world.clock.advanceSeconds(86_401);
    await drop(Bucket, VersionId);
  });
  test("under governance is deleted by those who bypass it", async () => {
    const Bucket = await locked();
    const { VersionId } = await world.put(Bucket, "a", "1", {
      ObjectLockMode: "GOVERNANCE",
      ObjectLockRetainUntilDate: inDays(1),
    });
    expect(await failure(drop(Bucket, VersionId))).toEqual(["AccessDenied", 403]);
    await drop(Bucket, VersionId, { BypassGovernanceRetention: true });
  });
  test("is told by GET and HEAD", async () => {
    const Bucket = await locked();
    const until = inDays(2);
    await world.put(Bucket, "a", "1", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: until });
    const told = await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect([told.ObjectLockMode, told.ObjectLockRetainUntilDate]).toEqual(["GOVERNANCE", until]);
    const { Retention } = await world.s3.send(new GetObjectRetentionCommand({ Bucket, Key: "a" }));
    expect(Retention).toEqual({ Mode: "GOVERNANCE", RetainUntilDate: until });
  });
  test("comes with a digest of what it is, in one piece or in parts", async () => {
    const Bucket = await locked();
    const held = { "x-amz-object-lock-legal-hold": "ON" };
    const undigested = ["InvalidRequest", 400];
    expect(await refusal(world.raw("PUT", `/${Bucket}/a`, held, "1"))).toEqual(undigested);
    const digest = { "content-md5": "xMpCOKC5I4INzFCab3WEmw==" };
    expect((await world.raw("PUT", `/${Bucket}/a`, { ...held, ...digest }, "1")).status).toBe(200);
    const begun = await (await world.raw("POST", `/${Bucket}/b?uploads`, held)).text();
    const query = `partNumber=1&uploadId=${/<UploadId>([^<]+)/.exec(begun)?.[1]}`;
    expect(await refusal(world.raw("PUT", `/${Bucket}/b?${query}`, {}, "1"))).toEqual(undigested);
    expect((await world.raw("PUT", `/${Bucket}/b?${query}`, digest, "1")).status).toBe(200);
    const DefaultRetention = { Mode: "GOVERNANCE", Days: 1 } as const;
    await world.s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
      }),
    );
    expect(await refusal(world.raw("PUT", `/${Bucket}/c`, {}, "1"))).toEqual(undigested);
  });
  test("can be retained longer, not shorter, and under compliance not otherwise", async () => {
    const Bucket = await locked();
    await world.put(Bucket, "a", "1", { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: inDays(2) });
    await retain(Bucket, { Mode: "COMPLIANCE", RetainUntilDate: inDays(3) });
    expect(await failure(retain(Bucket, { Mode: "COMPLIANCE", RetainUntilDate: inDays(1) }))).toEqual([
      "AccessDenied",
      403,
    ]);
    const bypass = { BypassGovernanceRetention: true };
    expect(await failure(retain(Bucket, { Mode: "GOVERNANCE", RetainUntilDate: inDays(9) }, bypass))).toEqual([
      "AccessDenied",
      403,
    ]);
  });
  test("under governance is released by those who bypass it", async () => {
    const Bucket = await locked();
    await world.put(Bucket, "a", "1", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(2) });
    expect(await failure(retain(Bucket, {}))).toEqual(["AccessDenied", 403]);
    await retain(Bucket, {}, { BypassGovernanceRetention: true });
    expect(await failure(world.s3.send(new GetObjectRetentionCommand({ Bucket, Key: "a" })))).toEqual([
      "NoSuchObjectLockConfiguration",
      404,
    ]);
  });
  test("cannot be retained until a time that is over, by half, or in a bucket without locks", async () => {
    const Bucket = await locked();
    await world.put(Bucket, "a", "1");
    expect(await failure(retain(Bucket, { Mode: "GOVERNANCE", RetainUntilDate: inDays(-1) }))).toEqual([
      "InvalidArgument",
      400,
    ]);
    expect(await failure(retain(Bucket, { Mode: "GOVERNANCE" }))).toEqual(["MalformedXML", 400]);
    expect(await failure(retain(Bucket, { Mode: "FOREVER" as "GOVERNANCE", RetainUntilDate: inDays(1) }))).toEqual([
      "MalformedXML",
      400,
    ]);
    const open = await world.newBucket();
    await world.put(open, "a", "1");
    expect(await failure(retain(open, { Mode: "GOVERNANCE", RetainUntilDate: inDays(1) }))).toEqual([
      "InvalidRequest",
      400,
    ]);
    expect(
      await failure(
        world.put(open, "a", "1", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) }),
      ),
    ).toEqual(["InvalidRequest", 400]);
  });
  test("stops only its own deletion among many", async () => {
    const Bucket = await locked();
    const kept = await world.put(Bucket, "a", "1", {
      ObjectLockMode: "GOVERNANCE",
      ObjectLockRetainUntilDate: inDays(1),
    });
    const { VersionId } = await world.put(Bucket, "b", "1");
    const Objects = [
      { Key: "a", VersionId: kept.VersionId },
      { Key: "b", VersionId },
    ];
    const { Deleted, Errors } = await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    expect([Deleted?.map(({ Key }) => Key), Errors?.map(({ Key, Code }) => [Key, Code])]).toEqual([
      ["b"],
      [["a", "AccessDenied"]],
    ]);
  });
});

describe("a legal hold", () => {
  const hold = (Bucket: string, Status: "ON" | "OFF") =>
    world.s3.send(new PutObjectLegalHoldCommand({ Bucket, Key: "a", LegalHold: { Status } }));
  test("stops a deletion until it is taken off", async () => {
    const Bucket = await locked();
    const { VersionId } = await world.put(Bucket, "a", "1");
    await hold(Bucket, "ON");
    expect((await world.s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: "a" }))).LegalHold?.Status).toBe("ON");
    expect(await failure(drop(Bucket, VersionId, { BypassGovernanceRetention: true }))).toEqual(["AccessDenied", 403]);
    await hold(Bucket, "OFF");
    await drop(Bucket, VersionId);
  });
  test("is ON or OFF, and only where there are locks", async () => {
    const [Bucket, open] = [await locked(), await world.newBucket()];
    await world.put(Bucket, "a", "1");
    await world.put(open, "a", "1");
    expect(await failure(hold(Bucket, "MAYBE" as "ON"))).toEqual(["MalformedXML", 400]);
    expect(await failure(hold(open, "ON"))).toEqual(["InvalidRequest", 400]);
    const held = world.put(Bucket, "b", "1", { ObjectLockLegalHoldStatus: "MAYBE" as "ON" });
    expect(await failure(held)).toEqual(["InvalidArgument", 400]);
    expect(await failure(world.s3.send(new GetObjectLegalHoldCommand({ Bucket, Key: "a" })))).toEqual([
      "NoSuchObjectLockConfiguration",
      404,
    ]);
  });
});

describe("a bucket's object lock", () => {
  const configure = (Bucket: string, DefaultRetention: object) =>
    world.s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } },
      }),
    );
  test("retains new versions by default", async () => {
    const Bucket = await locked();
    await configure(Bucket, { Mode: "GOVERNANCE", Days: 2 });
    const { VersionId } = await world.put(Bucket, "a", "1");
    expect(await failure(drop(Bucket, VersionId))).toEqual(["AccessDenied", 403]);
    const told = await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect(told.ObjectLockRetainUntilDate).toEqual(inDays(2));
    const { ObjectLockConfiguration } = await world.s3.send(new GetObjectLockConfigurationCommand({ Bucket }));
    expect(ObjectLockConfiguration).toEqual({
      ObjectLockEnabled: "Enabled",
      Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 2 } },
    });
  });
  test("takes days or years, more than none", async () => {
    const Bucket = await locked();
    await configure(Bucket, { Mode: "COMPLIANCE", Years: 1 });
    expect(await failure(configure(Bucket, { Mode: "GOVERNANCE", Days: 1, Years: 1 }))).toEqual(["MalformedXML", 400]);
    expect(await failure(configure(Bucket, { Mode: "GOVERNANCE" }))).toEqual(["MalformedXML", 400]);
    for (const most of [{ Days: 0 }, { Days: 36_501 }, { Years: 101 }])
      expect(await failure(configure(Bucket, { Mode: "GOVERNANCE", ...most }))).toEqual(["InvalidArgument", 400]);
    const silent = new PutObjectLockConfigurationCommand({
      Bucket,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
    });
    expect(await failure(world.s3.send(silent))).toEqual(["MalformedXML", 400]);
  });
  test("needs versions, and keeps them", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(configure(Bucket, { Mode: "GOVERNANCE", Days: 1 }))).toEqual(["InvalidBucketState", 409]);
    const versions = (bucket: string, Status: "Enabled" | "Suspended") =>
      world.s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
    await versions(Bucket, "Enabled");
    await configure(Bucket, { Mode: "GOVERNANCE", Days: 1 });
    expect(await failure(versions(Bucket, "Suspended"))).toEqual(["InvalidBucketState", 409]);
  });
});

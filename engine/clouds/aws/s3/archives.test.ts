import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  RestoreObjectCommand,
  type RestoreRequest,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const restore = (Bucket: string, RestoreRequest: RestoreRequest) =>
  world.s3.send(new RestoreObjectCommand({ Bucket, Key: "a", RestoreRequest }));
async function archived(StorageClass = "GLACIER"): Promise<string> {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", "1", { StorageClass });
  return Bucket;
}

describe("an archived object", () => {
  test.each(["GLACIER", "DEEP_ARCHIVE"])("in %s is told of and not read", async (StorageClass) => {
    const Bucket = await archived(StorageClass);
    expect((await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }))).StorageClass).toBe(StorageClass);
    expect(await failure(world.s3.send(new GetObjectCommand({ Bucket, Key: "a" })))).toEqual([
      "InvalidObjectState",
      403,
    ]);
  });
  test("in GLACIER_IR is read at once", async () => {
    expect(await world.text(await archived("GLACIER_IR"), "a")).toBe("1");
  });
  test("is not copied", async () => {
    const Bucket = await archived();
    const copy = world.s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
    expect((await failure(copy))?.[1]).toBe(403);
  });
  test("is read for as many days as it is restored", async () => {
    const Bucket = await archived();
    const begun = await restore(Bucket, { Days: 2, GlacierJobParameters: { Tier: "Standard" } });
    expect(begun.$metadata.httpStatusCode).toBe(202);
    expect((await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }))).Restore).toMatch(
      /^ongoing-request="false", expiry-date="\w{3}, \d\d \w{3} 2030 00:00:00 GMT"$/,
    );
    expect(await world.text(Bucket, "a")).toBe("1");
    expect((await restore(Bucket, { Days: 1 })).$metadata.httpStatusCode).toBe(200);
    world.clock.advanceSeconds(3 * 86_400);
    expect((await failure(world.text(Bucket, "a")))?.[0]).toBe("InvalidObjectState");
    expect((await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }))).Restore).toBe(undefined);
  });
  test("tells in lists until when it can be read, where that is asked", async () => {
    const Bucket = await archived();
    await world.put(Bucket, "b", "1", { StorageClass: "GLACIER" });
    await restore(Bucket, { Days: 2 });
    const day = 86_400_000;
    const RestoreExpiryDate = new Date(Math.ceil(world.clock.nowMs() / day + 2) * day);
    const asked = { Bucket, OptionalObjectAttributes: ["RestoreStatus" as const] };
    const told = { IsRestoreInProgress: false, RestoreExpiryDate };
    const statusesIn = (list: readonly { RestoreStatus?: object | undefined }[] = []) =>
      list.map(({ RestoreStatus }) => RestoreStatus);
    const list = async (more: object) =>
      statusesIn((await world.s3.send(new ListObjectsV2Command({ Bucket, ...more }))).Contents);
    expect(await list({})).toEqual([undefined, undefined]);
    expect(await list(asked)).toEqual([told, undefined]);
    expect(statusesIn((await world.s3.send(new ListObjectsCommand(asked))).Contents)).toEqual([told, undefined]);
    const { Versions } = await world.s3.send(new ListObjectVersionsCommand(asked));
    expect(statusesIn(Versions)).toEqual([told, undefined]);
    world.clock.advanceSeconds(3 * 86_400);
    expect(await list(asked)).toEqual([undefined, undefined]);
    expect(await failure(list({ OptionalObjectAttributes: ["Colour"] }))).toEqual(["InvalidArgument", 400]);
  });
  test("is restored for at least a day, in a tier that S3 has", async () => {
    const Bucket = await archived();
    expect(await failure(restore(Bucket, { Days: 0 }))).toEqual(["MalformedXML", 400]);
    const Tier = "Whenever" as "Standard";
    expect(await failure(restore(Bucket, { Days: 1, GlacierJobParameters: { Tier } }))).toEqual(["MalformedXML", 400]);
  });
});

test("an object that is not archived is not restored", async () => {
  const Bucket = await world.newBucket();
  await world.put(Bucket, "a", "1");
  expect((await failure(restore(Bucket, { Days: 1 })))?.[1]).toBe(403);
});

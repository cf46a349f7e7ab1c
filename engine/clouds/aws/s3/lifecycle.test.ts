import {
  CreateMultipartUploadCommand,
  DeleteBucketLifecycleCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  type LifecycleRule,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const DAY_SECONDS = 86_400;
const rules = (Bucket: string, ...Rules: LifecycleRule[]) =>
  world.s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
const everything = { ID: "rule", Status: "Enabled", Filter: { Prefix: "" } } as const;

async function afterDays(days: number): Promise<void> {
  world.clock.advanceSeconds(days * DAY_SECONDS);
  await world.cloud.engine.settled();
}
const keysOf = async (Bucket: string) =>
  ((await world.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map((one) => one.Key);
const versionsOf = async (Bucket: string) => {
  const { Versions = [], DeleteMarkers = [] } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
  return [Versions.length, DeleteMarkers.length];
};

describe("an expiration", () => {
  test("deletes what is older than its days, at midnight", async () => {
    const Bucket = await world.newBucket();
    await rules(Bucket, { ...everything, Expiration: { Days: 2 } });
    await world.put(Bucket, "old", "1");
    await afterDays(1);
    await world.put(Bucket, "young", "1");
    await afterDays(1);
    expect(await keysOf(Bucket)).toEqual(["old", "young"]);
    await afterDays(1);
    expect(await keysOf(Bucket)).toEqual(["young"]);
  });
  test("is told beforehand", async () => {
    const Bucket = await world.newBucket();
    await rules(Bucket, { ...everything, ID: "two days", Expiration: { Days: 2 } });
    const now = world.clock.nowMs();
    const midnight = new Date((Math.floor(now / 86_400_000) + 3) * 86_400_000).toUTCString();
    await world.put(Bucket, "a", "1");
    const told = await world.s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
    expect(told.Expiration).toBe(`expiry-date="${midnight}", rule-id="two%20days"`);
  });
  test("at a date deletes everything from that day on", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const day = new Date((Math.floor(world.clock.nowMs() / 86_400_000) + 2) * 86_400_000);
    await rules(Bucket, { ...everything, Expiration: { Date: day } });
    await afterDays(1);
    expect(await keysOf(Bucket)).toEqual(["a"]);
    await afterDays(1);
    expect(await keysOf(Bucket)).toEqual([]);
  });
  test("chooses by prefix, tag and size", async () => {
    const Bucket = await world.newBucket();
    const Expiration = { Days: 1 };
    await rules(
      Bucket,
      { ID: "a", Status: "Enabled", Filter: { Prefix: "logs/" }, Expiration },
      { ID: "b", Status: "Enabled", Filter: { Tag: { Key: "keep", Value: "no" } }, Expiration },
      { ID: "c", Status: "Enabled", Filter: { ObjectSizeGreaterThan: 10 }, Expiration },
      {
        ID: "d",
        Status: "Enabled",
        Filter: { And: { Prefix: "tmp/", Tags: [{ Key: "x", Value: "y" }], ObjectSizeLessThan: 3 } },
        Expiration,
      },
    );
    await world.put(Bucket, "logs/a", "1");
    await world.put(Bucket, "tagged", "1", { Tagging: "keep=no" });
    await world.put(Bucket, "kept", "1", { Tagging: "keep=yes" });
    await world.put(Bucket, "large", "12345678901");
    await world.put(Bucket, "tmp/gone", "1", { Tagging: "x=y" });
    await world.put(Bucket, "tmp/kept", "123", { Tagging: "x=y" });
    await afterDays(2);
    expect(await keysOf(Bucket)).toEqual(["kept", "tmp/kept"]);
  });
  test("of a disabled rule, or of one that is gone, deletes nothing", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    await rules(Bucket, { ...everything, Status: "Disabled", Expiration: { Days: 1 } });
    await afterDays(3);
    await rules(Bucket, { ...everything, Expiration: { Days: 1 } });
    await world.s3.send(new DeleteBucketLifecycleCommand({ Bucket }));
    await afterDays(3);
    expect(await keysOf(Bucket)).toEqual(["a"]);
  });
  test("hides the object behind a marker where versions are kept", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    await rules(Bucket, { ...everything, Expiration: { Days: 1 } });
    await afterDays(2);
    expect([await keysOf(Bucket), await versionsOf(Bucket)]).toEqual([[], [1, 1]]);
  });
  test("goes through more objects than one transaction takes", async () => {
    const Bucket = await world.newBucket();
    await Promise.all(Array.from({ length: 450 }, (_, at) => world.put(Bucket, `k${at}`, "1")));
    await rules(Bucket, { ...everything, Expiration: { Days: 1 } });
    await afterDays(2);
    expect(await keysOf(Bucket)).toEqual([]);
  });
});

describe("older versions", () => {
  test("expire by the days since a later one came", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    await afterDays(5);
    await world.put(Bucket, "a", "2");
    await rules(Bucket, { ...everything, NoncurrentVersionExpiration: { NoncurrentDays: 2 } });
    await afterDays(1);
    expect(await versionsOf(Bucket)).toEqual([2, 0]);
    await afterDays(2);
    expect(await versionsOf(Bucket)).toEqual([1, 0]);
    expect(await world.text(Bucket, "a")).toBe("2");
  });
  test("stay in the number that is to be kept", async () => {
    const Bucket = await world.versionedBucket();
    for (const body of ["1", "2", "3", "4"]) await world.put(Bucket, "a", body);
    await rules(Bucket, {
      ...everything,
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 2 },
    });
    await afterDays(3);
    expect(await versionsOf(Bucket)).toEqual([3, 0]);
  });
  test("leave a marker behind that goes when nothing is left for it to hide", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await rules(
      Bucket,
      { ...everything, ID: "a", NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
      { ...everything, ID: "b", Expiration: { ExpiredObjectDeleteMarker: true } },
    );
    await afterDays(2);
    await afterDays(1);
    expect(await versionsOf(Bucket)).toEqual([0, 0]);
  });
});

describe("a transition", () => {
  test("moves large objects into another class, and small ones where the rule speaks of sizes", async () => {
    const Bucket = await world.newBucket();
    const Transitions = [
      { Days: 30, StorageClass: "STANDARD_IA" as const },
      { Days: 60, StorageClass: "GLACIER" as const },
    ];
    await rules(Bucket, { ...everything, Transitions });
    await world.put(Bucket, "large", "x".repeat(128 * 1024));
    await world.put(Bucket, "small", "x");
    const classes = async () =>
      ((await world.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map((one) => one.StorageClass);
    await afterDays(31);
    expect(await classes()).toEqual(["STANDARD_IA", "STANDARD"]);
    await afterDays(30);
    expect(await classes()).toEqual(["GLACIER", "STANDARD"]);
    await rules(Bucket, { ID: "s", Status: "Enabled", Filter: { ObjectSizeLessThan: 9 }, Transitions });
    await afterDays(1);
    expect(await classes()).toEqual(["GLACIER", "GLACIER"]);
  });
});

describe("uploads that nobody completes", () => {
  test("are given up after their days, which is told at their beginning", async () => {
    const Bucket = await world.newBucket();
    await rules(Bucket, { ...everything, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } });
    const { AbortDate, AbortRuleId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
    expect(AbortRuleId).toBe("rule");
    expect((AbortDate?.getTime() ?? 0) % 86_400_000).toBe(0);
    const count = async () => (await world.s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
    await afterDays(3);
    expect(await count()).toBe(1);
    await afterDays(1);
    expect(await count()).toBe(0);
  });
});

describe("a lifecycle configuration", () => {
  const refused = async (rule: Partial<LifecycleRule>) => {
    const Bucket = await world.newBucket();
    return failure(rules(Bucket, { ...everything, ...rule } as LifecycleRule));
  };
  test("comes back as it was given", async () => {
    const Bucket = await world.newBucket();
    const rule: LifecycleRule = { ...everything, Filter: { Prefix: "a/" }, Expiration: { Days: 7 } };
    await rules(Bucket, rule);
    const told = await world.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect([told.Rules, told.TransitionDefaultMinimumObjectSize]).toEqual([[rule], "all_storage_classes_128K"]);
  });
  test("that is not there is NoSuchLifecycleConfiguration", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(world.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toEqual([
      "NoSuchLifecycleConfiguration",
      404,
    ]);
  });
  test("without an action is InvalidRequest", async () =>
    expect(await refused({})).toEqual(["InvalidRequest", 400]));
  test("with a status that is none is MalformedXML", async () =>
    expect(await refused({ Status: "enabled" as "Enabled", Expiration: { Days: 1 } })).toEqual(["MalformedXML", 400]));
  test("without a prefix or a filter is MalformedXML", async () =>
    expect(await refused({ Filter: undefined, Expiration: { Days: 1 } })).toEqual(["MalformedXML", 400]));
  test("with no days at all is InvalidArgument", async () =>
    expect(await refused({ Expiration: { Days: 0 } })).toEqual(["InvalidArgument", 400]));
  test("with a date within a day is InvalidArgument", async () =>
    expect(await refused({ Expiration: { Date: new Date("2031-01-01T12:00:00Z") } })).toEqual([
      "InvalidArgument",
      400,
    ]));
  test("that moves to STANDARD_IA within 30 days is InvalidArgument", async () =>
    expect(await refused({ Transitions: [{ Days: 29, StorageClass: "STANDARD_IA" }] })).toEqual([
      "InvalidArgument",
      400,
    ]));
  test.each<[string, Partial<LifecycleRule>, [string, number]]>([
    ["a class that is none", { Transitions: [{ Days: 30, StorageClass: "FOO" as "GLACIER" }] }, ["MalformedXML", 400]],
    [
      "the class to begin with",
      { Transitions: [{ Days: 30, StorageClass: "STANDARD" as "GLACIER" }] },
      ["MalformedXML", 400],
    ],
    [
      "an end no later than a move",
      { Transitions: [{ Days: 60, StorageClass: "GLACIER" }], Expiration: { Days: 60 } },
      ["InvalidArgument", 400],
    ],
    ["And of one condition", { Filter: { And: { Prefix: "a" } }, Expiration: { Days: 1 } }, ["MalformedXML", 400]],
    [
      "sizes that leave nothing",
      { Filter: { And: { ObjectSizeGreaterThan: 10, ObjectSizeLessThan: 5 } }, Expiration: { Days: 1 } },
      ["InvalidRequest", 400],
    ],
  ])("with %s is refused", async (_, rule, expected) => expect(await refused(rule)).toEqual(expected));
  test("with one id twice is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    const rule: LifecycleRule = { ...everything, Expiration: { Days: 1 } };
    expect(await failure(rules(Bucket, rule, rule))).toEqual(["InvalidArgument", 400]);
  });
});

import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import {
  DeleteBucketInventoryConfigurationCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketInventoryConfigurationCommand,
  type InventoryConfiguration,
  type InventoryOptionalField,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const DAY_SECONDS = 86_400;

async function afterDays(days: number): Promise<void> {
  world.clock.advanceSeconds(days * DAY_SECONDS);
  await world.cloud.engine.settled();
}
const keysOf = async (Bucket: string) =>
  ((await world.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map((one) => one.Key as string);
const bytesOf = async (Bucket: string, Key: string) =>
  (await world.s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray();

interface Wanted {
  readonly fields?: InventoryOptionalField[];
  readonly format?: "CSV" | "ORC" | "Parquet";
  readonly more?: Partial<InventoryConfiguration>;
}
function configurationOf(to: string, { fields, format = "CSV", more }: Wanted): InventoryConfiguration {
  const S3BucketDestination = { Bucket: `arn:aws:s3:::${to}`, Format: format, Prefix: "lists" };
  return {
    Id: "all",
    IsEnabled: true,
    IncludedObjectVersions: "Current",
    Schedule: { Frequency: "Daily" },
    Destination: { S3BucketDestination },
    ...(fields && { OptionalFields: fields }),
    ...more,
  };
}
const put = (Bucket: string, to: string, wanted: Wanted = {}) =>
  world.s3.send(
    new PutBucketInventoryConfigurationCommand({
      Bucket,
      Id: "all",
      InventoryConfiguration: configurationOf(to, wanted),
    }),
  );

interface Manifest {
  readonly fileSchema: string;
  readonly files: readonly { readonly key: string; readonly size: number; readonly MD5checksum: string }[];
}
const isManifest = (key: string) => key.endsWith("/manifest.json");
/** The last report's manifest and lines. */
async function reportIn(to: string) {
  const key = (await keysOf(to)).findLast(isManifest) ?? "";
  const manifest = JSON.parse(Buffer.from(await bytesOf(to, key)).toString()) as Manifest;
  const packed = await bytesOf(to, manifest.files[0]!.key);
  return { key, manifest, packed, lines: gunzipSync(packed).toString().split("\n").slice(0, -1) };
}
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const ALL_VERSIONS = { more: { IncludedObjectVersions: "All" } } as const;

describe("an inventory", () => {
  test("delivers a list with its manifest and checksum at the beginning of the next day", async () => {
    const [Bucket, to] = [await world.newBucket(), await world.newBucket()];
    await world.put(Bucket, "b/ü \"x\"", "hello");
    await world.put(Bucket, "a", "");
    await put(Bucket, to, { fields: ["ETag", "Size", "StorageClass", "EncryptionStatus", "LastModifiedDate"] });
    expect(await keysOf(to)).toEqual([]);
    const writtenAt = new Date(world.clock.nowMs()).toISOString();
    await afterDays(1);
    const { key, manifest, packed, lines } = await reportIn(to);
    const minute = new Date(world.clock.nowMs()).toISOString().slice(0, 16).replace(":", "-");
    const folder = `lists/${Bucket}/all`;
    expect(await keysOf(to)).toEqual([
      `${folder}/${minute}Z/manifest.checksum`,
      `${folder}/${minute}Z/manifest.json`,
      expect.stringMatching(/\/data\/[0-9a-f-]{36}\.csv\.gz$/),
      `${folder}/hive/dt=${minute.replace("T", "-")}/symlink.txt`,
    ]);
    expect(manifest).toEqual({
      sourceBucket: Bucket,
      destinationBucket: `arn:aws:s3:::${to}`,
      version: "2016-11-30",
      creationTimestamp: String(world.clock.nowMs()),
      fileFormat: "CSV",
      fileSchema: "Bucket, Key, Size, LastModifiedDate, ETag, StorageClass, EncryptionStatus",
      files: [{ key: manifest.files[0]!.key, size: packed.length, MD5checksum: md5(packed) }],
    });
    expect(await world.text(to, key.replace(".json", ".checksum"))).toBe(md5(await bytesOf(to, key)));
    expect(await world.text(to, `${folder}/hive/dt=${minute.replace("T", "-")}/symlink.txt`)).toBe(
      `s3://${to}/${manifest.files[0]!.key}\n`,
    );
    const row = (name: string, body: string) =>
      `"${Bucket}","${name}","${body.length}","${writtenAt}","${md5(Buffer.from(body))}","STANDARD","SSE-S3"`;
    expect(lines).toEqual([row("a", ""), row("b/%C3%BC+%22x%22", "hello")]);
  });

  test("of all versions tells which is the latest, and of delete markers", async () => {
    const [Bucket, to] = [await world.versionedBucket(), await world.newBucket()];
    await put(Bucket, to, { ...ALL_VERSIONS, fields: ["Size"] });
    const first = await world.put(Bucket, "a", "1");
    const second = await world.put(Bucket, "a", "22");
    const marker = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await afterDays(1);
    const { manifest, lines } = await reportIn(to);
    expect(manifest.fileSchema).toBe("Bucket, Key, VersionId, IsLatest, IsDeleteMarker, Size");
    expect(lines).toEqual([
      `"${Bucket}","a","${marker.VersionId}","true","true",""`,
      `"${Bucket}","a","${second.VersionId}","false","false","2"`,
      `"${Bucket}","a","${first.VersionId}","false","false","1"`,
    ]);
  });

  test("of the latest versions leaves out what is deleted, and what its prefix does not name", async () => {
    const [Bucket, to] = [await world.versionedBucket(), await world.newBucket()];
    await put(Bucket, to, { more: { Filter: { Prefix: "in/" } } });
    for (const key of ["in/kept", "in/gone", "out"]) await world.put(Bucket, key, "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "in/gone" }));
    await afterDays(1);
    expect((await reportIn(to)).lines).toEqual([`"${Bucket}","in/kept"`]);
  });

  test("comes every day, or every Sunday, until it is disabled or deleted", async () => {
    const [daily, weekly, to] = [await world.newBucket(), await world.newBucket(), await world.newBucket()];
    await put(daily, to);
    await put(weekly, to, { more: { Schedule: { Frequency: "Weekly" } } });
    const reportsOf = async (bucket: string) =>
      (await keysOf(to)).filter((key) => isManifest(key) && key.startsWith(`lists/${bucket}/`)).length;
    for (let day = 0; day < 14; day += 1) await afterDays(1);
    expect([await reportsOf(daily), await reportsOf(weekly)]).toEqual([14, 2]);
    await put(daily, to, { more: { IsEnabled: false } });
    await world.s3.send(new DeleteBucketInventoryConfigurationCommand({ Bucket: weekly, Id: "all" }));
    for (let day = 0; day < 8; day += 1) await afterDays(1);
    expect([await reportsOf(daily), await reportsOf(weekly)]).toEqual([14, 2]);
  });

  test("whose bucket is gone goes on without, and reports again when it is back", async () => {
    const [Bucket, to] = [await world.newBucket(), "not-there-yet"];
    await put(Bucket, to);
    await afterDays(1);
    await world.newBucket({ Bucket: to });
    expect(await keysOf(to)).toEqual([]);
    await afterDays(1);
    expect((await reportIn(to)).lines).toEqual([]);
  });

  test.each(["ORC", "Parquet"] as const)("in %s is kept, and a text says that none is made", async (format) => {
    const [Bucket, to] = [await world.newBucket(), await world.newBucket()];
    await put(Bucket, to, { format });
    await afterDays(1);
    expect(await keysOf(to)).toEqual([`lists/${Bucket}/all/not-made.txt`]);
    expect(await world.text(to, `lists/${Bucket}/all/not-made.txt`)).toBe(
      `CloudStacks writes no inventory in ${format} yet; set the format of all to CSV.\n`,
    );
  });

  test("refuses a destination that is no bucket, and access control lists as a field", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(put(Bucket, "a/b"))).toEqual(["InvalidArgument", 400]);
    expect(await failure(put(Bucket, "to", { fields: ["ObjectAccessControlList"] }))).toEqual(["NotImplemented", 501]);
  });

  test.each<[string, Partial<InventoryConfiguration>]>([
    ["how often", { Schedule: { Frequency: "Hourly" as "Daily" } }],
    ["which versions", { IncludedObjectVersions: "Latest" as "Current" }],
  ])("does not know any other word for %s", async (_, more) => {
    const [Bucket, to] = [await world.newBucket(), await world.newBucket()];
    expect(await failure(put(Bucket, to, { more }))).toEqual(["MalformedXML", 400]);
  });
});

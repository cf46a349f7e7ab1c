import {
  DeleteObjectCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
async function bucketOf(...keys: string[]): Promise<string> {
  const Bucket = await world.newBucket();
  for (const key of keys) await world.put(Bucket, key, key);
  return Bucket;
}
const v2 = (Bucket: string, more: object = {}) => world.s3.send(new ListObjectsV2Command({ Bucket, ...more }));
const v1 = (Bucket: string, more: object = {}) => world.s3.send(new ListObjectsCommand({ Bucket, ...more }));
const keysOf = ({ Contents = [] }: { Contents?: ListObjectsV2CommandOutput["Contents"] }) =>
  Contents.map(({ Key }) => Key);
const prefixesOf = ({ CommonPrefixes = [] }: { CommonPrefixes?: { Prefix?: string }[] }) =>
  CommonPrefixes.map(({ Prefix }) => Prefix);

describe("a list of objects (V2)", () => {
  test("of an empty bucket has nothing, and counts it", async () => {
    const listed = await v2(await bucketOf());
    expect([listed.Contents, listed.KeyCount, listed.IsTruncated, listed.MaxKeys]).toEqual([undefined, 0, false, 1000]);
  });
  test("is ordered by UTF-8 bytes", async () => {
    const listed = await v2(await bucketOf("b", "a", "Z", "é", "\u{1F600}", "\uFFFD"));
    expect(keysOf(listed)).toEqual(["Z", "a", "b", "é", "\uFFFD", "\u{1F600}"]);
  });
  test("has keys below a prefix only", async () => {
    expect(keysOf(await v2(await bucketOf("a/1", "a/2", "b/1"), { Prefix: "a/" }))).toEqual(["a/1", "a/2"]);
    expect(keysOf(await v2(await bucketOf("a"), { Prefix: "none" }))).toEqual([]);
  });
  test("rolls keys up to the delimiter, of any length", async () => {
    const Bucket = await bucketOf("a", "b/1", "b/2/3", "c--d--e");
    const listed = await v2(Bucket, { Delimiter: "/" });
    expect([keysOf(listed), prefixesOf(listed), listed.KeyCount]).toEqual([["a", "c--d--e"], ["b/"], 3]);
    const below = await v2(Bucket, { Delimiter: "/", Prefix: "b/" });
    expect([keysOf(below), prefixesOf(below)]).toEqual([["b/1"], ["b/2/"]]);
    expect(prefixesOf(await v2(Bucket, { Delimiter: "--" }))).toEqual(["c--"]);
  });
  test("comes in pages that count common prefixes too", async () => {
    const Bucket = await bucketOf("a", "b/1", "b/2", "c");
    const first = await v2(Bucket, { Delimiter: "/", MaxKeys: 2 });
    expect([keysOf(first), prefixesOf(first), first.IsTruncated]).toEqual([["a"], ["b/"], true]);
    const ContinuationToken = first.NextContinuationToken;
    const rest = await v2(Bucket, { Delimiter: "/", MaxKeys: 2, ContinuationToken });
    expect([keysOf(rest), prefixesOf(rest), rest.IsTruncated, rest.ContinuationToken]).toEqual([
      ["c"],
      [],
      false,
      ContinuationToken,
    ]);
  });
  test("begins after a key, whether that is there or not", async () => {
    const Bucket = await bucketOf("a", "b", "c");
    expect(keysOf(await v2(Bucket, { StartAfter: "b" }))).toEqual(["c"]);
    expect(keysOf(await v2(Bucket, { StartAfter: "aa" }))).toEqual(["b", "c"]);
    expect(keysOf(await v2(Bucket, { StartAfter: "zzz" }))).toEqual([]);
  });
  test("of no keys at all is not cut", async () => {
    const listed = await v2(await bucketOf("a"), { MaxKeys: 0 });
    expect([listed.Contents, listed.IsTruncated, listed.KeyCount]).toEqual([undefined, false, 0]);
  });
  test("never has more than a thousand", async () => {
    expect((await v2(await bucketOf("a"), { MaxKeys: 5000 })).MaxKeys).toBe(1000);
  });
  test("tells the owner only when asked", async () => {
    const Bucket = await bucketOf("a");
    expect((await v2(Bucket)).Contents?.[0]?.Owner).toBe(undefined);
    expect((await v2(Bucket, { FetchOwner: true })).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });
  test("writes keys for addresses when asked", async () => {
    const Bucket = await bucketOf("a b/ü+1", "c&d");
    const answer = await (await world.raw("GET", `/${Bucket}?list-type=2&encoding-type=url&delimiter=/`)).text();
    expect(answer).toContain("<Key>c%26d</Key>");
    expect(answer).toContain("<CommonPrefixes><Prefix>a%20b/</Prefix></CommonPrefixes>");
    expect(answer).toContain("<EncodingType>url</EncodingType>");
  });
  test("tells of each object what it is", async () => {
    const Bucket = await bucketOf("a");
    const [object] = (await v2(Bucket)).Contents ?? [];
    expect([object?.ETag, object?.Size, object?.StorageClass, object?.LastModified?.getTime()]).toEqual([
      '"0cc175b9c0f1b6a831c399e269772661"',
      1,
      "STANDARD",
      world.clock.nowMs(),
    ]);
  });
  test("is refused for a token, a count or an encoding that is none", async () => {
    const Bucket = await bucketOf("a");
    const invalid = ["InvalidArgument", 400];
    expect(await failure(v2(Bucket, { ContinuationToken: "?" }))).toEqual(invalid);
    expect(await failure(v2(Bucket, { MaxKeys: -1 }))).toEqual(invalid);
    expect(await failure(v2(Bucket, { EncodingType: "base64" }))).toEqual(invalid);
    expect(await refusal(world.raw("GET", `/${Bucket}?list-type=2&max-keys=many`))).toEqual(invalid);
  });
});

describe("a list of objects (V1)", () => {
  test("goes on after a marker, which it tells with a delimiter", async () => {
    const Bucket = await bucketOf("a", "b/1", "b/2", "c");
    const first = await v1(Bucket, { Delimiter: "/", MaxKeys: 2 });
    expect([keysOf(first), prefixesOf(first), first.NextMarker]).toEqual([["a"], ["b/"], "b/"]);
    const rest = await v1(Bucket, { Delimiter: "/", Marker: first.NextMarker });
    expect([keysOf(rest), prefixesOf(rest), rest.Marker]).toEqual([["c"], [], "b/"]);
  });
  test("has no marker of its own without a delimiter", async () => {
    const first = await v1(await bucketOf("a", "b"), { MaxKeys: 1 });
    expect([keysOf(first), first.IsTruncated, first.NextMarker]).toEqual([["a"], true, undefined]);
  });
  test("tells the owner always", async () => {
    expect((await v1(await bucketOf("a"))).Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a list of versions", () => {
  const versions = (Bucket: string, more: object = {}) =>
    world.s3.send(new ListObjectVersionsCommand({ Bucket, ...more }));

  test("has the newest of each key first, and markers apart", async () => {
    const Bucket = await world.versionedBucket();
    for (const body of ["1", "2"]) await world.put(Bucket, "a", body);
    await world.put(Bucket, "b", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "b" }));
    const listed = await versions(Bucket);
    expect(listed.Versions?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ["a", true],
      ["a", false],
      ["b", false],
    ]);
    expect(listed.DeleteMarkers?.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([["b", true]]);
  });
  test("comes in pages that may end within a key", async () => {
    const Bucket = await world.versionedBucket();
    for (const body of ["1", "2", "3"]) await world.put(Bucket, "a", body);
    await world.put(Bucket, "b", "1");
    const all = (await versions(Bucket)).Versions?.map(({ VersionId }) => VersionId);
    const seen: (string | undefined)[] = [];
    let marker: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (;;) {
      const page = await versions(Bucket, { MaxKeys: 1, ...marker });
      seen.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId));
      if (!page.IsTruncated) break;
      marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    expect(seen).toEqual(all);
  });
  test("begins after a whole key when no version is named", async () => {
    const Bucket = await world.versionedBucket();
    for (const key of ["a", "a", "b"]) await world.put(Bucket, key, "1");
    expect((await versions(Bucket, { KeyMarker: "a" })).Versions?.map(({ Key }) => Key)).toEqual(["b"]);
  });
  test("needs a key for a version to go on after", async () => {
    const Bucket = await world.versionedBucket();
    expect(await failure(versions(Bucket, { VersionIdMarker: "x" }))).toEqual(["InvalidArgument", 400]);
  });
  test("of a bucket that never had versions names each null", async () => {
    const listed = await versions(await bucketOf("a"));
    expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([["null", true]]);
  });
});

import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const head = (Bucket: string, Key: string, more: object = {}) =>
  world.s3.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const get = (Bucket: string, Key: string, more: object = {}) =>
  world.s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const copy = (Bucket: string, Key: string, CopySource: string, more: object = {}) =>
  world.s3.send(new CopyObjectCommand({ Bucket, Key, CopySource, ...more }));

describe("an object that is not there", () => {
  test("GET is NoSuchKey, HEAD a bare 404", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(get(Bucket, "none"))).toEqual(["NoSuchKey", 404]);
    expect(await failure(head(Bucket, "none"))).toEqual(["NotFound", 404]);
  });
  test("a bucket that is not there is NoSuchBucket for every operation", async () => {
    const Bucket = "nowhere-at-all";
    expect(await failure(world.put(Bucket, "a", "1"))).toEqual(["NoSuchBucket", 404]);
    expect(await failure(get(Bucket, "a"))).toEqual(["NoSuchBucket", 404]);
    expect(await failure(world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" })))).toEqual(["NoSuchBucket", 404]);
    expect(await failure(copy(Bucket, "a", `${Bucket}/b`))).toEqual(["NoSuchBucket", 404]);
  });
  test("the error names the key and the request", async () => {
    const Bucket = await world.newBucket();
    const answer = await world.raw("GET", `/${Bucket}/none`);
    const body = await answer.text();
    expect(body).toContain("<Key>none</Key>");
    expect(body).toContain(`<RequestId>${answer.headers.get("x-amz-request-id")}</RequestId>`);
    expect(answer.headers.get("content-type")).toBe("application/xml");
  });
  test("deleting it succeeds", async () => {
    const Bucket = await world.newBucket();
    const answer = await world.raw("DELETE", `/${Bucket}/none`);
    expect(answer.status).toBe(204);
  });
  test("its tags are NoSuchKey", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(world.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "none" })))).toEqual([
      "NoSuchKey",
      404,
    ]);
  });
});

describe("an object's body", () => {
  test("may be empty", async () => {
    const Bucket = await world.newBucket();
    expect((await world.put(Bucket, "a", "")).ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"');
    expect([(await head(Bucket, "a")).ContentLength, await world.text(Bucket, "a")]).toEqual([0, ""]);
  });
  test("is what was written last", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "first");
    await world.put(Bucket, "a", "second");
    expect(await world.text(Bucket, "a")).toBe("second");
  });
  test("of many writers is one of theirs, whole", async () => {
    const Bucket = await world.newBucket();
    const bodies = ["a", "b", "c", "d"].map((letter) => letter.repeat(100_000));
    await Promise.all(bodies.map((body) => world.put(Bucket, "a", body)));
    expect(bodies).toContain(await world.text(Bucket, "a"));
  });
  test("shorter than its Content-MD5 says is BadDigest, a malformed one InvalidDigest", async () => {
    const Bucket = await world.newBucket();
    const digest = (value: string) => world.raw("PUT", `/${Bucket}/a`, { "content-md5": value }, "body");
    expect(await refusal(digest("1B2M2Y8AsgTpgAmY7PhCfg=="))).toEqual(["BadDigest", 400]);
    expect(await refusal(digest("short"))).toEqual(["InvalidDigest", 400]);
    expect(await failure(get(Bucket, "a"))).toEqual(["NoSuchKey", 404]);
  });
});

describe("a range", () => {
  const ranged = async (range: string) => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "0123456789");
    const answer = await world.raw("GET", `/${Bucket}/a`, { range });
    return [answer.status, answer.headers.get("content-range"), await answer.text()];
  };
  test("from the beginning", async () => expect(await ranged("bytes=0-2")).toEqual([206, "bytes 0-2/10", "012"]));
  test("to the end", async () => expect(await ranged("bytes=7-")).toEqual([206, "bytes 7-9/10", "789"]));
  test("of the last bytes", async () => expect(await ranged("bytes=-4")).toEqual([206, "bytes 6-9/10", "6789"]));
  test("past the end is cut", async () => expect(await ranged("bytes=8-99")).toEqual([206, "bytes 8-9/10", "89"]));
  test("longer than the object at the end is the object", async () =>
    expect(await ranged("bytes=-99")).toEqual([206, "bytes 0-9/10", "0123456789"]));
  test("that is no range is ignored", async () => {
    expect(await ranged("bytes=5-2")).toEqual([200, null, "0123456789"]);
    expect(await ranged("lines=1-2")).toEqual([200, null, "0123456789"]);
  });
  test("of several pieces is ignored, as S3 does", async () =>
    expect(await ranged("bytes=0-1,4-5")).toEqual([200, null, "0123456789"]));
  test("outside is InvalidRange with the object's size", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "0123456789");
    const answer = await world.raw("GET", `/${Bucket}/a`, { range: "bytes=10-" });
    const body = await answer.text();
    expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */10"]);
    expect(body).toContain("<Code>InvalidRange</Code>");
    expect(body).toContain("<ActualObjectSize>10</ActualObjectSize>");
  });
  test("of an empty object is InvalidRange", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "");
    expect(await failure(get(Bucket, "a", { Range: "bytes=0-" }))).toEqual(["InvalidRange", 416]);
  });
  test("is told by HEAD too", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "0123456789");
    expect((await head(Bucket, "a", { Range: "bytes=2-4" })).ContentLength).toBe(3);
  });
});

describe("an object's headers", () => {
  test("come back as they were given", async () => {
    const Bucket = await world.newBucket();
    const given = {
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      ContentType: "text/plain; charset=utf-8",
      Expires: new Date("2031-01-01T00:00:00Z"),
    };
    await world.put(Bucket, "a", "1", given);
    const { Expires: _, ...headers } = given;
    expect(await head(Bucket, "a")).toMatchObject({ ...headers, ExpiresString: "Wed, 01 Jan 2031 00:00:00 GMT" });
  });
  test("a body without a type is binary/octet-stream", async () => {
    const Bucket = await world.newBucket();
    await world.raw("PUT", `/${Bucket}/a`, {}, new Uint8Array([1]));
    expect((await head(Bucket, "a")).ContentType).toBe("binary/octet-stream");
  });
  test("a reader may have others in the answer", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const got = await get(Bucket, "a", {
      ResponseContentType: "text/x",
      ResponseCacheControl: "no-store",
      ResponseContentDisposition: "inline",
      ResponseContentEncoding: "identity",
      ResponseContentLanguage: "fr",
      ResponseExpires: new Date("2031-01-01T00:00:00Z"),
    });
    expect([got.ContentType, got.CacheControl, got.ContentDisposition, got.ContentLanguage]).toEqual([
      "text/x",
      "no-store",
      "inline",
      "fr",
    ]);
  });
  test("metadata names are lower-case, values kept", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { Metadata: { "Mixed-Case": "Va lue", empty: "" } });
    expect((await head(Bucket, "a")).Metadata).toEqual({ "mixed-case": "Va lue", empty: "" });
  });
  test("metadata over 2 KiB is MetadataTooLarge", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(world.put(Bucket, "a", "1", { Metadata: { x: "y".repeat(2048) } }))).toEqual([
      "MetadataTooLarge",
      400,
    ]);
    await world.put(Bucket, "a", "1", { Metadata: { x: "y".repeat(2047) } });
  });
  test("a storage class is told, the standard one is not", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { StorageClass: "STANDARD_IA" });
    await world.put(Bucket, "b", "1", { StorageClass: "STANDARD" });
    expect([(await head(Bucket, "a")).StorageClass, (await head(Bucket, "b")).StorageClass]).toEqual([
      "STANDARD_IA",
      undefined,
    ]);
    expect(await failure(world.put(Bucket, "a", "1", { StorageClass: "GOLD" }))).toEqual(["InvalidStorageClass", 400]);
  });
});

describe("a key", () => {
  test("may be 1024 bytes long and no longer", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "k".repeat(1024), "1");
    expect(await failure(world.put(Bucket, "k".repeat(1025), "1"))).toEqual(["KeyTooLongError", 400]);
    expect(await failure(world.put(Bucket, "ü".repeat(513), "1"))).toEqual(["KeyTooLongError", 400]);
  });
  const ODD = ["a b", "a+b", "a%b", "a/b//c", "/lead", "trail/", "ü/日本/😀", "a?b#c", "..", "a/../b", "a&b=c", "'\"<>"];
  test.each(ODD)("%s comes back as it was written", async (Key) => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, Key, Key);
    expect(await world.text(Bucket, Key)).toBe(Key);
    await world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }));
    expect(await failure(head(Bucket, Key))).toEqual(["NotFound", 404]);
  });
});

describe("a checksum", () => {
  test.each([
    ["ChecksumCRC32", "NhCmhg=="],
    ["ChecksumCRC32C", "mnG7TA=="],
    ["ChecksumSHA1", "qvTGHdzF6KLavt4PO0gs2a6pQ00="],
    ["ChecksumSHA256", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="],
  ] as const)("%s is compared and told", async (member, value) => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "hello", { [member]: value });
    const told = await head(Bucket, "a", { ChecksumMode: "ENABLED" });
    expect([told[member], told.ChecksumType]).toEqual([value, "FULL_OBJECT"]);
    expect((await head(Bucket, "a"))[member]).toBe(undefined);
    expect(await failure(world.put(Bucket, "a", "other", { [member]: value }))).toEqual(["BadDigest", 400]);
  });
  test("that is no base64 of its length is InvalidRequest", async () => {
    const Bucket = await world.newBucket();
    const sent = world.raw("PUT", `/${Bucket}/a`, { "x-amz-checksum-sha256": "bad" }, "hello");
    expect(await refusal(sent)).toEqual(["InvalidRequest", 400]);
  });
  test("two of them are InvalidRequest", async () => {
    const Bucket = await world.newBucket();
    const two = { "x-amz-checksum-crc32": "NhCmhg==", "x-amz-checksum-sha1": "qvTGHdzF6KLavt4PO0gs2a6pQ00=" };
    expect(await refusal(world.raw("PUT", `/${Bucket}/a`, two, "hello"))).toEqual(["InvalidRequest", 400]);
  });
});

describe("attributes", () => {
  test("are those that are asked for", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "hello", { ChecksumSHA1: "qvTGHdzF6KLavt4PO0gs2a6pQ00=", StorageClass: "GLACIER_IR" });
    const { $metadata: _, LastModified, ...told } = await world.s3.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "a",
        ObjectAttributes: ["ETag", "Checksum", "ObjectSize", "StorageClass"],
      }),
    );
    expect(LastModified?.getTime()).toBe(world.clock.nowMs());
    expect(told).toEqual({
      ETag: "5d41402abc4b2a76b9719d911017c592",
      Checksum: { ChecksumSHA1: "qvTGHdzF6KLavt4PO0gs2a6pQ00=", ChecksumType: "FULL_OBJECT" },
      ObjectSize: 5,
      StorageClass: "GLACIER_IR",
    });
  });
  test("that S3 does not know are InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "hello");
    expect(
      await refusal(world.raw("GET", `/${Bucket}/a?attributes`, { "x-amz-object-attributes": "Weight" })),
    ).toEqual(["InvalidArgument", 400]);
  });
});

describe("an object's tags", () => {
  const tag = (Bucket: string, TagSet: { Key: string; Value: string }[]) =>
    world.s3.send(new PutObjectTaggingCommand({ Bucket, Key: "a", Tagging: { TagSet } }));
  const tagsOf = async (Bucket: string) =>
    (await world.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a" }))).TagSet;

  test("are replaced, read and removed", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { Tagging: "k=v" });
    await tag(Bucket, [{ Key: "x", Value: "y" }]);
    expect(await tagsOf(Bucket)).toEqual([{ Key: "x", Value: "y" }]);
    expect((await get(Bucket, "a")).TagCount).toBe(1);
    await world.s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: "a" }));
    expect(await tagsOf(Bucket)).toEqual([]);
  });
  test("are at most ten", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const many = (count: number) => Array.from({ length: count }, (_, at) => ({ Key: `k${at}`, Value: "v" }));
    await tag(Bucket, many(10));
    expect(await failure(tag(Bucket, many(11)))).toEqual(["BadRequest", 400]);
  });
  test("have keys up to 128 and values up to 256 characters, each key once", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    await tag(Bucket, [{ Key: "k".repeat(128), Value: "v".repeat(256) }]);
    expect(await failure(tag(Bucket, [{ Key: "k".repeat(129), Value: "" }]))).toEqual(["InvalidTag", 400]);
    expect(await failure(tag(Bucket, [{ Key: "k", Value: "v".repeat(257) }]))).toEqual(["InvalidTag", 400]);
    const twice = [
      { Key: "k", Value: "1" },
      { Key: "k", Value: "2" },
    ];
    expect(await failure(tag(Bucket, twice))).toEqual(["InvalidTag", 400]);
    expect(await failure(tag(Bucket, [{ Key: "aws:k", Value: "1" }]))).toEqual(["InvalidTag", 400]);
  });
});

describe("a copy", () => {
  test("takes body, headers, metadata and tags along", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { ContentType: "text/x", Metadata: { m: "1" }, Tagging: "k=v" });
    await copy(Bucket, "b", `/${Bucket}/a`);
    const told = await head(Bucket, "b");
    expect([await world.text(Bucket, "b"), told.ContentType, told.Metadata]).toEqual(["1", "text/x", { m: "1" }]);
    expect((await world.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "b" }))).TagSet).toEqual([
      { Key: "k", Value: "v" },
    ]);
  });
  test("with REPLACE has what the copy says", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { ContentType: "text/x", Metadata: { m: "1" }, Tagging: "k=v" });
    const replaced = { MetadataDirective: "REPLACE", TaggingDirective: "REPLACE", Tagging: "n=w" } as const;
    await copy(Bucket, "a", `${Bucket}/a`, { ...replaced, Metadata: { n: "2" } });
    const told = await head(Bucket, "a");
    expect([told.Metadata, told.ContentType]).toEqual([{ n: "2" }, "binary/octet-stream"]);
    expect((await world.s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a" }))).TagSet).toEqual([
      { Key: "n", Value: "w" },
    ]);
  });
  test("onto itself without a change is InvalidRequest", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    expect(await failure(copy(Bucket, "a", `${Bucket}/a`))).toEqual(["InvalidRequest", 400]);
    await copy(Bucket, "a", `${Bucket}/a`, { StorageClass: "STANDARD_IA" });
    expect((await head(Bucket, "a")).StorageClass).toBe("STANDARD_IA");
  });
  test("of a version names it", async () => {
    const Bucket = await world.versionedBucket();
    const first = await world.put(Bucket, "a", "1");
    await world.put(Bucket, "a", "2");
    const done = await copy(Bucket, "b", `${Bucket}/a?versionId=${first.VersionId}`);
    expect([done.CopySourceVersionId, await world.text(Bucket, "b")]).toEqual([first.VersionId, "1"]);
  });
  test("of a delete marker is refused", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    const { VersionId } = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(await failure(copy(Bucket, "b", `${Bucket}/a`))).toEqual(["NoSuchKey", 404]);
    expect(await failure(copy(Bucket, "b", `${Bucket}/a?versionId=${VersionId}`))).toEqual(["InvalidRequest", 400]);
  });
  test("source that is no bucket and key is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(copy(Bucket, "b", "nothing"))).toEqual(["InvalidArgument", 400]);
    expect(await failure(copy(Bucket, "b", "nowhere-at-all/a"))).toEqual(["NoSuchBucket", 404]);
  });
  test("with an unknown directive is InvalidArgument", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    expect(await failure(copy(Bucket, "b", `${Bucket}/a`, { AnnotationDirective: "KEEP" }))).toEqual([
      "InvalidArgument",
      400,
    ]);
    await copy(Bucket, "b", `${Bucket}/a`, { AnnotationDirective: "EXCLUDE" });
    expect(await failure(copy(Bucket, "b", `${Bucket}/a`, { MetadataDirective: "MERGE" }))).toEqual([
      "InvalidArgument",
      400,
    ]);
  });
});

describe("a deletion of many", () => {
  const drop = (Bucket: string, Objects: object[], more: object = {}) =>
    world.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, ...more } as never }));

  test("that is quiet tells only of failures", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const told = await drop(Bucket, [{ Key: "a" }], { Quiet: true });
    expect([told.Deleted, told.Errors]).toEqual([undefined, undefined]);
  });
  test("of none, or of more than a thousand, is MalformedXML", async () => {
    const Bucket = await world.newBucket();
    const many = Array.from({ length: 1001 }, (_, at) => ({ Key: `k${at}` }));
    expect(await failure(drop(Bucket, many))).toEqual(["MalformedXML", 400]);
    expect(await failure(drop(Bucket, []))).toEqual(["MalformedXML", 400]);
  });
  test("of a thousand is done", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "k7", "1");
    const many = Array.from({ length: 1000 }, (_, at) => ({ Key: `k${at}` }));
    expect((await drop(Bucket, many)).Deleted).toHaveLength(1000);
    expect(await failure(head(Bucket, "k7"))).toEqual(["NotFound", 404]);
  });
  test("tells the markers it made and the versions it removed", async () => {
    const Bucket = await world.versionedBucket();
    const { VersionId } = await world.put(Bucket, "a", "1");
    const [made] = (await drop(Bucket, [{ Key: "a" }])).Deleted ?? [];
    expect([made?.DeleteMarker, made?.VersionId]).toEqual([true, undefined]);
    const [removed] = (await drop(Bucket, [{ Key: "a", VersionId }])).Deleted ?? [];
    expect(removed).toEqual({ Key: "a", VersionId });
    const marker = made?.DeleteMarkerVersionId;
    const [unmarked] = (await drop(Bucket, [{ Key: "a", VersionId: marker }])).Deleted ?? [];
    expect(unmarked).toEqual({ Key: "a", VersionId: marker, DeleteMarker: true, DeleteMarkerVersionId: marker });
  });
  test("with a body that is no XML is MalformedXML", async () => {
    const Bucket = await world.newBucket();
    const body = "<Delete><Object>";
    const digest = { "content-md5": createHash("md5").update(body).digest("base64") };
    expect(await refusal(world.raw("POST", `/${Bucket}?delete`, digest, body))).toEqual(["MalformedXML", 400]);
  });
});

describe("versions", () => {
  test("a suspended bucket writes and overwrites the null version beside the others", async () => {
    const Bucket = await world.versionedBucket();
    const kept = await world.put(Bucket, "a", "kept");
    const Status = "Suspended" as const;
    await world.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await world.put(Bucket, "a", "null 1");
    await world.put(Bucket, "a", "null 2");
    expect(await world.text(Bucket, "a", { VersionId: "null" })).toBe("null 2");
    expect(await world.text(Bucket, "a", { VersionId: kept.VersionId ?? "" })).toBe("kept");
  });
  test("a version that is not there is NoSuchVersion", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    const { VersionId } = await world.put(Bucket, "b", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "b", VersionId: VersionId ?? "" }));
    expect(await failure(get(Bucket, "b", { VersionId }))).toEqual(["NoSuchVersion", 404]);
  });
  test("GET of a deleted object tells its marker", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    const { VersionId } = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const answer = await world.raw("GET", `/${Bucket}/a`);
    expect([answer.status, answer.headers.get("x-amz-delete-marker"), answer.headers.get("x-amz-version-id")]).toEqual(
      [404, "true", VersionId],
    );
  });
  test("GET and HEAD of a marker by its id are 405 and name DELETE", async () => {
    const Bucket = await world.versionedBucket();
    const { VersionId } = await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    const answer = await world.raw("HEAD", `/${Bucket}/a?versionId=${VersionId}`);
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "DELETE"]);
  });
  test("deleting the latest brings the one before it back", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    const { VersionId } = await world.put(Bucket, "a", "2");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId: VersionId ?? "" }));
    expect(await world.text(Bucket, "a")).toBe("1");
  });
  test("an empty version id is InvalidArgument", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    expect(await refusal(world.raw("GET", `/${Bucket}/a?versionId=`))).toEqual(["InvalidArgument", 400]);
  });
});

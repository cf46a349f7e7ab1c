import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const OTHER = '"00000000000000000000000000000000"';
const HOUR_MS = 3_600_000;
const earlier = () => new Date(world.clock.nowMs() - HOUR_MS);
const later = () => new Date(world.clock.nowMs() + HOUR_MS);

describe("a reader's conditions", () => {
  const get = async (more: object) => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    return { ETag, read: () => world.s3.send(new GetObjectCommand({ Bucket, Key: "a", ...more })), Bucket };
  };

  test("If-Match with the entity tag gives the object", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    expect(await world.text(Bucket, "a", { IfMatch: ETag })).toBe("1");
    expect(await world.text(Bucket, "a", { IfMatch: "*" })).toBe("1");
  });
  test("If-Match with another entity tag is PreconditionFailed", async () => {
    const { read } = await get({ IfMatch: OTHER });
    expect(await failure(read())).toEqual(["PreconditionFailed", 412]);
  });
  test("If-None-Match with the entity tag is 304", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    const answer = await world.raw("GET", `/${Bucket}/a`, { "if-none-match": ETag ?? "" });
    expect([answer.status, answer.headers.get("etag"), await answer.text()]).toEqual([304, ETag, ""]);
  });
  test("If-None-Match with another entity tag gives the object", async () => {
    const { read } = await get({ IfNoneMatch: OTHER });
    expect(await (await read()).Body?.transformToString()).toBe("1");
  });
  test("If-Modified-Since in the past gives the object, in the future it is 304", async () => {
    const past = await get({ IfModifiedSince: earlier() });
    expect((await past.read()).ContentLength).toBe(1);
    const now = await get({ IfModifiedSince: new Date(world.clock.nowMs()) });
    expect((await failure(now.read()))?.[1]).toBe(304);
  });
  test("If-Unmodified-Since in the past is PreconditionFailed, in the future gives the object", async () => {
    const past = await get({ IfUnmodifiedSince: earlier() });
    expect(await failure(past.read())).toEqual(["PreconditionFailed", 412]);
    const future = await get({ IfUnmodifiedSince: later() });
    expect((await future.read()).ContentLength).toBe(1);
  });
  test("If-Match that holds outranks If-Unmodified-Since that does not", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    expect(await world.text(Bucket, "a", { IfMatch: ETag, IfUnmodifiedSince: earlier() })).toBe("1");
  });
  test("If-None-Match that fails outranks If-Modified-Since that holds", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    const read = world.s3.send(
      new GetObjectCommand({ Bucket, Key: "a", IfNoneMatch: ETag, IfModifiedSince: earlier() }),
    );
    expect((await failure(read))?.[1]).toBe(304);
  });
  test("hold for HEAD too, which answers without a body", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const head = (more: object) => world.s3.send(new HeadObjectCommand({ Bucket, Key: "a", ...more }));
    expect((await failure(head({ IfMatch: OTHER })))?.[1]).toBe(412);
    expect((await failure(head({ IfModifiedSince: later() })))?.[1]).toBe(304);
  });
});

describe("a writer's conditions", () => {
  test("If-None-Match * writes what is not there and refuses what is", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1", { IfNoneMatch: "*" });
    expect(await failure(world.put(Bucket, "a", "2", { IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    expect(await world.text(Bucket, "a")).toBe("1");
  });
  test("If-None-Match with an entity tag is not implemented by S3 for writes", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(world.put(Bucket, "a", "2", { IfNoneMatch: OTHER }))).toEqual(["NotImplemented", 501]);
  });
  test("If-Match writes over that entity tag only", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    await world.put(Bucket, "a", "2", { IfMatch: ETag });
    expect(await failure(world.put(Bucket, "a", "3", { IfMatch: ETag }))).toEqual(["PreconditionFailed", 412]);
    expect(await world.text(Bucket, "a")).toBe("2");
  });
  test("If-Match on a key that is not there is NoSuchKey", async () => {
    const Bucket = await world.newBucket();
    expect(await failure(world.put(Bucket, "a", "1", { IfMatch: OTHER }))).toEqual(["NoSuchKey", 404]);
  });
  test("If-None-Match * writes over a delete marker", async () => {
    const Bucket = await world.versionedBucket();
    await world.put(Bucket, "a", "1");
    await world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await world.put(Bucket, "a", "2", { IfNoneMatch: "*" });
    expect(await world.text(Bucket, "a")).toBe("2");
  });
  test("of many that begin at once with If-None-Match * one wins", async () => {
    const Bucket = await world.newBucket();
    const bodies = ["0", "1", "2", "3", "4", "5", "6", "7"];
    const sent = bodies.map((body) => failure(world.put(Bucket, "a", body, { IfNoneMatch: "*" })));
    const refused = (await Promise.all(sent)).filter((one) => one !== undefined);
    expect(refused).toHaveLength(7);
    expect(new Set(refused.map(([code]) => code))).toEqual(new Set(["PreconditionFailed"]));
  });
  test("hold for the completion of an upload", async () => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    const { UploadId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a" }));
    const ref = { Bucket, Key: "a", UploadId };
    const { ETag } = await world.s3.send(new UploadPartCommand({ ...ref, PartNumber: 1, Body: "x" }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = (more: object) =>
      world.s3.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload, ...more }));
    expect(await failure(complete({ IfNoneMatch: "*" }))).toEqual(["PreconditionFailed", 412]);
    await complete({ IfMatch: '"c4ca4238a0b923820dcc509a6f75849b"' });
  });
  test("hold for a deletion", async () => {
    const Bucket = await world.newBucket();
    const { ETag } = await world.put(Bucket, "a", "1");
    const drop = (more: object) => world.s3.send(new DeleteObjectCommand({ Bucket, Key: "a", ...more }));
    expect(await failure(drop({ IfMatch: OTHER }))).toEqual(["PreconditionFailed", 412]);
    await drop({ IfMatch: ETag });
    expect(await failure(world.text(Bucket, "a"))).toEqual(["NoSuchKey", 404]);
  });
});

describe("the conditions of a copy's source", () => {
  const copy = async (more: object) => {
    const Bucket = await world.newBucket();
    await world.put(Bucket, "a", "1");
    return failure(world.s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a`, ...more })));
  };
  const ETAG = '"c4ca4238a0b923820dcc509a6f75849b"';
  const refused = ["PreconditionFailed", 412];

  test("If-Match", async () => {
    expect([await copy({ CopySourceIfMatch: ETAG }), await copy({ CopySourceIfMatch: OTHER })]).toEqual([
      undefined,
      refused,
    ]);
  });
  test("If-None-Match", async () => {
    expect([await copy({ CopySourceIfNoneMatch: OTHER }), await copy({ CopySourceIfNoneMatch: ETAG })]).toEqual([
      undefined,
      refused,
    ]);
  });
  test("If-Modified-Since", async () => {
    expect([
      await copy({ CopySourceIfModifiedSince: earlier() }),
      await copy({ CopySourceIfModifiedSince: later() }),
    ]).toEqual([undefined, refused]);
  });
  test("If-Unmodified-Since", async () => {
    expect([
      await copy({ CopySourceIfUnmodifiedSince: later() }),
      await copy({ CopySourceIfUnmodifiedSince: earlier() }),
    ]).toEqual([undefined, refused]);
  });
});

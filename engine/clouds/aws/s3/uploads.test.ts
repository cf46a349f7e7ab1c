import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type ChecksumType,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, refusal, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const MIB = 1024 ** 2;
const FIRST = Buffer.alloc(5 * MIB, "x");

interface Ref {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}
async function begun(more: object = {}, Key = "big"): Promise<Ref> {
  const Bucket = await world.newBucket();
  const { UploadId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }));
  return { Bucket, Key, UploadId };
}
const part = (ref: Ref, PartNumber: number, Body: string | Buffer, more: object = {}) =>
  world.s3.send(new UploadPartCommand({ ...ref, PartNumber, Body, ...more }));
const complete = (ref: Ref, Parts: CompletedPart[] | undefined, more: object = {}) =>
  world.s3.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload: { Parts }, ...more }));

describe("an upload in parts", () => {
  test("has the entity tag of its parts' digests", async () => {
    const ref = await begun();
    const [one, two] = [await part(ref, 1, FIRST), await part(ref, 2, "end")];
    const done = await complete(ref, [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ]);
    const md5 = (bytes: Buffer) => createHash("md5").update(bytes).digest();
    const joined = Buffer.concat([md5(FIRST), md5(Buffer.from("end"))]);
    expect(done.ETag).toBe(`"${md5(joined).toString("hex")}-2"`);
    expect(done.Location).toBe(`${world.cloud.endpoint}/${ref.Bucket}/big`);
  });
  test("keeps what was said at its beginning", async () => {
    const said = { ContentType: "text/x", Metadata: { m: "1" }, Tagging: "k=v", StorageClass: "STANDARD_IA" };
    const ref = await begun(said);
    const { ETag } = await part(ref, 1, "x");
    await complete(ref, [{ PartNumber: 1, ETag }]);
    const told = await world.s3.send(new HeadObjectCommand({ Bucket: ref.Bucket, Key: ref.Key }));
    expect([told.ContentType, told.Metadata, told.StorageClass, told.TagCount]).toEqual([
      "text/x",
      { m: "1" },
      "STANDARD_IA",
      1,
    ]);
  });
  test("takes the last of the parts written under a number, and leaves out what is not listed", async () => {
    const ref = await begun();
    await part(ref, 1, "first");
    const { ETag } = await part(ref, 1, "second");
    await part(ref, 2, "unlisted");
    await complete(ref, [{ PartNumber: 1, ETag }]);
    expect(await world.text(ref.Bucket, ref.Key)).toBe("second");
  });
  test("can have gaps in its numbers, up to 10000", async () => {
    const ref = await begun();
    const [one, last] = [await part(ref, 7, FIRST), await part(ref, 10_000, "end")];
    await complete(ref, [
      { PartNumber: 7, ETag: one.ETag },
      { PartNumber: 10_000, ETag: last.ETag },
    ]);
    expect(await world.text(ref.Bucket, ref.Key, { Range: "bytes=-4" })).toBe("xend");
    const read = await world.s3.send(new GetObjectCommand({ Bucket: ref.Bucket, Key: ref.Key, PartNumber: 10_000 }));
    expect([await read.Body?.transformToString(), read.PartsCount]).toEqual(["end", 2]);
  });
  test("is not there before it is complete, nor after it was given up", async () => {
    const ref = await begun();
    await part(ref, 1, "x");
    expect(await failure(world.text(ref.Bucket, ref.Key))).toEqual(["NoSuchKey", 404]);
    await world.s3.send(new AbortMultipartUploadCommand(ref));
    expect(await failure(world.s3.send(new ListPartsCommand(ref)))).toEqual(["NoSuchUpload", 404]);
    expect(await failure(part(ref, 2, "x"))).toEqual(["NoSuchUpload", 404]);
    expect(await failure(complete(ref, [{ PartNumber: 1, ETag: "x" }]))).toEqual(["NoSuchUpload", 404]);
  });
});

describe("a completion is refused", () => {
  test("without parts", async () => {
    const ref = await begun();
    expect(await failure(complete(ref, []))).toEqual(["MalformedXML", 400]);
    expect(await failure(complete(ref, undefined))).toEqual(["MalformedXML", 400]);
  });
  test("with a part that was not uploaded, or another one", async () => {
    const ref = await begun();
    await part(ref, 1, "x");
    const ETag = '"00000000000000000000000000000000"';
    expect(await failure(complete(ref, [{ PartNumber: 1, ETag }]))).toEqual(["InvalidPart", 400]);
    expect(await failure(complete(ref, [{ PartNumber: 2, ETag }]))).toEqual(["InvalidPart", 400]);
  });
  test("with parts out of order, or twice", async () => {
    const ref = await begun();
    const [one, two] = [await part(ref, 1, FIRST), await part(ref, 2, "end")];
    const [a, b] = [
      { PartNumber: 1, ETag: one.ETag },
      { PartNumber: 2, ETag: two.ETag },
    ];
    expect(await failure(complete(ref, [b, a]))).toEqual(["InvalidPartOrder", 400]);
    expect(await failure(complete(ref, [a, a]))).toEqual(["InvalidPartOrder", 400]);
  });
  test("with a small part before the last, which it names", async () => {
    const ref = await begun();
    const [one, two] = [await part(ref, 1, "small"), await part(ref, 2, "end")];
    const body =
      `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${one.ETag}</ETag></Part>`
      + `<Part><PartNumber>2</PartNumber><ETag>${two.ETag}</ETag></Part></CompleteMultipartUpload>`;
    const answer = await world.raw("POST", `/${ref.Bucket}/big?uploadId=${ref.UploadId}`, {}, body);
    const text = await answer.text();
    expect(answer.status).toBe(400);
    expect(text).toContain("<Code>EntityTooSmall</Code>");
    expect(text).toContain("<ProposedSize>5</ProposedSize><MinSizeAllowed>5242880</MinSizeAllowed>");
  });
  test("with another size than it says", async () => {
    const ref = await begun();
    const { ETag } = await part(ref, 1, "x");
    expect(await failure(complete(ref, [{ PartNumber: 1, ETag }], { MpuObjectSize: 2 }))).toEqual([
      "InvalidRequest",
      400,
    ]);
    await complete(ref, [{ PartNumber: 1, ETag }], { MpuObjectSize: 1 });
  });
});

describe("a part", () => {
  test.each([0, 10_001])("cannot have the number %i", async (PartNumber) => {
    const ref = await begun();
    expect(await failure(part(ref, PartNumber, "x"))).toEqual(["InvalidArgument", 400]);
  });
  test("is listed with its size, in pages", async () => {
    const ref = await begun();
    for (const [at, body] of ["a", "bb", "ccc"].entries()) await part(ref, at + 1, body);
    const first = await world.s3.send(new ListPartsCommand({ ...ref, MaxParts: 2 }));
    expect([first.Parts?.map(({ Size }) => Size), first.IsTruncated, first.NextPartNumberMarker]).toEqual([
      [1, 2],
      true,
      "2",
    ]);
    const rest = await world.s3.send(new ListPartsCommand({ ...ref, PartNumberMarker: first.NextPartNumberMarker }));
    expect([rest.Parts?.map(({ Size }) => Size), rest.IsTruncated]).toEqual([[3], false]);
  });
  test("is copied from an object, or from a range of one", async () => {
    const ref = await begun();
    await world.put(ref.Bucket, "source", "0123456789");
    const copy = (CopySourceRange?: string) =>
      world.s3.send(
        new UploadPartCopyCommand({ ...ref, PartNumber: 1, CopySource: `${ref.Bucket}/source`, CopySourceRange }),
      );
    expect((await copy()).CopyPartResult?.ETag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
    const { CopyPartResult } = await copy("bytes=2-4");
    expect(await failure(copy("bytes=5-20"))).toEqual(["InvalidArgument", 400]);
    expect(await failure(copy("bytes=5-"))).toEqual(["InvalidArgument", 400]);
    await complete(ref, [{ PartNumber: 1, ETag: CopyPartResult?.ETag }]);
    expect(await world.text(ref.Bucket, ref.Key)).toBe("234");
  });
  test("with a digest that is not its own is BadDigest", async () => {
    const ref = await begun();
    expect(await failure(part(ref, 1, "x", { ContentMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" }))).toEqual(["BadDigest", 400]);
  });
});

describe("checksums of an upload", () => {
  const base64 = (crc: number) => Buffer.from(crc.toString(16).padStart(8, "0"), "hex").toString("base64");
  async function uploaded(more: object) {
    const ref = await begun({ ChecksumAlgorithm: "CRC32", ...more });
    const asked = { ChecksumAlgorithm: "CRC32" };
    const [one, two] = [await part(ref, 1, FIRST, asked), await part(ref, 2, "end", asked)];
    const done = await complete(ref, [
      { PartNumber: 1, ETag: one.ETag, ChecksumCRC32: one.ChecksumCRC32 },
      { PartNumber: 2, ETag: two.ETag, ChecksumCRC32: two.ChecksumCRC32 },
    ]);
    return { ref, done };
  }
  test("are made from the parts', and say so", async () => {
    const { ref, done } = await uploaded({});
    const sums = [FIRST, Buffer.from("end")].map((bytes) => Buffer.from(base64(crc32(bytes)), "base64"));
    expect([done.ChecksumCRC32, done.ChecksumType]).toEqual([`${base64(crc32(Buffer.concat(sums)))}-2`, "COMPOSITE"]);
    const { ObjectParts } = await world.s3.send(
      new GetObjectAttributesCommand({ Bucket: ref.Bucket, Key: ref.Key, ObjectAttributes: ["ObjectParts"] }),
    );
    expect(ObjectParts?.Parts?.map(({ Size, ChecksumCRC32 }) => [Size, ChecksumCRC32])).toEqual([
      [5 * MIB, base64(crc32(FIRST))],
      [3, base64(crc32(Buffer.from("end")))],
    ]);
  });
  test("are told of a part to whom reads exactly that part", async () => {
    const { ref } = await uploaded({});
    const read = { Bucket: ref.Bucket, Key: ref.Key, ChecksumMode: "ENABLED" } as const;
    const end = await world.s3.send(new GetObjectCommand({ ...read, Range: `bytes=${5 * MIB}-` }));
    expect([await end.Body?.transformToString(), end.ChecksumCRC32, end.ChecksumType]).toEqual([
      "end",
      base64(crc32(Buffer.from("end"))),
      "COMPOSITE",
    ]);
    const first = await world.s3.send(new HeadObjectCommand({ ...read, PartNumber: 1 }));
    expect(first.ChecksumCRC32).toBe(base64(crc32(FIRST)));
    const across = await world.s3.send(new HeadObjectCommand({ ...read, Range: "bytes=0-5" }));
    expect(across.ChecksumCRC32).toBeUndefined();
  });
  test("are made of what the completion still knows: each part's", async () => {
    const ref = await begun({ ChecksumAlgorithm: "CRC32" });
    const { ETag } = await part(ref, 1, "x", { ChecksumAlgorithm: "CRC32" });
    expect(await failure(complete(ref, [{ PartNumber: 1, ETag }]))).toEqual(["InvalidRequest", 400]);
  });
  test("are those of the whole where that was asked", async () => {
    const { ref, done } = await uploaded({ ChecksumType: "FULL_OBJECT" });
    const whole = base64(crc32(Buffer.concat([FIRST, Buffer.from("end")])));
    expect([done.ChecksumCRC32, done.ChecksumType]).toEqual([whole, "FULL_OBJECT"]);
    const told = await world.s3.send(
      new HeadObjectCommand({ Bucket: ref.Bucket, Key: ref.Key, ChecksumMode: "ENABLED" }),
    );
    expect([told.ChecksumCRC32, told.ChecksumType]).toEqual([whole, "FULL_OBJECT"]);
    const { ObjectParts } = await world.s3.send(
      new GetObjectAttributesCommand({ Bucket: ref.Bucket, Key: ref.Key, ObjectAttributes: ["ObjectParts"] }),
    );
    expect(ObjectParts).toEqual({ TotalPartsCount: 2 });
  });
  test("have a kind only where they have an algorithm", async () => {
    const Bucket = await world.newBucket();
    const sent = world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "a", ChecksumType: "FULL_OBJECT" }));
    expect(await failure(sent)).toEqual(["InvalidRequest", 400]);
  });
  test("are of the kind that the upload began with", async () => {
    const ref = await begun({ ChecksumAlgorithm: "CRC32" });
    const { ETag, ChecksumCRC32 } = await part(ref, 1, "whole", { ChecksumAlgorithm: "CRC32" });
    const completed = (ChecksumType: ChecksumType) => {
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
      return world.s3.send(new CompleteMultipartUploadCommand({ ...ref, MultipartUpload, ChecksumType }));
    };
    expect(await failure(completed("FULL_OBJECT"))).toEqual(["InvalidRequest", 400]);
    expect((await completed("COMPOSITE")).ChecksumType).toBe("COMPOSITE");
  });
  test("of SHA cannot be joined to one of the whole", async () => {
    const Bucket = await world.newBucket();
    const sent = world.s3.send(
      new CreateMultipartUploadCommand({ Bucket, Key: "a", ChecksumAlgorithm: "SHA256", ChecksumType: "FULL_OBJECT" }),
    );
    expect(await failure(sent)).toEqual(["InvalidRequest", 400]);
  });
});

describe("uploads under way", () => {
  test("are listed by key and by age, in pages, rolled up at a delimiter", async () => {
    const Bucket = await world.newBucket();
    const begin = async (Key: string) =>
      (await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }))).UploadId;
    await begin("a/1");
    await begin("a/2");
    const older = await begin("b");
    world.clock.advanceSeconds(1);
    const younger = await begin("b");
    const list = (more: object) => world.s3.send(new ListMultipartUploadsCommand({ Bucket, ...more }));
    const all = await list({});
    expect(all.Uploads?.map(({ Key }) => Key)).toEqual(["a/1", "a/2", "b", "b"]);
    expect(all.Uploads?.slice(2).map(({ UploadId }) => UploadId)).toEqual([older, younger]);
    const rolled = await list({ Delimiter: "/" });
    expect([rolled.CommonPrefixes, rolled.Uploads?.map(({ Key }) => Key)]).toEqual([[{ Prefix: "a/" }], ["b", "b"]]);
    const page = await list({ MaxUploads: 3 });
    expect([page.IsTruncated, page.NextKeyMarker, page.NextUploadIdMarker]).toEqual([true, "b", older]);
    const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    expect(rest.Uploads?.map(({ UploadId }) => UploadId)).toEqual([younger]);
  });
  test("go with their bucket", async () => {
    const ref = await begun();
    expect((await world.raw("DELETE", `/${ref.Bucket}`)).status).toBe(204);
    expect(await refusal(world.raw("GET", `/${ref.Bucket}?uploads`))).toEqual(["NoSuchBucket", 404]);
  });
});

import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { failure, s3World } from "../../../testing/s3-world.ts";

const world = s3World();
const MANY = 16;
const many = <T>(make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: MANY }, (_, index) => make(index)));
const Key = "k";

/** An upload of one part, ready to be completed. */
async function uploadOf(Bucket: string, text: string) {
  const { UploadId } = await world.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const { ETag } = await world.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: text }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  return {
    complete: (more: object = {}) =>
      world.s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload, ...more })),
    abort: () => world.s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })),
  };
}
const refusals = (outcomes: readonly (readonly [string, number | undefined] | undefined)[]) =>
  outcomes.filter((outcome) => outcome !== undefined);

describe("of requests that race for one key", () => {
  test("one completion of an upload makes the object, the others find no upload", async () => {
    const Bucket = await world.versionedBucket();
    const upload = await uploadOf(Bucket, "whole");
    const refused = refusals(await many(() => failure(upload.complete())));
    expect(refused).toEqual(Array.from({ length: MANY - 1 }, () => ["NoSuchUpload", 404]));
    const { Versions } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions?.length).toBe(1);
    expect(await world.text(Bucket, Key)).toBe("whole");
  });
  test("a completion and an abort of an upload do not both succeed", async () => {
    for (let round = 0; round < MANY; round += 1) {
      const Bucket = await world.newBucket();
      const upload = await uploadOf(Bucket, "whole");
      const both = round % 2 === 0 ? [upload.complete(), upload.abort()] : [upload.abort(), upload.complete()];
      expect(refusals(await Promise.all(both.map(failure)))).toEqual([["NoSuchUpload", 404]]);
      const { Uploads = [] } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket }));
      expect(Uploads).toEqual([]);
    }
  });
  test("one completion of many uploads makes an object that must not be there", async () => {
    const Bucket = await world.newBucket();
    const uploads = await many((index) => uploadOf(Bucket, `upload ${index}`));
    const outcomes = await Promise.all(uploads.map(({ complete }) => failure(complete({ IfNoneMatch: "*" }))));
    const refused = refusals(outcomes);
    expect(refused).toEqual(Array.from({ length: MANY - 1 }, () => ["PreconditionFailed", 412]));
    expect(await world.text(Bucket, Key)).toBe(`upload ${outcomes.indexOf(undefined)}`);
  });
  test("one put replaces the version that all of them name", async () => {
    const Bucket = await world.newBucket();
    const { ETag: IfMatch } = await world.put(Bucket, Key, "before");
    const put = (index: number) => new PutObjectCommand({ Bucket, Key, Body: `put ${index}`, IfMatch });
    const outcomes = await many((index) => failure(world.s3.send(put(index))));
    expect(refusals(outcomes)).toEqual(Array.from({ length: MANY - 1 }, () => ["PreconditionFailed", 412]));
    expect(await world.text(Bucket, Key)).toBe(`put ${outcomes.indexOf(undefined)}`);
  });
  test("a put or a delete of the version that both name succeeds, and the other one sees that", async () => {
    for (let round = 0; round < MANY; round += 1) {
      const Bucket = await world.newBucket();
      const { ETag: IfMatch } = await world.put(Bucket, Key, "before");
      const put = () => failure(world.s3.send(new PutObjectCommand({ Bucket, Key, Body: "after", IfMatch })));
      const remove = () => failure(world.s3.send(new DeleteObjectCommand({ Bucket, Key, IfMatch })));
      const [isPut, outcomes] =
        round % 2 === 0 ? [0, await Promise.all([put(), remove()])] : [1, await Promise.all([remove(), put()])];
      const hasPut = outcomes[isPut] === undefined;
      // A put that comes second finds no object; a delete that comes second finds another one.
      expect(refusals(outcomes)).toEqual([hasPut ? ["PreconditionFailed", 412] : ["NoSuchKey", 404]]);
      const { Versions = [] } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
      expect(Versions.length).toBe(hasPut ? 1 : 0);
    }
  });
  test("every put makes a version of its own, and the latest is the one that is read", async () => {
    const Bucket = await world.versionedBucket();
    const made = await many((index) => world.put(Bucket, Key, `put ${index}`));
    const { Versions = [] } = await world.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions.map(({ VersionId }) => VersionId).toSorted()).toEqual(
      made.map(({ VersionId }) => VersionId).toSorted(),
    );
    const latest = Versions.filter(({ IsLatest }) => IsLatest);
    expect(latest.map(({ VersionId }) => VersionId)).toEqual([Versions[0]?.VersionId]);
    const index = made.findIndex(({ VersionId }) => VersionId === latest[0]?.VersionId);
    expect(await world.text(Bucket, Key)).toBe(`put ${index}`);
  });
});

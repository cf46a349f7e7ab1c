import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Random } from "../../../engine/platform/random.ts";
import { bytesOf, clientOptions, Known, randomBelow, type Load } from "./known.ts";

const Bucket = "crash";
const MIB = 1024 * 1024;
/** Small ones lie on both sides of the size up to which a body lives in its record. */
const WRITERS = [
  { name: "small-a", slots: 8, lengthBytesMax: 8_000 },
  { name: "small-b", slots: 8, lengthBytesMax: 130_000 },
  { name: "large", slots: 2, lengthBytesMax: 5 * MIB },
];

/** The client's own CRC, in JavaScript, would take most of the time that there is for work. */
const QUICK = {
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
} as const;

interface Content {
  readonly seed: number;
  readonly lengthBytes: number;
}

/** An upload of parts that goes on after the engine has come back. */
interface Upload {
  readonly uploadId: string;
  readonly seed: number;
  readonly parts: Known<string>[];
}

const PART_BYTES = [5 * MIB, 5 * MIB + 1, 70_000];
const partOf = (seed: number, number: number) => bytesOf(seed + number, PART_BYTES[number] ?? 0);
const wholeOf = (seed: number) => Buffer.concat(PART_BYTES.map((_, number) => partOf(seed, number)));

/** Objects that are put, replaced and deleted, and one that is uploaded in parts again and again. */
export function objectLoad(random: Random): Load {
  const objects = new Map<string, Known<Content>>();
  const joined = new Known<number>();
  const upload = new Known<Upload>();
  for (const { name, slots } of WRITERS)
    for (let slot = 0; slot < slots; slot++) objects.set(`${name}/${slot}`, new Known());
  const clientOf = (endpoint: string) => new S3Client({ ...clientOptions(endpoint), ...QUICK, forcePathStyle: true });

  async function putOrDelete(s3: S3Client, { name, slots, lengthBytesMax }: (typeof WRITERS)[number]): Promise<void> {
    const Key = `${name}/${randomBelow(random, slots)}`;
    const known = objects.get(Key) as Known<Content>;
    if (randomBelow(random, 6) === 0)
      return known.change(undefined, () => s3.send(new DeleteObjectCommand({ Bucket, Key })));
    const least = name === "large" ? lengthBytesMax - 1000 : 0;
    const content = {
      seed: randomBelow(random, 1e9),
      lengthBytes: least + randomBelow(random, lengthBytesMax - least + 1),
    };
    const Body = bytesOf(content.seed, content.lengthBytes);
    return known.change(content, () => s3.send(new PutObjectCommand({ Bucket, Key, Body })));
  }

  /** Begins an upload, sends its next part, or completes it. */
  async function uploadNext(s3: S3Client): Promise<void> {
    const current = upload.acknowledged;
    if (!current) {
      const answer = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "joined" }));
      const parts = PART_BYTES.map(() => new Known<string>());
      upload.settle({ uploadId: answer.UploadId ?? "", seed: randomBelow(random, 1e9), parts });
      return;
    }
    const { uploadId: UploadId, seed, parts } = current;
    const next = parts.findIndex((part) => part.acknowledged === undefined);
    if (next >= 0) {
      const part = { Bucket, Key: "joined", UploadId, PartNumber: next + 1, Body: partOf(seed, next) };
      const { ETag } = await s3.send(new UploadPartCommand(part));
      parts[next]?.settle(ETag);
      return;
    }
    const Parts = parts.map(({ acknowledged }, number) => ({ PartNumber: number + 1, ETag: acknowledged }));
    const whole = { Bucket, Key: "joined", UploadId, MultipartUpload: { Parts } };
    await joined.change(seed, () => s3.send(new CompleteMultipartUploadCommand(whole)));
    upload.settle(undefined);
  }

  /** Reads an object that a listing told of, if any, and finds out which of its possible contents that is. */
  async function settle<T>(
    s3: S3Client,
    Key: string,
    listedBytes: number | undefined,
    known: Known<T>,
    contentOf: (state: T) => Buffer,
  ): Promise<void> {
    if (listedBytes === undefined) {
      expect({ Key, possible: known.possible }).toEqual({ Key, possible: expect.arrayContaining([undefined]) });
      return known.settle(undefined);
    }
    const answer = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    const found = known.possible.find((state) => state !== undefined && contentOf(state).equals(bytes));
    expect({ Key, isKnown: found !== undefined, listedBytes }).toEqual({
      Key,
      isKnown: true,
      listedBytes: bytes.byteLength,
    });
    known.settle(found);
  }

  async function checkUploads(s3: S3Client): Promise<void> {
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    const current = upload.acknowledged;
    if (!current) return;
    const isThere = Uploads.some(({ UploadId }) => UploadId === current.uploadId);
    // Completed and not answered: then the object is the one that it made.
    if (!isThere) {
      expect(joined.acknowledged).toBe(current.seed);
      return upload.settle(undefined);
    }
    expect(joined.acknowledged).not.toBe(current.seed);
    const { Parts = [] } = await s3.send(
      new ListPartsCommand({ Bucket, Key: "joined", UploadId: current.uploadId }),
    );
    for (const [number, { acknowledged }] of current.parts.entries()) {
      if (acknowledged === undefined) continue;
      const found = Parts.find(({ PartNumber }) => PartNumber === number + 1);
      expect(found).toMatchObject({ ETag: acknowledged, Size: PART_BYTES[number] });
    }
  }

  return {
    async prepare(endpoint) {
      await clientOf(endpoint).send(new CreateBucketCommand({ Bucket }));
    },
    clients(endpoint) {
      const s3 = clientOf(endpoint);
      return [...WRITERS.map((writer) => () => putOrDelete(s3, writer)), () => uploadNext(s3)];
    },
    async check(endpoint) {
      const s3 = clientOf(endpoint);
      const listed = new Map<string, number>();
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, MaxKeys: 5 }))
        for (const { Key = "", Size = 0 } of Contents) listed.set(Key, Size);
      for (const [Key, known] of objects)
        await settle(s3, Key, listed.get(Key), known, ({ seed, lengthBytes }) => bytesOf(seed, lengthBytes));
      await settle(s3, "joined", listed.get("joined"), joined, wholeOf);
      const there = [...objects, ["joined", joined] as const].filter(([, known]) => known.acknowledged !== undefined);
      expect([...listed.keys()]).toEqual(there.map(([Key]) => Key).toSorted());
      await checkUploads(s3);
      s3.destroy();
    },
    counts: () => ({
      objects: [...objects.values()].reduce((sum, { changes }) => sum + changes, 0),
      uploads: joined.changes,
    }),
  };
}

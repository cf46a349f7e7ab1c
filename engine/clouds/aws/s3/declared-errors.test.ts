import * as commands from "@aws-sdk/client-s3";
import { afterAll, beforeAll } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";
import { sweepDeclaredErrors, type Provocation } from "../../../testing/declared-errors.ts";
import { s3 as service } from "./service.ts";

let cloud: TestCloud;
let client: commands.S3Client;
let other: commands.S3Client;
// oxlint-disable no-explicit-any -- a command by its name
const call = (name: string, input: object): Promise<any> =>
  client.send(new (commands as any)[`${name}Command`](input));
// oxlint-enable no-explicit-any
beforeAll(async () => {
  cloud = await startCloud();
  client = new commands.S3Client({ ...cloud.aws("111111111111", "eu-west-1"), forcePathStyle: true });
  other = new commands.S3Client({ ...cloud.aws("222222222222", "eu-west-1"), forcePathStyle: true });
  await call("CreateBucket", { Bucket: "mine" });
  await other.send(new commands.CreateBucketCommand({ Bucket: "theirs" }));
  await call("PutObject", { Bucket: "mine", Key: "cold", Body: "x", StorageClass: "GLACIER" });
});
afterAll(async () => {
  client.destroy();
  other.destroy();
  await cloud.stop();
});

const NEVER = new Date("2100-01-01");
const missing = { Bucket: "mine", Key: "none" };
const noKey = (["GetObject", "GetObjectAcl", "GetObjectAttributes", "PutObjectAcl"] as const).map(
  (operation): Provocation => [
    "NoSuchKey",
    operation,
    { ...missing, ...(operation === "GetObjectAttributes" && { ObjectAttributes: ["ETag"] }), ACL: "private" },
  ],
);

sweepDeclaredErrors({
  service,
  call,
  provoked: [
    ...noKey,
    ["NoSuchBucket", "ListObjects", { Bucket: "no-such-bucket" }],
    ["NoSuchBucket", "ListObjectsV2", { Bucket: "no-such-bucket" }],
    ["NoSuchUpload", "AbortMultipartUpload", { ...missing, UploadId: "none" }],
    ["BucketAlreadyOwnedByYou", "CreateBucket", { Bucket: "mine" }],
    ["BucketAlreadyExists", "CreateBucket", { Bucket: "theirs" }],
    ["InvalidObjectState", "GetObject", { Bucket: "mine", Key: "cold" }],
    ["InvalidRequest", "PutObject", { ...missing, ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: NEVER }],
  ],
  never: {
    "HeadBucket NoSuchBucket": "an answer without a body says 404 only (NotFound)",
    "HeadObject NoSuchKey": "an answer without a body says 404 only (NotFound)",
    ObjectNotInActiveTierError: "the service says InvalidObjectState in practice, and so it does here",
    ObjectAlreadyInActiveTierError: "the service says InvalidObjectState in practice, and so it does here",
    InvalidWriteOffset: "appending is for directory buckets, which there are none of",
    TooManyParts: "appending is for directory buckets, which there are none of",
    EncryptionTypeMismatch: "appending is for directory buckets, which there are none of",
  },
});

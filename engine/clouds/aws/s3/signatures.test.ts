import { createHmac } from "node:crypto";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";
import { failure, refusal } from "../../../testing/s3-world.ts";

const SECRET = "wJalrXUtnFEMI/K7MDENG";
let cloud: TestCloud;
const clients: S3Client[] = [];

const clientWith = (secretAccessKey: string): S3Client => {
  const credentials = { accessKeyId: "111111111111", secretAccessKey };
  const client = new S3Client({ ...cloud.aws(), credentials, forcePathStyle: true });
  clients.push(client);
  return client;
};
const Bucket = "signed";
let s3: S3Client;

beforeAll(async () => {
  cloud = await startCloud({ secretKey: SECRET });
  s3 = clientWith(SECRET);
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a b/ü+.txt", Body: "hello" }));
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await cloud.stop();
});

describe("with a secret key, requests are served", () => {
  test("that are signed with it, whatever their key spells", async () => {
    const got = await s3.send(new GetObjectCommand({ Bucket, Key: "a b/ü+.txt" }));
    expect(await got.Body?.transformToString()).toBe("hello");
  });
  test("not those that are signed with another one", async () => {
    const other = clientWith("another");
    expect(await failure(other.send(new GetObjectCommand({ Bucket, Key: "a b/ü+.txt" })))).toEqual([
      "SignatureDoesNotMatch",
      403,
    ]);
    const sqs = new SQSClient({ ...cloud.aws(), credentials: { accessKeyId: "1", secretAccessKey: "another" } });
    expect(await failure(sqs.send(new ListQueuesCommand({})))).toEqual(["InvalidSignatureException", 403]);
    sqs.destroy();
  });
  test("not those that nobody signed", async () => {
    expect(await refusal(fetch(`${cloud.endpoint}/${Bucket}/a`))).toEqual(["AccessDenied", 403]);
  });
  test("that the old way signs, in a header and in an address", async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: "old", Body: "old" }));
    const expires = String(Math.floor(cloud.engine.clock.nowMs() / 1000) + 60);
    const address = (secret: string) => {
      const Signature = createHmac("sha1", secret).update(`GET\n\n\n${expires}\n/${Bucket}/old`).digest("base64");
      const query = new URLSearchParams({ AWSAccessKeyId: "111111111111", Expires: expires, Signature });
      return fetch(`${cloud.endpoint}/${Bucket}/old?${query.toString()}`);
    };
    expect(await (await address(SECRET)).text()).toBe("old");
    expect(await refusal(address("another"))).toEqual(["SignatureDoesNotMatch", 403]);
    const date = new Date(cloud.engine.clock.nowMs()).toUTCString();
    const text = `GET\n\n\n\nx-amz-date:${date}\n/${Bucket}/old`;
    const signature = createHmac("sha1", SECRET).update(text).digest("base64");
    const headers = { authorization: `AWS 111111111111:${signature}`, "x-amz-date": date };
    expect((await fetch(`${cloud.endpoint}/${Bucket}/old`, { headers })).status).toBe(200);
  });
  test("of browsers' forms whose policy is signed with it", async () => {
    const expiration = new Date(cloud.engine.clock.nowMs() + 60_000).toISOString();
    const conditions = [{ bucket: Bucket }, ["starts-with", "$key", ""]];
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
    const post = (secret: string) => {
      const form = new FormData();
      form.set("key", "form");
      form.set("policy", policy);
      form.set("AWSAccessKeyId", "111111111111");
      form.set("signature", createHmac("sha1", secret).update(policy).digest("base64"));
      form.set("file", new Blob(["from a form"]), "file.txt");
      return fetch(`${cloud.endpoint}/${Bucket}`, { method: "POST", body: form });
    };
    expect((await post(SECRET)).status).toBe(204);
    expect(await refusal(post("another"))).toEqual(["SignatureDoesNotMatch", 403]);
  });
});

import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../engine/platform/random.ts";
import { postgresPrograms, startPostgres, type PostgresCluster } from "../../engine/testing/postgres-cluster.ts";
import { cloudstack, emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";

const MIB = 1024 * 1024;
const SECRET = "signs every request for bodies";
const programs = postgresPrograms();
if (programs === undefined) console.warn("SKIPPED: PostgreSQL is not installed");

const bytesOf = (seed: number, lengthBytes: number) => Buffer.alloc(lengthBytes, seededRandom(seed).bytes(4093));
const md5 = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

describe.skipIf(programs === undefined)("two engines on one PostgreSQL, bodies in a third one's bucket", () => {
  let cluster: PostgresCluster;
  let bodies: RunningServer;
  let first: RunningServer;
  let second: RunningServer;
  let environment: Record<string, string>;
  let database: string;
  let place: string;
  const folders = ["bodies", "first", "second"].map(() => emptyFolder());
  const [bodiesFolder, firstFolder, secondFolder] = folders.map(({ path }) => path) as [string, string, string];
  const clients: S3Client[] = [];

  const s3 = (server: RunningServer, secretAccessKey = "secret") => {
    const client = new S3Client({
      endpoint: server.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "111111111111", secretAccessKey },
      forcePathStyle: true,
    });
    clients.push(client);
    return client;
  };
  const read = async (server: RunningServer, Key: string, Range?: string) => {
    const { Body } = await s3(server).send(new GetObjectCommand({ Bucket: "shared", Key, Range }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const start = (folder: string, ...more: string[]) =>
    startServer(folder, ["--store", database, "--blobs", place, ...more], environment);
  const storedBodies = async () => {
    const keys: string[] = [];
    const pages = paginateListObjectsV2({ client: s3(bodies, SECRET) }, { Bucket: "bodies" });
    for await (const { Contents = [] } of pages) for (const { Key = "" } of Contents) keys.push(Key);
    return keys;
  };

  beforeAll(async () => {
    cluster = await startPostgres(programs ?? "");
    database = await cluster.newDatabase();
    bodies = await startServer(bodiesFolder, ["--secret-key", SECRET]);
    await s3(bodies, SECRET).send(new CreateBucketCommand({ Bucket: "bodies" }));
    place = `s3://bodies/of-two?endpoint=${bodies.endpoint}`;
    environment = { AWS_ACCESS_KEY_ID: "111111111111", AWS_SECRET_ACCESS_KEY: SECRET };
    [first, second] = await Promise.all([start(firstFolder), start(secondFolder)]);
    await s3(first).send(new CreateBucketCommand({ Bucket: "shared" }));
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    for (const server of [first, second, bodies]) await server?.end("SIGTERM");
    await cluster.stop();
    for (const folder of folders) folder.remove();
  });

  test("say so when they start", () => {
    const { host } = new URL(bodies.endpoint);
    expect(first.banner).toContain(`(postgres, bodies in s3://bodies/of-two/ at ${host})`);
  });

  test("read each other's objects, whole and in ranges, and keep no file of them", async () => {
    const large = bytesOf(1, 20 * MIB + 1);
    await s3(first).send(new PutObjectCommand({ Bucket: "shared", Key: "small", Body: "hello" }));
    await s3(second).send(new PutObjectCommand({ Bucket: "shared", Key: "large", Body: large }));
    expect((await read(second, "small")).toString()).toBe("hello");
    expect(md5(await read(first, "large"))).toBe(md5(large));
    const range = await read(first, "large", "bytes=8388600-8388620");
    expect(range).toEqual(large.subarray(8_388_600, 8_388_621));
    expect(await storedBodies()).toEqual([expect.stringMatching(/^of-two\/[0-9a-f]{32}$/), "of-two/owner.txt"]);
    for (const folder of [firstFolder, secondFolder]) {
      const left = existsSync(join(folder, ".cloudstacks")) ? readdirSync(join(folder, ".cloudstacks")) : [];
      expect(left).not.toContain("blobs");
    }
  });

  test("go on with each other's uploads", async () => {
    const parts = [bytesOf(2, 5 * MIB), bytesOf(3, 5 * MIB), bytesOf(4, 100)];
    const upload = { Bucket: "shared", Key: "joined" };
    const { UploadId } = await s3(first).send(new CreateMultipartUploadCommand(upload));
    const Parts = [];
    for (const [index, Body] of parts.entries()) {
      const part = { ...upload, UploadId, PartNumber: index + 1, Body };
      const { ETag } = await s3(index === 1 ? second : first).send(new UploadPartCommand(part));
      Parts.push({ PartNumber: index + 1, ETag });
    }
    const whole = { ...upload, UploadId, MultipartUpload: { Parts } };
    await s3(second).send(new CompleteMultipartUploadCommand(whole));
    expect(md5(await read(first, "joined"))).toBe(md5(Buffer.concat(parts)));
  });

  test("lose nothing acknowledged when one of them is killed", async () => {
    const put: string[] = [];
    const client = s3(first);
    const Body = bytesOf(5, 200_000);
    const working = (async () => {
      for (let n = 0; ; n++) {
        await client.send(new PutObjectCommand({ Bucket: "shared", Key: `killed/${n}`, Body }));
        put.push(`killed/${n}`);
        if (put.length === 12) void first.end("SIGKILL");
      }
    })();
    await expect(working).rejects.not.toHaveProperty("$response.statusCode");
    for (const key of put) expect(md5(await read(second, key))).toBe(md5(Body));
    first = await start(firstFolder);
    expect(md5(await read(first, put.at(-1) ?? ""))).toBe(md5(Body));
  });

  test("serve what is small while the bodies are away, refuse the rest, and go on when they are back", async () => {
    const port = new URL(bodies.endpoint).port;
    await bodies.end("SIGKILL");
    expect((await read(first, "small")).toString()).toBe("hello");
    const Body = bytesOf(6, 100_000);
    const refused = s3(first).send(new PutObjectCommand({ Bucket: "shared", Key: "later", Body }));
    await expect(refused).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
    bodies = await startServer(bodiesFolder, ["--secret-key", SECRET, "--port", port]);
    await s3(first).send(new PutObjectCommand({ Bucket: "shared", Key: "later", Body }));
    expect(md5(await read(second, "later"))).toBe(md5(Body));
  });

  test("are not started without their bodies, nor with another store's", async () => {
    const run = (more: string[]) => cloudstack(["status", ...more], firstFolder, environment);
    const without = await run(["--store", database]);
    expect([without.code, without.err]).toEqual([
      1, "error: The bodies of this store are in s3://bodies/of-two/: give --blobs with that place.\n",
    ]);
    const other = await run(["--store", await cluster.newDatabase(), "--blobs", place]);
    expect([other.code, other.err]).toEqual([
      1,
      "error: The bodies in s3://bodies/of-two/ belong to another store, which would delete this one's as garbage. " +
        "Give each store a prefix of its own.\n",
    ]);
  });
});

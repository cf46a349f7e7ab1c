import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { postgresPrograms, startPostgres, type PostgresCluster } from "../../engine/testing/postgres-cluster.ts";
import { cloudstack, emptyFolder, ROOT, startServer, type RunningServer } from "./kit/cloudstack.ts";

const programs = postgresPrograms();
if (programs === undefined) console.warn("SKIPPED: PostgreSQL is not installed");

describe.skipIf(programs === undefined)("two engines on one PostgreSQL", () => {
  let cluster: PostgresCluster;
  let folder: ReturnType<typeof emptyFolder>;
  let first: RunningServer;
  let second: RunningServer;
  beforeAll(async () => {
    cluster = await startPostgres(programs ?? "");
    folder = emptyFolder();
    const store = ["--store", await cluster.newDatabase()];
    first = await startServer(folder.path, store);
    second = await startServer(folder.path, store);
  });
  afterAll(async () => {
    await first.end("SIGTERM");
    await second.end("SIGTERM");
    await cluster.stop();
    folder.remove();
  });

  const s3 = (server: RunningServer) =>
    new S3Client({
      endpoint: server.endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "111111111111", secretAccessKey: "secret" },
      forcePathStyle: true,
    });

  test("see each other's objects, small and large", async () => {
    const large = Buffer.alloc(300_000, "x");
    await s3(first).send(new CreateBucketCommand({ Bucket: "shared" }));
    await s3(first).send(new PutObjectCommand({ Bucket: "shared", Key: "small", Body: "hello" }));
    await s3(second).send(new PutObjectCommand({ Bucket: "shared", Key: "large", Body: large }));
    const read = async (server: RunningServer, key: string) =>
      (await s3(server).send(new GetObjectCommand({ Bucket: "shared", Key: key }))).Body?.transformToByteArray();
    expect(Buffer.from((await read(second, "small")) ?? []).toString()).toBe("hello");
    expect(large.equals(Buffer.from((await read(first, "large")) ?? []))).toBe(true);
  });

  test("deploy through one, plan empty through the other", async () => {
    copyFileSync(join(ROOT, "templates/web.yaml"), join(folder.path, "web.yaml"));
    const through = (server: RunningServer, ...args: string[]) =>
      cloudstack(args, folder.path, { CLOUDSTACKS_ENDPOINT: server.endpoint });
    expect((await through(first, "deploy", "web.yaml", "--yes")).out).toContain("deployed web (serial 1)");
    expect(await through(second, "plan", "web.yaml", "--detailed-exitcode")).toMatchObject({ code: 0, err: "" });
    expect((await through(second, "destroy", "web", "--yes")).code).toBe(0);
    expect((await through(first, "stacks")).out).toContain("There are no stacks.");
  });
});

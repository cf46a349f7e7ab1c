import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openEngine, serveEngine, type Server } from "../../compose.ts";
import { queues } from "../../services/queues/service.ts";
import { COMMANDS } from "../commands.ts";
import type { Engine } from "../engine.ts";

const SCOPE = { account: "000000000000", region: "us-east-1" };

let folder: string;
let engine: Engine;
let server: Server;

async function started(store: "memory" | "sqlite"): Promise<void> {
  engine = await openEngine({ dataDirectory: folder, store, durability: "relaxed", logLevel: "error" });
  server = await serveEngine(engine, { port: 0, host: "127.0.0.1" });
}
async function stopped(): Promise<void> {
  await server.stop();
  await engine.close();
}
const s3 = (endpoint: string, fork?: string) => {
  const client = new S3Client({
    endpoint, region: SCOPE.region, forcePathStyle: true, maxAttempts: 1,
    credentials: { accessKeyId: SCOPE.account, secretAccessKey: "secret" },
  });
  client.middlewareStack.add((next) => (args) => {
    if (fork !== undefined) (args.request as { headers: Record<string, string> }).headers["x-cloudstacks-fork"] = fork;
    return next(args);
  }, { step: "build" });
  return client;
};
async function bucketsAt(endpoint: string, fork?: string): Promise<(string | undefined)[]> {
  const client = s3(endpoint, fork);
  const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
  client.destroy();
  return Buckets.map(({ Name }) => Name);
}
async function makeBucket(name: string, fork?: string): Promise<void> {
  const client = s3(server.endpoint, fork);
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
}
const createQueue = (of: Engine, queue: string) => of.calls.call(queues, "createQueue", { queue }, SCOPE);
const diff = (name: string) => COMMANDS.forkDiff(engine, SCOPE, { name });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-named-forks-"));
});
afterEach(async () => {
  await stopped();
  rmSync(folder, { recursive: true });
});

describe.each(["memory", "sqlite"] as const)("a server on %s", (store) => {
  beforeEach(() => started(store));

  it("serves several forks at once, by header and by a port of their own", async () => {
    await makeBucket("shared");
    await engine.forks.create("blue", { of: "main" });
    await engine.forks.create("green", { of: "main" });
    await makeBucket("only-blue", "blue");
    await makeBucket("only-green", "green");
    await makeBucket("only-main");
    const { endpoint = "" } = await COMMANDS.forkServe(engine, SCOPE, { name: "blue", port: 0 });
    expect(await bucketsAt(server.endpoint)).toEqual(["only-main", "shared"]);
    expect(await bucketsAt(server.endpoint, "blue")).toEqual(["only-blue", "shared"]);
    expect(await bucketsAt(server.endpoint, "green")).toEqual(["only-green", "shared"]);
    expect(await bucketsAt(endpoint)).toEqual(["only-blue", "shared"]);
    expect(await bucketsAt(endpoint, "main")).toEqual(["only-main", "shared"]);
    expect(engine.forks.list()).toMatchObject([
      { name: "blue", of: { fork: "main" }, endpoint }, { name: "green", of: { fork: "main" } },
    ]);
  });

  it("answers for the named fork on its own paths, too, and tells which there are when it is none", async () => {
    await engine.forks.create("blue", { of: "main" });
    await createQueue(await engine.forks.engineOf("blue"), "only-blue");
    const list = async (fork: string) => {
      const url = `${server.endpoint}/_cloudstack/commands/resources`;
      const answer = await fetch(url, { method: "POST", headers: { "x-cloudstacks-fork": fork } });
      return { status: answer.status, body: JSON.parse(await answer.text()) };
    };
    expect((await list("blue")).body.result.resources.map(({ id }: { id: string }) => id)).toEqual(["only-blue"]);
    expect((await list("main")).body.result.resources).toEqual([]);
    expect(await list("red")).toMatchObject({
      status: 404, body: { error: { code: "ForkNotFound", message: 'There is no fork "red": blue.' } },
    });
  });

  it("tells clients in the form that they read that there is no such fork", async () => {
    await engine.forks.create("blue", { of: "main" });
    const told = async (headers: Record<string, string>, more: RequestInit = {}) => {
      const request = { headers: { "x-cloudstacks-fork": "red", ...headers }, ...more };
      const answer = await fetch(`${server.endpoint}/`, request);
      expect(answer.status).toBe(404);
      return answer.text();
    };
    expect(await told({})).toMatch(/<Code>ForkNotFound<\/Code><Message>There is no fork .*red.*: blue.<\/Message>/);
    const target = { "x-amz-target": "AmazonSQS.ListQueues", "content-type": "application/x-amz-json-1.0" };
    expect(JSON.parse(await told(target, { method: "POST", body: "{}" }))).toMatchObject({
      message: 'There is no fork "red": blue.',
    });
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const body = "Action=GetCallerIdentity&Version=2011-06-15";
    expect(await told(form, { method: "POST", body })).toMatch(/^<ErrorResponse.*<Code>ForkNotFound<\/Code>/s);
  });

  it("tells what a fork has changed, by resource and property, and which records beside", async () => {
    await createQueue(engine, "kept");
    await createQueue(engine, "deleted");
    await makeBucket("photos");
    await engine.forks.create("blue", { of: "main" });
    expect(await diff("blue")).toEqual({ fork: "blue", resources: [], records: {} });
    const blue = await engine.forks.engineOf("blue");
    await blue.calls.call(queues, "deleteQueue", { queue: "deleted" }, SCOPE);
    await createQueue(blue, "created");
    const changed = { queue: "kept", settings: { visibilityTimeoutSeconds: 77 } };
    await blue.calls.call(queues, "updateQueue", changed, SCOPE);
    const client = s3(server.endpoint, "blue");
    await client.send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow" }));
    client.destroy();
    await createQueue(engine, "of-main-later");
    const { resources, records } = await diff("blue");
    expect(resources.map(({ type, id, action }) => `${action} ${type} ${id}`)).toEqual([
      "create Queue created", "delete Queue deleted", "update Queue kept",
    ]);
    expect(resources[2]?.properties).toEqual([{ path: "VisibilityTimeout", before: 30, after: 77 }]);
    expect(Object.keys(records)).toContain("objects");
  });

  it("lets each fork have its own time", async () => {
    await engine.forks.create("blue", { of: "main" });
    const blue = await engine.forks.engineOf("blue");
    await blue.time.advance(3_600_000);
    expect(blue.clock.nowMs() - engine.clock.nowMs()).toBeGreaterThan(3_500_000);
  });

  it("drops a fork with its port, and refuses one that others were made of", async () => {
    await engine.forks.create("blue", { of: "main" });
    const blue = await engine.forks.engineOf("blue");
    await COMMANDS.forkCreate(blue, SCOPE, { name: "blue-child" });
    const { endpoint = "" } = await engine.forks.serve("blue", 0);
    await expect(engine.forks.drop("blue")).rejects.toThrow(
      'Forks were made of "blue", which must be dropped first: blue-child.');
    await engine.forks.drop("blue-child");
    await engine.forks.drop("blue");
    await expect(fetch(endpoint)).rejects.toThrow("fetch failed");
    expect(engine.forks.list()).toEqual([]);
    await expect(engine.forks.drop("blue")).rejects.toThrow('There is no fork "blue"; nor any other.');
  });

  it("refuses names that are none, names that are given, and to forget what forks were made of", async () => {
    const create = (name: string) => engine.forks.create(name, { of: "main" });
    await create("blue");
    await expect(create("blue")).rejects.toMatchObject({ code: "ForkExists" });
    for (const name of ["Blue", "../blue", "", "-x", "x".repeat(64)])
      await expect(create(name)).rejects.toMatchObject({ code: "InvalidForkName" });
    for (const name of ["main", "list", "drop", "diff"])
      await expect(create(name)).rejects.toThrow(`"${name}" cannot be the name of a fork.`);
    await expect(engine.forks.create("red", { of: "grey" })).rejects.toMatchObject({ code: "ForkNotFound" });
    await expect(COMMANDS.reset(engine, SCOPE, {})).rejects.toThrow(
      "A state that forks were made of is not reset. Drop them first: blue.");
    await COMMANDS.reset(await engine.forks.engineOf("blue"), SCOPE, {});
  });

  it("forks a snapshot", async () => {
    await makeBucket("saved");
    const file = join(folder, "state.snapshot");
    await COMMANDS.snapshotSave(engine, SCOPE, { file });
    await makeBucket("later");
    await COMMANDS.forkCreate(engine, SCOPE, { name: "then", snapshot: file });
    expect(await bucketsAt(server.endpoint, "then")).toEqual(["saved"]);
    expect(engine.forks.list()).toMatchObject([{ name: "then", of: { snapshot: file } }]);
    await expect(COMMANDS.forkCreate(engine, SCOPE, { name: "none", snapshot: join(folder, "none") }))
      .rejects.toMatchObject({ code: "SnapshotRefused" });
    expect(await COMMANDS.status(await engine.forks.engineOf("then"), SCOPE, {}))
      .toMatchObject({ fork: "then", resources: { Bucket: 1 } });
  });
});

it("a server that is started again has the forks of before, each with its changes", async () => {
  await started("sqlite");
  await makeBucket("shared");
  await engine.forks.create("blue", { of: "main" });
  await makeBucket("only-blue", "blue");
  await stopped();
  await started("sqlite");
  await makeBucket("later");
  expect(await bucketsAt(server.endpoint, "blue")).toEqual(["only-blue", "shared"]);
});

import { afterEach, describe, expect, it } from "vitest";
import { openBody } from "../../kernel/joined-body.ts";
import { startCloud, type TestCloud } from "../../testing/cloud.ts";
import { objects } from "../../services/objects/service.ts";
import { queues } from "../../services/queues/service.ts";
import { listResources } from "../list-resources.ts";
import type { Engine } from "../engine.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" };
const LARGE = Buffer.alloc(200_000, "large");

const namesOf = async (engine: Engine, type: string) => (await listResources(engine, SCOPE, type)).map(({ id }) => id);
const put = (engine: Engine, key: string, body: Uint8Array) =>
  engine.calls.call(objects, "putObject", { bucket: "photos", key }, { ...SCOPE, body });
async function read(engine: Engine, key: string): Promise<Buffer> {
  const { body } = await engine.calls.call(objects, "getObject", { bucket: "photos", key }, SCOPE);
  const chunks: Uint8Array[] = [];
  if (body) for await (const chunk of openBody(engine.blobs, body)) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

describe("a fork of an engine", () => {
  let cloud: TestCloud;
  afterEach(() => cloud.stop());

  it("has what the base has, and keeps to itself what it makes, deletes and stores", async () => {
    cloud = await startCloud();
    const { engine } = cloud;
    await engine.calls.call(objects, "createBucket", { bucket: "photos" }, SCOPE);
    await engine.calls.call(queues, "createQueue", { queue: "jobs" }, SCOPE);
    await put(engine, "ours", LARGE);
    const fork = await engine.fork();
    expect(await namesOf(fork, "Bucket")).toEqual(["photos"]);
    expect(await read(fork, "ours")).toEqual(LARGE);
    await fork.calls.call(queues, "deleteQueue", { queue: "jobs" }, SCOPE);
    await fork.calls.call(queues, "createQueue", { queue: "forked" }, SCOPE);
    await put(fork, "theirs", Buffer.concat([LARGE, LARGE]));
    expect((await read(fork, "theirs")).byteLength).toBe(400_000);
    expect([await namesOf(fork, "Queue"), await namesOf(engine, "Queue")]).toEqual([["forked"], ["jobs"]]);
    await expect(read(engine, "theirs")).rejects.toThrow("theirs");
    await fork.close();
    expect(await namesOf(engine, "Queue")).toEqual(["jobs"]);
  });
});

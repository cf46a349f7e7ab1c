import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import { manualClock } from "../../platform/clock.ts";
import { composeEngine } from "../../compose.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { startCloud, type TestCloud } from "../../testing/cloud.ts";

const START_MS = Date.parse("2030-01-01T00:00:00Z");
const DAY_MS = 86_400_000;

async function started(parts: Parameters<typeof startCloud>[0] = {}): Promise<TestCloud> {
  const cloud = await startCloud(parts);
  onTestFinished(() => cloud.stop());
  return cloud;
}

/** An engine on a store that others share, whose machine's clock stands. */
async function engineOn(store: ReturnType<typeof memoryStore>) {
  const engine = composeEngine({ store, blobs: memoryBlobStore(), clock: manualClock() });
  await engine.start();
  return engine;
}

test("what falls due within the time that passes has happened when the command returns", async () => {
  const { aws, engine } = await started({ clock: manualClock() });
  const s3 = new S3Client({ ...aws(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "logs" }));
  const Rules = [{ ID: "old", Status: "Enabled" as const, Filter: {}, Expiration: { Days: 30 } }];
  const LifecycleConfiguration = { Rules };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: "logs", LifecycleConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: "logs", Key: "today.txt", Body: "x" }));
  const keys = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: "logs" }))).Contents ?? []).map(({ Key }) => Key);
  await engine.time.advance(29 * DAY_MS);
  expect(await keys()).toEqual(["today.txt"]);
  const moved = await engine.time.advance(2 * DAY_MS);
  expect(await keys()).toEqual([]);
  expect(moved.jobs).toBeGreaterThan(0);
  expect(moved).toMatchObject({ nowMs: START_MS + 31 * DAY_MS, machineMs: START_MS, isFrozen: false });
});

test("work that recurs is done at each of its times, not once for all of them", async () => {
  const { engine } = await started({ clock: manualClock() });
  // The sweep of bodies that no record uses, each hour.
  expect((await engine.time.advance(DAY_MS)).jobs).toBe(24);
  expect((await engine.time.advance(DAY_MS / 2)).jobs).toBe(12);
});

test("a frozen clock stands until it is advanced, and runs on from there when it is let go", async () => {
  const base = manualClock();
  const { engine } = await started({ clock: base });
  await engine.time.freeze("2028-02-29T12:00:00Z");
  base.advanceSeconds(60);
  expect(engine.time.show()).toEqual({
    nowMs: Date.parse("2028-02-29T12:00:00Z"),
    machineMs: START_MS + 60_000,
    isFrozen: true,
  });
  await engine.time.advance(1000);
  await engine.time.unfreeze();
  base.advanceSeconds(1);
  expect(engine.time.show().nowMs).toBe(Date.parse("2028-02-29T12:00:02Z"));
  await engine.time.reset();
  expect(engine.time.show()).toEqual({ nowMs: START_MS + 61_000, machineMs: START_MS + 61_000, isFrozen: false });
});

test("what the clock was set to outlives the engine, is heeded by others on its store, and is told", async () => {
  const store = memoryStore();
  const [first, second] = [await engineOn(store), await engineOn(store)];
  await first.time.advance(5 * DAY_MS);
  await expect.poll(() => second.time.show().nowMs).toBe(START_MS + 5 * DAY_MS);
  await first.time.freeze();
  const third = await engineOn(store);
  onTestFinished(() => third.close());
  expect(third.time.show()).toMatchObject({ nowMs: START_MS + 5 * DAY_MS, isFrozen: true });
  expect(await third.time.events()).toMatchObject([
    { what: "advanced", fromMs: START_MS, toMs: START_MS + 5 * DAY_MS, jobs: expect.any(Number) },
    { what: "frozen", fromMs: START_MS + 5 * DAY_MS, toMs: START_MS + 5 * DAY_MS },
  ]);
});

test("a time is UTC unless it names a zone", async () => {
  const { engine } = await started({ clock: manualClock() });
  const frozenAt = async (text: string) => new Date((await engine.time.freeze(text)).nowMs).toISOString();
  expect(await frozenAt("2030-06-01")).toBe("2030-06-01T00:00:00.000Z");
  expect(await frozenAt("2030-06-01T12:30")).toBe("2030-06-01T12:30:00.000Z");
  expect(await frozenAt("2030-06-01T12:30:15.5")).toBe("2030-06-01T12:30:15.500Z");
  expect(await frozenAt("2030-06-01T12:30:00+02:00")).toBe("2030-06-01T10:30:00.000Z");
});

test("a time that is none, one that no date has, and a way back, are refused", async () => {
  const { engine } = await started();
  const invalid = { code: "InvalidTime", kind: "invalidInput" };
  for (const text of ["yesterday", "12", "2030-13-01", "1969-12-31", "June 1, 2030"])
    await expect(engine.time.freeze(text)).rejects.toMatchObject(invalid);
  await expect(engine.time.advance(9000 * 365 * DAY_MS)).rejects.toMatchObject(invalid);
  await expect(engine.time.advance(Number.MAX_VALUE)).rejects.toMatchObject(invalid);
  await expect(engine.time.advance(-1)).rejects.toMatchObject(invalid);
  await expect(engine.time.advance(0)).rejects.toMatchObject(invalid);
  expect(await engine.time.events()).toEqual([]);
});

test("advances that are asked for at once follow one another", async () => {
  const { engine } = await started({ clock: manualClock() });
  await Promise.all([engine.time.advance(1000), engine.time.advance(2000), engine.time.advance(3000)]);
  expect(engine.time.show().nowMs).toBe(START_MS + 6000);
  expect((await engine.time.events()).map(({ fromMs }) => fromMs - START_MS)).toEqual([0, 1000, 3000]);
});

test("clients go on signing by the machine's time, whatever the engine's clock shows", async () => {
  const { aws, engine } = await started({ secretKey: "secret" });
  for (const move of [
    () => engine.time.advance(400 * DAY_MS),
    () => engine.time.freeze("2001-01-01T00:00:00Z"),
    () => engine.time.freeze("2099-01-01T00:00:00Z"),
  ]) {
    await move();
    const s3 = new S3Client({ ...aws(), forcePathStyle: true });
    for (let time = 0; time < 2; time += 1)
      expect((await s3.send(new ListBucketsCommand({}))).$metadata.httpStatusCode).toBe(200);
  }
});

test("a presigned address ends with its time, counted from when it was signed, when the clock is moved", async () => {
  const base = manualClock();
  const { aws, endpoint, engine } = await started({ clock: base });
  const s3 = new S3Client({ ...aws(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a", Body: "1" }));
  const presigned = (expires: number) => {
    const stamp = new Date(base.nowMs()).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
    const credential = encodeURIComponent(`111111111111/${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`);
    return (
      `${endpoint}/photos/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${credential}&X-Amz-Date=${stamp}` +
      `&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=${"0".repeat(64)}`
    );
  };
  const early = presigned(3600);
  expect((await fetch(early)).status).toBe(200);
  base.advanceSeconds(1);
  await engine.time.advance(2 * 3_600_000);
  base.advanceSeconds(1);
  expect((await fetch(early)).status).toBe(403);
  expect((await fetch(presigned(3600))).status).toBe(200);
});

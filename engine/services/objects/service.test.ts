import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { openBody } from "../../kernel/joined-body.ts";
import { serviceUnderTest, type ServiceUnderTest } from "../../testing/service-calls.ts";
import { objects } from "./service.ts";

type Objects = ServiceUnderTest<typeof objects>;
const bucket = "photos";

async function withBucket(): Promise<Objects> {
  const service = serviceUnderTest(objects, [], { blobs: memoryBlobStore() });
  await service.call("createBucket", { bucket });
  return service;
}
const put = (service: Objects, key: string, body = "", more: object = {}) =>
  service.call("putObject", { bucket, key, ...more }, { body: Buffer.from(body) });

async function read(service: Objects, key: string, more: object = {}): Promise<string> {
  const { body, range } = await service.call("getObject", { bucket, key, ...more });
  if (!body || body.sizeBytes === 0) return "";
  const chunks: Buffer[] = [];
  for await (const chunk of openBody(service.calls.blobs, body, range)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
const codeOf = (sent: Promise<unknown>) =>
  sent.then(
    () => "done",
    (problem: { code: string }) => problem.code,
  );

const inBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** What a listing must say, from the sorted keys alone. */
function modelPage(
  keys: readonly string[],
  prefix: string,
  delimiter: string | undefined,
  after: string | undefined,
  limit: number,
) {
  const found: { key?: string; prefix?: string }[] = [];
  for (const key of [...keys].sort(inBytes)) {
    if (!key.startsWith(prefix)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const rolled = end < 0 ? undefined : key.slice(0, end + (delimiter ?? "").length);
    if (after !== undefined && (inBytes(key, after) <= 0 || rolled === after)) continue;
    if (rolled !== undefined && found.at(-1)?.prefix === rolled) continue;
    found.push(rolled === undefined ? { key } : { prefix: rolled });
  }
  return { page: found.slice(0, limit), isCut: found.length > limit && limit > 0 };
}

describe("a listing", () => {
  it("equals the sorted keys, whatever the prefix, delimiter and page size", async () => {
    const letters = fc.constantFrom("a", "b", "/", "//", "é", "\u{1F600}", "\uFFFD", "z");
    const key = fc.array(letters, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.constantFrom("", "a", "a/", "é", "b//"),
        fc.constantFrom(undefined, "/", "//", "a"),
        fc.integer({ min: 1, max: 7 }),
        async (keys, prefix, delimiter, limit) => {
          const service = await withBucket();
          for (const one of keys) await put(service, one);
          let after: string | undefined;
          for (;;) {
            const got = await service.call("listObjects", {
              bucket,
              prefix,
              limit,
              ...(delimiter && { delimiter }),
              ...(after && { after }),
            });
            const expected = modelPage(keys, prefix, delimiter, after, limit);
            expect(got.objects.map((object) => object.key)).toEqual(expected.page.flatMap((one) => one.key ?? []));
            expect(got.prefixes).toEqual(expected.page.flatMap((one) => one.prefix ?? []));
            expect(got.isCut).toBe(expected.isCut);
            if (!got.isCut) return;
            after = got.last;
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("leaves deleted objects out and goes on behind them", async () => {
    const service = await withBucket();
    await service.call("putBucketVersioning", { bucket, versioning: "enabled" });
    for (let i = 0; i < 80; i++) await put(service, `k${String(i).padStart(2, "0")}`);
    for (let i = 0; i < 79; i++) await service.call("deleteObject", { bucket, key: `k${String(i).padStart(2, "0")}` });
    const { objects: found } = await service.call("listObjects", { bucket, limit: 1 });
    expect(found.map((object) => object.key)).toEqual(["k79"]);
  });
});

interface ModelVersion {
  id: string;
  body: string | undefined;
}

/** Versions of one key, newest first, as the rules say. */
class Model {
  state: "off" | "enabled" | "suspended" = "off";
  versions: ModelVersion[] = [];
  write(id: string, body: string | undefined): void {
    if (id === "null") this.versions = this.versions.filter((version) => version.id !== "null");
    this.versions.unshift({ id, body });
  }
}

describe("versions", () => {
  it("equal a model under any puts, deletes and changes of versioning", async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("put" as const), key: fc.constantFrom("a", "b") }),
      fc.record({ kind: fc.constant("delete" as const), key: fc.constantFrom("a", "b") }),
      fc.record({ kind: fc.constant("deleteVersion" as const), key: fc.constantFrom("a", "b"), at: fc.nat(6) }),
      fc.record({
        kind: fc.constant("versioning" as const),
        to: fc.constantFrom("enabled" as const, "suspended" as const),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const service = await withBucket();
        const models = { a: new Model(), b: new Model() };
        let written = 0;
        for (const one of steps) {
          if (one.kind === "versioning") {
            await service.call("putBucketVersioning", { bucket, versioning: one.to });
            models.a.state = models.b.state = one.to;
            continue;
          }
          const model = models[one.key as "a" | "b"];
          if (one.kind === "put") {
            const body = `body ${(written += 1)}`;
            model.write((await put(service, one.key, body)).versionId ?? "null", body);
          } else if (one.kind === "delete") {
            const { versionId } = await service.call("deleteObject", { bucket, key: one.key });
            if (model.state === "off") model.versions = [];
            else model.write(versionId ?? "null", undefined);
          } else {
            const version = model.versions[one.at];
            if (version) await service.call("deleteObject", { bucket, key: one.key, versionId: version.id });
            model.versions = model.versions.filter((other) => other !== version);
          }
        }
        const listed = await service.call("listObjectVersions", { bucket });
        expect(
          listed.versions.map(({ key, versionId, isLatest, isDeleteMarker }) => [
            key,
            versionId,
            isLatest,
            isDeleteMarker,
          ]),
        ).toEqual(
          (["a", "b"] as const).flatMap((key) =>
            models[key].versions.map(({ id, body }, at) => [key, id, at === 0, body === undefined]),
          ),
        );
        for (const key of ["a", "b"] as const) {
          for (const { id, body } of models[key].versions)
            if (body !== undefined) expect(await read(service, key, { versionId: id })).toBe(body);
          const latest = models[key].versions[0]?.body;
          if (latest !== undefined) expect(await read(service, key)).toBe(latest);
          else
            expect(await codeOf(read(service, key))).toBe(
              models[key].versions.length > 0 ? "ObjectIsDeleted" : "ObjectNotFound",
            );
        }
      }),
      { numRuns: 80 },
    );
  });

  it("are listed in pages without losing or repeating one", async () => {
    const service = await withBucket();
    await service.call("putBucketVersioning", { bucket, versioning: "enabled" });
    const expected: string[] = [];
    for (const key of ["a", "b/1", "b/2", "c"]) {
      const ids: string[] = [];
      for (let i = 0; i < 3; i++) ids.unshift((await put(service, key, String(i))).versionId ?? "");
      expected.push(...ids);
    }
    const found: string[] = [];
    let from = {};
    for (;;) {
      const page = await service.call("listObjectVersions", { bucket, limit: 2, ...from });
      found.push(...page.versions.map((version) => version.versionId));
      if (!page.isCut) break;
      from = { afterKey: page.nextKey, afterVersionId: page.nextVersionId };
    }
    expect(found).toEqual(expected);
  });
});

describe("bodies", () => {
  it("of every size come back whole, and their blobs are let go with the last version that uses them", async () => {
    const service = await withBucket();
    const sizes = [0, 1, 4096, 4097, 65_536, 65_537, 300_000];
    for (const size of sizes) {
      const body = "x".repeat(size);
      await put(service, `size-${size}`, body);
      expect(await read(service, `size-${size}`)).toBe(body);
    }
    await service.call("copyObject", { bucket, key: "copy", source: { bucket, key: "size-300000" } });
    await service.call("deleteObject", { bucket, key: "size-300000" });
    expect((await read(service, "copy")).length).toBe(300_000);
    await service.call("deleteObject", { bucket, key: "copy" });
    for (const size of sizes) await service.call("deleteObject", { bucket, key: `size-${size}` });
    await service.call("deleteBucket", { bucket });
    const left = await service.calls.store.read((tx) =>
      tx.range({ from: "" as never, to: "\xff" as never }, { limit: 10 }),
    );
    expect(left).toEqual([]);
  });

  it("are compared with the checksum and MD5 their writer states", async () => {
    const service = await withBucket();
    expect(await codeOf(put(service, "a", "1", { checksum: { algorithm: "crc32", value: "AAAAAA==" } }))).toBe(
      "ChecksumMismatch",
    );
    expect(await codeOf(put(service, "a", "1", { md5: "1B2M2Y8AsgTpgAmY7PhCfg==" }))).toBe("ChecksumMismatch");
    expect(await codeOf(read(service, "a"))).toBe("ObjectNotFound");
  });
});

describe("a bucket", () => {
  it("belongs to one account, whose others cannot see into it", async () => {
    const service = await withBucket();
    const other = { account: "222222222222" };
    expect(await codeOf(service.call("createBucket", { bucket }, other))).toBe("BucketNameTaken");
    expect(await codeOf(service.call("listObjects", { bucket }, other))).toBe("BucketOfAnotherAccount");
    expect((await service.call("listBuckets", {}, other)).buckets).toEqual([]);
  });

  it("is deleted only when it is empty, also of hidden versions", async () => {
    const service = await withBucket();
    await service.call("putBucketVersioning", { bucket, versioning: "enabled" });
    const { versionId = "" } = await put(service, "a");
    const marker = await service.call("deleteObject", { bucket, key: "a" });
    expect(await codeOf(service.call("deleteBucket", { bucket }))).toBe("BucketNotEmpty");
    await service.call("deleteObject", { bucket, key: "a", versionId });
    await service.call("deleteObject", { bucket, key: "a", versionId: marker.versionId ?? "" });
    await service.call("deleteBucket", { bucket });
    expect(await codeOf(service.call("getBucket", { bucket }))).toBe("BucketNotFound");
  });

  it.each([
    ["ab", false],
    ["a.b-c", true],
    ["A-b", false],
    ["a..b", false],
    ["10.0.0.1", false],
    ["xn--abc", false],
    ["a-s3alias", false],
  ])("may be called %s: %s", async (name, isAllowed) => {
    const service = serviceUnderTest(objects);
    expect(await codeOf(service.call("createBucket", { bucket: name }))).toBe(isAllowed ? "done" : "BucketNameInvalid");
  });

  it("protects what is locked until its time has come", async () => {
    const service = serviceUnderTest(objects, [], { blobs: memoryBlobStore() });
    await service.call("createBucket", { bucket, hasObjectLock: true });
    const untilMs = service.clock.nowMs() + 1000;
    const { versionId = "" } = await put(service, "a", "1", { retention: { mode: "compliance", untilMs } });
    expect(await codeOf(service.call("deleteObject", { bucket, key: "a", versionId, bypassesGovernance: true }))).toBe(
      "ObjectLocked",
    );
    service.clock.advanceMs(1001);
    expect(await codeOf(service.call("deleteObject", { bucket, key: "a", versionId }))).toBe("done");
  });
});

describe("writers at the same time", () => {
  it("of one key that must not exist: exactly one wins", async () => {
    const service = await withBucket();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        codeOf(put(service, "lock", String(at), { conditions: { ifNoneMatch: ["*"] } })),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "PreconditionFailed")).toHaveLength(19);
  });

  it("and a deletion of the bucket never leave an object without one", async () => {
    const service = await withBucket();
    const [deleted, written] = await Promise.all([
      codeOf(service.call("deleteBucket", { bucket })),
      codeOf(put(service, "a", "1")),
    ]);
    expect([
      ["done", "BucketNotFound"],
      ["BucketNotEmpty", "done"],
    ]).toContainEqual([deleted, written]);
  });

  it("of versions keep every one of them", async () => {
    const service = await withBucket();
    await service.call("putBucketVersioning", { bucket, versioning: "enabled" });
    const ids = await Promise.all(
      Array.from({ length: 20 }, async (_, at) => (await put(service, "a", String(at))).versionId),
    );
    const { versions } = await service.call("listObjectVersions", { bucket });
    expect(versions.map((version) => version.versionId).sort()).toEqual(ids.sort());
  });
});

describe("an upload in parts", () => {
  it("lets go of its parts when it is given up, and of those it did not use when it completes", async () => {
    const service = await withBucket();
    const part = (uploadId: string, partNumber: number) =>
      service.call("uploadPart", { bucket, key: "a", uploadId, partNumber }, { body: Buffer.alloc(100_000, "x") });
    const given = await service.call("createUpload", { bucket, key: "a" });
    await part(given.uploadId, 1);
    await service.call("abortUpload", { bucket, key: "a", uploadId: given.uploadId });
    const { uploadId } = await service.call("createUpload", { bucket, key: "a" });
    await part(uploadId, 1);
    const { etag } = await part(uploadId, 7);
    await service.call("completeUpload", { bucket, key: "a", uploadId, parts: [{ partNumber: 7, etag }] });
    expect((await read(service, "a")).length).toBe(100_000);
    await service.call("deleteObject", { bucket, key: "a" });
    await service.call("deleteBucket", { bucket });
    const left = await service.calls.store.read((tx) =>
      tx.range({ from: "" as never, to: "\xff" as never }, { limit: 10 }),
    );
    expect(left).toEqual([]);
  });

  it("has the checksum of its bytes, joined from those of its parts", async () => {
    const service = await withBucket();
    const { uploadId } = await service.call("createUpload", { bucket, key: "a" });
    const bodies = [Buffer.alloc(5 * 1024 ** 2, "x"), Buffer.from("end")];
    const parts = [];
    for (const [at, body] of bodies.entries()) {
      const { etag } = await service.call("uploadPart", { bucket, key: "a", uploadId, partNumber: at + 1 }, { body });
      parts.push({ partNumber: at + 1, etag });
    }
    const { checksum } = await service.call("completeUpload", { bucket, key: "a", uploadId, parts });
    const whole = await service.call("putObject", { bucket, key: "b" }, { body: Buffer.concat(bodies) });
    expect(checksum).toEqual(whole.checksum);
  });
});

import { describe, expect, it } from "vitest";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { bucketType } from "./resources.ts";
import { objects } from "./service.ts";

function underTest() {
  const service = serviceUnderTest(objects, [], { blobs: memoryBlobStore() });
  const ctx = {
    ...service.calls.contextOf(objects, { account: "111111111111", region: "us-east-1" }),
    owner: { stack: "Shop", logicalId: "Photo_Bucket" },
  };
  return { service, ctx, store: service.calls.store, handlers: bucketType.handlers };
}

describe("the Bucket resource", () => {
  it("is made as declared and read back the same", async () => {
    const { service, ctx, store, handlers } = underTest();
    const made = await store.transact((tx) => handlers.create(tx, bucketType.examples[0].properties, ctx));
    expect(made).toEqual({
      id: "example-bucket",
      properties: bucketType.examples[0].properties,
      attributes: { Name: "example-bucket", Region: "us-east-1" },
    });
    expect(await store.read((tx) => handlers.read(tx, made.id, ctx))).toEqual(made);
    expect((await service.call("getBucket", { bucket: "example-bucket" })).versioning).toBe("enabled");
    expect(await store.read((tx) => handlers.list(tx, ctx, { limit: 10 }))).toEqual(["example-bucket"]);
  });

  it("gets a name that buckets may have when the template gives none", async () => {
    const { ctx, store, handlers } = underTest();
    const { id } = await store.transact((tx) => handlers.create(tx, {}, ctx));
    expect(id).toMatch(/^shop-photo-bucket-[0-9a-f]{8}$/);
  });

  it("changes labels and versioning in place", async () => {
    const { ctx, store, handlers } = underTest();
    const { id } = await store.transact((tx) => handlers.create(tx, bucketType.examples[0].properties, ctx));
    const changed = await store.transact((tx) =>
      handlers.update(tx, id, { Versioning: false, Labels: { tier: "back" } }, bucketType.examples[0].properties, ctx),
    );
    expect(changed.properties).toEqual({ Name: id, Versioning: false, Labels: { tier: "back" } });
  });

  it("whose versioning is undone is as before, unless a version was made meanwhile", async () => {
    const { service, ctx, store, handlers } = underTest();
    const versioningAfterUndo = async (putsObject: boolean) => {
      const before = await store.transact((tx) => handlers.create(tx, { Versioning: false }, ctx));
      const { id } = before;
      const on = await store.transact((tx) => handlers.update(tx, id, { Versioning: true }, before.properties, ctx));
      if (putsObject) await service.call("putObject", { bucket: id, key: "a" }, { body: Buffer.from("1") });
      const undoing = { ...ctx, isUndo: true };
      await store.transact((tx) => handlers.update(tx, id, before.properties, on.properties, undoing));
      return (await service.call("getBucket", { bucket: id })).versioning;
    };
    expect(await versioningAfterUndo(false)).toBe("off");
    expect(await versioningAfterUndo(true)).toBe("suspended");
  });

  it("is deleted only when empty, and deleting it again succeeds", async () => {
    const { service, ctx, store, handlers } = underTest();
    const { id } = await store.transact((tx) => handlers.create(tx, {}, ctx));
    await service.call("putObject", { bucket: id, key: "a" }, { body: Buffer.from("1") });
    await expect(store.transact((tx) => handlers.delete(tx, id, ctx))).rejects.toMatchObject({
      code: "BucketNotEmpty",
    });
    await service.call("deleteObject", { bucket: id, key: "a" });
    await store.transact((tx) => handlers.delete(tx, id, ctx));
    await store.transact((tx) => handlers.delete(tx, id, ctx));
    expect(await store.read((tx) => handlers.read(tx, id, ctx))).toBe(undefined);
  });
});

import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { machines } from "../machines/service.ts";
import { networks } from "../networks/service.ts";
import { volumes } from "./service.ts";

const SCOPE = { account: "111111111111", region: "us-east-1" };

function start() {
  const under = serviceUnderTest(volumes, [networks, machines]);
  const run = async () => (await under.calls.call(machines, "runInstance", { image: "alpine" }, SCOPE)).id;
  return { ...under, run };
}

describe("a volume", () => {
  test("has 10 GiB when no size is given", async () => {
    expect(await start().call("createVolume", {})).toMatchObject({ sizeGib: 10, labels: {} });
  });

  test("only grows", async () => {
    const { call } = start();
    const { id: volumeId } = await call("createVolume", { sizeGib: 20 });
    expect(await call("updateVolume", { volumeId, sizeGib: 30 })).toMatchObject({ sizeGib: 30 });
    await expect(call("updateVolume", { volumeId, sizeGib: 20 })).rejects.toMatchObject({
      code: "VolumeShrunk",
      message: `Volume ${volumeId} has 30 GiB and can only grow; 20 GiB would lose what it holds.`,
    });
  });

  test("is attached to one instance at a time", async () => {
    const { call, run } = start();
    const [first, second] = [await run(), await run()];
    const { id: volumeId } = await call("createVolume", {});
    expect(await call("attachVolume", { volumeId, instanceId: first })).toMatchObject({ instanceId: first });
    await expect(call("attachVolume", { volumeId, instanceId: second })).rejects.toMatchObject({
      code: "VolumeAttached",
      details: { instanceId: first },
    });
    expect(await call("detachVolume", { volumeId })).not.toHaveProperty("instanceId");
    expect(await call("attachVolume", { volumeId, instanceId: second })).toMatchObject({ instanceId: second });
  });

  test("is not attached to an instance that does not exist", async () => {
    const { call } = start();
    const { id: volumeId } = await call("createVolume", {});
    await expect(call("attachVolume", { volumeId, instanceId: "i-none" })).rejects.toMatchObject({
      code: "InstanceNotFound",
    });
    await expect(call("detachVolume", { volumeId })).rejects.toMatchObject({ code: "VolumeNotAttached" });
  });

  test("is not deleted while attached, and is let go when its instance ends", async () => {
    const { call, calls, run } = start();
    const instanceId = await run();
    const { id: volumeId } = await call("createVolume", {});
    await call("attachVolume", { volumeId, instanceId });
    await expect(call("deleteVolume", { volumeId })).rejects.toMatchObject({ code: "VolumeAttached" });
    await calls.call(machines, "terminateInstance", { instanceId }, SCOPE);
    await call("deleteVolume", { volumeId });
    await expect(call("getVolume", { volumeId })).rejects.toMatchObject({ code: "VolumeNotFound" });
  });

  test("is listed in order of id, in its own account only", async () => {
    const { call } = start();
    const ids = (await Promise.all([1, 2, 3].map(() => call("createVolume", {})))).map((volume) => volume.id).sort();
    expect((await call("listVolumes", {})).volumes.map((volume) => volume.id)).toEqual(ids);
    expect(await call("listVolumes", { after: ids[1] ?? "" })).toMatchObject({ volumes: [{ id: ids[2] }] });
    expect(await call("listVolumes", {}, { account: "222222222222" })).toEqual({ volumes: [] });
  });
});

describe("a snapshot", () => {
  test("outlives its volume and becomes new ones of at least its size", async () => {
    const { call } = start();
    const { id: volumeId } = await call("createVolume", { sizeGib: 40 });
    const { id: snapshotId } = await call("createSnapshot", { volumeId, name: "before" });
    await call("deleteVolume", { volumeId });
    expect(await call("createVolume", { snapshotId })).toMatchObject({ sizeGib: 40, snapshotId });
    expect(await call("createVolume", { snapshotId, sizeGib: 50 })).toMatchObject({ sizeGib: 50 });
    await expect(call("createVolume", { snapshotId, sizeGib: 39 })).rejects.toMatchObject({
      code: "VolumeSmallerThanSnapshot",
      message: `A volume from ${snapshotId} needs at least 40 GiB; 39 GiB were asked for.`,
    });
  });

  test("of no volume, and a volume from no snapshot, are refused", async () => {
    const { call } = start();
    await expect(call("createSnapshot", { volumeId: "vol-none" })).rejects.toMatchObject({ code: "VolumeNotFound" });
    await expect(call("createVolume", { snapshotId: "snap-none" })).rejects.toMatchObject({ code: "SnapshotNotFound" });
  });

  test("is gone once deleted, while volumes made from it stay", async () => {
    const { call } = start();
    const { id: volumeId } = await call("createVolume", {});
    const { id: snapshotId } = await call("createSnapshot", { volumeId });
    const copy = await call("createVolume", { snapshotId });
    await call("deleteSnapshot", { snapshotId });
    await expect(call("getSnapshot", { snapshotId })).rejects.toMatchObject({ code: "SnapshotNotFound" });
    expect(await call("getVolume", { volumeId: copy.id })).toEqual(copy);
    expect(await call("listSnapshots", {})).toEqual({ snapshots: [] });
  });
});

import { describe, expect, test } from "vitest";
import { machines } from "../services/machines/service.ts";
import { networks } from "../services/networks/service.ts";
import { queues } from "../services/queues/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";

const SERVICES = [networks, machines, volumes, queues];
const BASE = {
  Net: { Type: "VPC", Properties: { CIDRBlock: "10.42.0.0/16" } },
  OtherNet: { Type: "VPC", Properties: { CIDRBlock: "10.42.0.0/16" } },
  Front: { Type: "Subnet", Properties: { VpcID: { Ref: "Net" }, CIDRBlock: "10.42.200.0/24" } },
  OtherFront: { Type: "Subnet", Properties: { VpcID: { Ref: "Net" }, CIDRBlock: "10.42.201.0/24" } },
  Disk: { Type: "Volume", Properties: { Size: 10 } },
  OtherDisk: { Type: "Volume", Properties: { Size: 10 } },
  Saved: { Type: "Snapshot", Properties: { VolumeID: { Ref: "Disk" } } },
};
const templateOf = (Type: string, Properties: object) =>
  JSON.stringify({ Resources: { ...BASE, It: { Type, Properties } } });

/** For every property of every type: two values, and what going from one to the other (or from none) must do. */
const ROWS: readonly (readonly [
  type: string,
  rest: object,
  property: string,
  from: unknown,
  to: unknown,
  action: "update" | "replace",
])[] = [
  ["VPC", {}, "Name", "one", "two", "update"],
  ["VPC", {}, "Name", undefined, "two", "update"],
  ["VPC", {}, "Name", "one", undefined, "update"],
  ["VPC", {}, "Labels", { a: "1" }, { b: "2" }, "update"],
  ["VPC", {}, "Labels", { a: "1" }, undefined, "update"],
  ["VPC", {}, "CIDRBlock", "10.1.0.0/16", "10.2.0.0/16", "replace"],
  ["Subnet", { VpcID: { Ref: "Net" } }, "Name", "one", "two", "update"],
  ["Subnet", { VpcID: { Ref: "Net" } }, "Labels", undefined, { b: "2" }, "update"],
  ["Subnet", { VpcID: { Ref: "Net" } }, "CIDRBlock", "10.42.1.0/24", "10.42.2.0/24", "replace"],
  ["Subnet", { CIDRBlock: "10.42.1.0/24" }, "VpcID", { Ref: "Net" }, { Ref: "OtherNet" }, "replace"],
  ["Volume", {}, "Name", "one", "two", "update"],
  ["Volume", {}, "Size", 10, 20, "update"],
  ["Volume", {}, "Size", undefined, 20, "update"],
  ["Volume", {}, "Labels", { a: "1" }, { a: "2" }, "update"],
  ["Volume", {}, "SnapshotID", undefined, { Ref: "Saved" }, "replace"],
  ["Snapshot", { VolumeID: { Ref: "Disk" } }, "Name", "one", "two", "update"],
  ["Snapshot", { VolumeID: { Ref: "Disk" } }, "Labels", { a: "1" }, {}, "update"],
  ["Snapshot", {}, "VolumeID", { Ref: "Disk" }, { Ref: "OtherDisk" }, "replace"],
  ["Instance", { Image: "alpine" }, "Name", "one", "two", "update"],
  ["Instance", { Image: "alpine" }, "Size", "small", "large", "update"],
  ["Instance", { Image: "alpine" }, "Size", "large", undefined, "update"],
  ["Instance", { Image: "alpine" }, "Labels", { a: "1" }, { a: "2" }, "update"],
  ["Instance", { Image: "alpine" }, "VolumeID", { Ref: "Disk" }, { Ref: "OtherDisk" }, "update"],
  ["Instance", { Image: "alpine" }, "VolumeID", { Ref: "Disk" }, undefined, "update"],
  ["Instance", {}, "Image", "alpine", "debian", "replace"],
  ["Instance", { Image: "alpine" }, "VpcID", { Ref: "Net" }, { Ref: "OtherNet" }, "replace"],
  ["Instance", { Image: "alpine" }, "SubnetID", { Ref: "Front" }, { Ref: "OtherFront" }, "replace"],
];

describe("a native resource type", () => {
  test.each(ROWS)("%s %j: %s from %j to %j is an %s", async (type, rest, property, from, to, action) => {
    const { deploy, plan, stacks } = stacksUnderTest(SERVICES);
    const [before, after] = [from, to].map((value) =>
      templateOf(type, { ...rest, ...(value !== undefined && { [property]: value }) }),
    );
    expect(await deploy(before ?? "")).toMatchObject({ status: "deployed" });
    const { plan: planned } = await plan(after ?? "");
    expect(planned?.changes.find((change) => change.logicalId === "It")?.action).toBe(action);
    const { deploymentId } = await deploy(after ?? "");
    const events = await stacks.events({ scope: TEST_SCOPE, stack: "web", deploymentId });
    expect(events.find((event) => event.logicalId === "It")?.action).toBe(action);
    expect((await plan(after ?? "")).plan?.isEmpty).toBe(true);
    expect(await deploy(before ?? "")).toMatchObject(
      type === "Volume" && property === "Size" ? { status: "rolled-back" } : { status: "deployed" },
    );
  });

  test("that must keep a unique name is not replaced: refused before anything is touched", async () => {
    const { deploy, planText, store } = stacksUnderTest(SERVICES);
    const text = "Resources:\n  Jobs: {Type: Queue, Properties: {Name: jobs, ReceiveWait: 5}}\n";
    await deploy(text);
    const before = await contentsOf(store, "queues");
    const edited = text.replace("Name: jobs", "Name: jobs.fifo, Fifo: true").replace("Jobs:", "Jobs:");
    expect(await planText(edited)).toContain("± Queue Jobs");
    const named = "Resources:\n  Jobs: {Type: Queue, Properties: {Name: jobs, Fifo: true}}\n";
    expect(await planText(named))
      .toBe(`error[CS2001] Jobs must be replaced but keeps its Name "jobs", which must be unique  web.yaml:2:42
  2 |   Jobs: {Type: Queue, Properties: {Name: jobs, Fifo: true}}
    |                                          ^^^^ give it another Name, or leave it out to have one generated`);
    expect(await deploy(named)).toMatchObject({ status: "refused" });
    expect(await contentsOf(store, "queues")).toEqual(before);
  });
});

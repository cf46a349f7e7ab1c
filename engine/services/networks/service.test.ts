import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { networks } from "./service.ts";

const start = () => serviceUnderTest(networks);

const startWithVpc = async (cidrBlock = "10.42.0.0/16") => {
  const { call } = start();
  const vpc = await call("createVpc", { cidrBlock });
  return { call, vpcId: vpc.id };
};

describe("a VPC", () => {
  test("is created with the range, name and labels asked for", async () => {
    const { call } = start();
    const vpc = await call("createVpc", { name: "net", cidrBlock: "10.42.0.0/16", labels: { owner: "ops" } });
    expect(vpc).toMatchObject({ name: "net", cidrBlock: "10.42.0.0/16", labels: { owner: "ops" } });
    expect(vpc.id).toMatch(/^vpc-0[0-9a-f]{16}$/);
    expect(await call("getVpc", { vpcId: vpc.id })).toEqual(vpc);
  });

  test("that names no range gets the first /16 that no other VPC meets", async () => {
    const { call } = start();
    await call("createVpc", { cidrBlock: "10.0.128.0/20" });
    expect((await call("createVpc", {})).cidrBlock).toBe("10.1.0.0/16");
    expect((await call("createVpc", {})).cidrBlock).toBe("10.2.0.0/16");
  });

  test("that names no range gets its own even when many are created at once", async () => {
    const { call } = start();
    const made = await Promise.all(Array.from({ length: 20 }, () => call("createVpc", {})));
    expect(new Set(made.map((vpc) => vpc.cidrBlock)).size).toBe(20);
  });

  test.each([
    ["10.0.0.0", "CidrMalformed", '"10.0.0.0" is not an IPv4 range; write one like 10.0.0.0/16.'],
    [
      "10.0.9.0/16",
      "CidrHostBits",
      "10.0.9.0/16 has address bits right of its mask; the range that holds it is 10.0.0.0/16.",
    ],
    ["10.0.0.0/15", "CidrSizeOutOfRange", "10.0.0.0/15 must be between /16 and /28 in size."],
    ["10.0.0.0/29", "CidrSizeOutOfRange", "10.0.0.0/29 must be between /16 and /28 in size."],
  ])("with range %s is refused with %s", async (cidrBlock, code, message) => {
    await expect(start().call("createVpc", { cidrBlock })).rejects.toMatchObject({ code, message });
  });

  test("keeps what an update does not name", async () => {
    const { call } = start();
    const { id: vpcId } = await call("createVpc", { name: "net", labels: { a: "1" } });
    expect(await call("updateVpc", { vpcId, name: "other" })).toMatchObject({ name: "other", labels: { a: "1" } });
    expect(await call("updateVpc", { vpcId, labels: {} })).toMatchObject({ name: "other", labels: {} });
  });

  test("is not deleted while it has a subnet", async () => {
    const { call } = start();
    const { id: vpcId } = await call("createVpc", {});
    const { id: subnetId } = await call("createSubnet", { vpcId });
    await expect(call("deleteVpc", { vpcId })).rejects.toMatchObject({
      code: "VpcInUse",
      details: { usedBy: subnetId },
    });
    await call("deleteSubnet", { subnetId });
    await call("deleteVpc", { vpcId });
    await expect(call("getVpc", { vpcId })).rejects.toMatchObject({ code: "VpcNotFound", kind: "notFound" });
  });

  test("is listed page by page, and not to another account or region", async () => {
    const { call } = start();
    const ids = (await Promise.all([1, 2, 3].map(() => call("createVpc", {})))).map((vpc) => vpc.id).sort();
    const first = await call("listVpcs", { limit: 2 });
    const rest = await call("listVpcs", { limit: 2, after: first.vpcs.at(-1)?.id ?? "" });
    expect([...first.vpcs, ...rest.vpcs].map((vpc) => vpc.id)).toEqual(ids);
    expect(await call("listVpcs", {}, { account: "222222222222" })).toEqual({ vpcs: [] });
    expect(await call("listVpcs", {}, { region: "eu-west-1" })).toEqual({ vpcs: [] });
  });
});

describe("a subnet", () => {
  test("that names no range gets the first free /24", async () => {
    const { call, vpcId } = await startWithVpc();
    await call("createSubnet", { vpcId, cidrBlock: "10.42.1.0/24" });
    expect((await call("createSubnet", { vpcId })).cidrBlock).toBe("10.42.0.0/24");
    expect((await call("createSubnet", { vpcId })).cidrBlock).toBe("10.42.2.0/24");
  });

  test("of a small VPC gets the whole of it, and the next is refused", async () => {
    const { call, vpcId } = await startWithVpc("10.42.0.0/26");
    expect((await call("createSubnet", { vpcId })).cidrBlock).toBe("10.42.0.0/26");
    await expect(call("createSubnet", { vpcId })).rejects.toMatchObject({ code: "NoFreeRange" });
  });

  test("outside its VPC is refused", async () => {
    const { call, vpcId } = await startWithVpc();
    await expect(call("createSubnet", { vpcId, cidrBlock: "10.43.0.0/24" })).rejects.toMatchObject({
      code: "SubnetOutsideVpc",
      message: `10.43.0.0/24 is not inside ${vpcId} (10.42.0.0/16).`,
    });
  });

  test.each(["10.42.8.0/24", "10.42.8.0/28", "10.42.11.0/24", "10.42.0.0/20"])(
    "%s that overlaps 10.42.8.0/22 is refused",
    async (cidrBlock) => {
      const { call, vpcId } = await startWithVpc();
      const other = await call("createSubnet", { vpcId, cidrBlock: "10.42.8.0/22" });
      await expect(call("createSubnet", { vpcId, cidrBlock })).rejects.toMatchObject({
        code: "SubnetOverlaps",
        message: `${cidrBlock} overlaps ${other.id} (10.42.8.0/22).`,
      });
    },
  );

  test("may have a range that a deleted one had", async () => {
    const { call, vpcId } = await startWithVpc();
    const { id: subnetId } = await call("createSubnet", { vpcId, cidrBlock: "10.42.8.0/24" });
    await call("deleteSubnet", { subnetId });
    expect(await call("createSubnet", { vpcId, cidrBlock: "10.42.8.0/24" })).toMatchObject({
      cidrBlock: "10.42.8.0/24",
    });
  });

  test("of no VPC is refused", async () => {
    await expect(start().call("createSubnet", { vpcId: "vpc-none" })).rejects.toMatchObject({ code: "VpcNotFound" });
  });
});

import { describe, expect, test } from "vitest";
import { networks } from "../services/networks/service.ts";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../testing/stack-engine.ts";

const TEXT = `
Parameters: {Key: {Type: String, NoEcho: true}}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.0.0.0/16, Labels: {owner: ops, key: !Ref Key}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: 10.0.1.0/24}}
`;
const parameters = { Key: "hush" };

async function deployed(): Promise<StacksUnderTest & { readonly net: string; readonly front: string }> {
  const stack = stacksUnderTest([networks]);
  await stack.deploy(TEXT, { parameters });
  const details = await stack.stacks.get(TEST_SCOPE, "web");
  const idOf = (logicalId: string) => details?.resources.find((each) => each.logicalId === logicalId)?.id ?? "";
  return { ...stack, net: idOf("Net"), front: idOf("Front") };
}
const driftOf = ({ stacks }: StacksUnderTest) => stacks.drift({ scope: TEST_SCOPE, stack: "web" });

describe("the drift of a stack", () => {
  test("is none right after it was deployed, property by property", async () => {
    const stack = await deployed();
    const report = await driftOf(stack);
    expect(report).toMatchObject({
      version: 1,
      stack: "web",
      serial: 1,
      file: "web.yaml",
      status: "IN_SYNC",
      summary: { IN_SYNC: 2, MODIFIED: 0, DELETED: 0, NOT_CHECKED: 0 },
    });
    expect(report?.resources[1]?.properties.find((each) => each.path === "Name")).toEqual({
      path: "Name",
      status: "IN_SYNC",
      recorded: "net",
      live: "net",
    });
  });

  test("names what was changed, added and taken away, and hides what is secret", async () => {
    const stack = await deployed();
    const labels = { owner: "dev", extra: "yes" };
    await stack.calls.call(networks, "updateVpc", { vpcId: stack.net, name: "renamed", labels }, TEST_SCOPE);
    const report = await driftOf(stack);
    expect(report).toMatchObject({ status: "DRIFTED", summary: { MODIFIED: 1, IN_SYNC: 1 } });
    const net = report?.resources.find((each) => each.logicalId === "Net");
    expect(net?.status).toBe("MODIFIED");
    expect(net?.properties.filter((each) => each.status !== "IN_SYNC")).toEqual([
      { path: "Name", status: "MODIFIED", recorded: "net", live: "renamed" },
      { path: "Labels.owner", status: "MODIFIED", recorded: "ops", live: "dev" },
      { path: "Labels.key", status: "DELETED", recorded: "****" },
      { path: "Labels.extra", status: "ADDED", live: "yes" },
    ]);
  });

  test("tells what was deleted, which a plan makes again", async () => {
    const stack = await deployed();
    await stack.calls.call(networks, "deleteSubnet", { subnetId: stack.front }, TEST_SCOPE);
    const report = await driftOf(stack);
    expect(report?.resources.find((each) => each.logicalId === "Front")).toEqual({
      logicalId: "Front",
      type: "Subnet",
      id: stack.front,
      status: "DELETED",
      dependencies: ["Net"],
      properties: [],
    });
    const { plan } = await stack.plan(TEXT, parameters);
    expect(plan?.changes).toMatchObject([
      { logicalId: "Net", action: "none" },
      { logicalId: "Front", action: "create", reasons: ["it was deleted outside this stack"] },
    ]);
  });

  test("is not looked for by a plan that is told not to", async () => {
    const stack = await deployed();
    await stack.calls.call(networks, "deleteSubnet", { subnetId: stack.front }, TEST_SCOPE);
    const source = { file: "web.yaml", text: TEXT };
    const request = { scope: TEST_SCOPE, stack: "web", source, parameters, isRefreshed: false };
    expect((await stack.stacks.plan(request)).plan).toMatchObject({ isEmpty: true, isRefreshed: false, drift: [] });
  });

  test("of a stack that does not exist is nothing", async () => {
    expect(await driftOf(stacksUnderTest())).toBeUndefined();
  });
});

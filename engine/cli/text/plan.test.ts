import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { machines } from "../../services/machines/service.ts";
import { networks } from "../../services/networks/service.ts";
import { volumes } from "../../services/volumes/service.ts";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { driftText } from "./drift.ts";
import { planText } from "./plan.ts";

/** What is printed stands in `golden/`, one file a case; `npx vitest run engine/cli/text/plan.test.ts -u` renews it. */
const plain = picocolors.createColors(false);
const WIDTH = 110;

const web = (properties: { range?: string; labels?: string; volume?: string } = {}) => `
Parameters:
  Key: {Type: String, NoEcho: true, Default: hush}
Resources:
  Net:
    Type: VPC
    Properties:
      Name: net
      CIDRBlock: ${properties.range ?? "10.42.0.0/16"}
      Labels: ${properties.labels ?? "{tier: blue, key: !Ref Key}"}
  Front:
    Type: Subnet
    Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: !Select [0, !Cidr [!GetAtt Net.CIDRBlock, 1, 8]]}
  Disk:
    Type: Volume
    Properties: {Size: ${properties.volume ?? "10"}, Labels: {net: !Sub "vpc/\${Net}"}}
Outputs:
  NetId: {Value: !Ref Net}
  Key: {Value: !Ref Key}
`;

const started = () => stacksUnderTest([networks, machines, volumes]);
async function deployed(text = web()): Promise<StacksUnderTest> {
  const stack = started();
  expect(await stack.deploy(text)).toMatchObject({ status: "deployed" });
  return stack;
}
async function printed(stack: StacksUnderTest, text: string, width = WIDTH): Promise<string> {
  const { plan, diagnostics } = await stack.plan(text);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return `${planText(plan, plain, width, 38)}\n`;
}
const golden = (name: string) => `./golden/${name}.txt`;

describe("a plan as text", () => {
  test("of a new stack says what is made and where it is declared", async () => {
    await expect(await printed(started(), web())).toMatchFileSnapshot(golden("plan-new"));
  });

  test("that does not fit says where what is new stands, and closes the quotes of what it cuts", async () => {
    const stack = await deployed();
    const labels = `{tier: ${"blue-".repeat(20)}, key: !Ref Key}`;
    const more = web({ labels }).replace("Outputs:", "  Late: {Type: VPC}\nOutputs:");
    await expect(await printed(stack, more, 60)).toMatchFileSnapshot(golden("plan-cut"));
  });

  test("of an unchanged stack is one line", async () => {
    const stack = await deployed();
    expect(await printed(stack, web())).toBe(
      `web  3 resources: 3 unchanged${" ".repeat(58)}plan of serial 1, 38 ms\n`,
    );
  });

  test("of a change in place shows the property, old and new", async () => {
    const stack = await deployed();
    const text = web({ labels: "{tier: green, key: !Ref Key}", volume: "40" });
    await expect(await printed(stack, text)).toMatchFileSnapshot(golden("plan-update"));
  });

  test("of a replacement says what forces it, and what follows from it", async () => {
    const stack = await deployed();
    await expect(await printed(stack, web({ range: "10.43.0.0/16" }))).toMatchFileSnapshot(golden("plan-replace"));
  });

  test("fits a narrow terminal", async () => {
    const stack = await deployed();
    await expect(await printed(stack, web({ range: "10.43.0.0/16" }), 72)).toMatchFileSnapshot(golden("plan-narrow"));
  });

  test("of a renaming, a letting go and a taking over says so", async () => {
    const stack = await deployed();
    const disk = await stack.calls.call(volumes, "createVolume", { sizeGib: 20 }, TEST_SCOPE);
    const text = web()
      .replaceAll("Net", "Network")
      .replace(/ {2}Disk:\n.*\n.*\n/, "  Spare:\n    Type: Volume\n    Properties: {Size: 30}\n")
      .replace(
        "Resources:",
        `Moved: [{From: Net, To: Network}]\nRemoved: [Disk]\nImport: {Spare: ${disk.id}}\nResources:`,
      );
    await expect(await printed(stack, text)).toMatchFileSnapshot(golden("plan-relocations"));
  });

  test("shows what was changed and deleted outside the stack, and what becomes of it", async () => {
    const stack = await deployed();
    const idOf = async (logicalId: string) =>
      (await stack.stacks.get(TEST_SCOPE, "web"))?.resources.find((each) => each.logicalId === logicalId)?.id ?? "";
    const labels = { tier: "red", key: "hush" };
    await stack.calls.call(networks, "updateVpc", { vpcId: await idOf("Net"), name: "net", labels }, TEST_SCOPE);
    await stack.calls.call(networks, "deleteSubnet", { subnetId: await idOf("Front") }, TEST_SCOPE);
    await expect(await printed(stack, web())).toMatchFileSnapshot(golden("plan-drift"));
    const report = await stack.stacks.drift({ scope: TEST_SCOPE, stack: "web" });
    if (!report) throw new Error("the stack of this test exists");
    await expect(`${driftText(report, plain, WIDTH, 12)}\n`).toMatchFileSnapshot(golden("drift"));
  });

  test("of a destruction lists what goes", async () => {
    const stack = await deployed();
    const { plan } = await stack.stacks.planDestroy({ scope: TEST_SCOPE, stack: "web" });
    if (!plan) throw new Error("the stack of this test exists");
    await expect(`${planText(plan, plain, WIDTH)}\n`).toMatchFileSnapshot(golden("plan-destroy"));
  });
});

import { describe, expect, test } from "vitest";
import { machines } from "../../services/machines/service.ts";
import { networks } from "../../services/networks/service.ts";
import { volumes } from "../../services/volumes/service.ts";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { createRegistry } from "../registry/registry.ts";
import { changeSetOf, type ChangeSetResource } from "./change-set.ts";

const SERVICES = [networks, machines, volumes];
const registry = createRegistry(SERVICES);
const BEFORE = `
Parameters: {Tier: {Type: String, Default: blue}}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.42.0.0/16, Labels: {tier: !Ref Tier}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: 10.42.1.0/24}}
  Disk: {Type: Volume, Properties: {Size: 10}}
`;

async function deployed(): Promise<StacksUnderTest> {
  const stack = stacksUnderTest(SERVICES);
  await stack.deploy(BEFORE);
  return stack;
}
async function changeSet(stack: StacksUnderTest, text: string, parameters?: Record<string, string>) {
  const { plan, diagnostics } = await stack.plan(text, parameters);
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  const changes = changeSetOf(plan, (name) => registry.get(name)?.type);
  return Object.fromEntries(changes.map(({ ResourceChange }) => [ResourceChange.LogicalResourceId, ResourceChange]));
}
const idOf = async ({ stacks }: StacksUnderTest, logicalId: string) =>
  (await stacks.get(TEST_SCOPE, "web"))?.resources.find((each) => each.logicalId === logicalId)?.id ?? "";

describe("a change set of a plan", () => {
  test("adds, modifies and removes, and leaves out what stays", async () => {
    const stack = await deployed();
    const text = BEFORE.replace("Size: 10", "Size: 40").replace(/ {2}Front: .*\n/, "  New: {Type: Volume}\n");
    const changes = await changeSet(stack, text);
    expect(Object.keys(changes)).toEqual(["New", "Disk", "Front"]);
    expect(changes["New"]).toEqual({
      Action: "Add",
      LogicalResourceId: "New",
      ResourceType: "Volume",
      Scope: [],
      Details: [],
    });
    expect(changes["Front"]).toMatchObject({ Action: "Remove", PhysicalResourceId: await idOf(stack, "Front") });
    expect(changes["Disk"]).toEqual({
      Action: "Modify",
      LogicalResourceId: "Disk",
      PhysicalResourceId: await idOf(stack, "Disk"),
      ResourceType: "Volume",
      Replacement: "False",
      Scope: ["Properties"],
      Details: [
        {
          Target: {
            Attribute: "Properties",
            Name: "Size",
            RequiresRecreation: "Never",
            Path: "/Properties/Size",
            BeforeValue: "10",
            AfterValue: "40",
            AttributeChangeType: "Modify",
          },
          Evaluation: "Static",
          ChangeSource: "DirectModification",
        },
      ],
    } satisfies ChangeSetResource);
  });

  test("says which parameter a change comes from, and that a label is a tag", async () => {
    const changes = await changeSet(await deployed(), BEFORE, { Tier: "green" });
    expect(changes["Net"]?.Scope).toEqual(["Tags"]);
    expect(changes["Net"]?.Details).toMatchObject([
      {
        Target: { Attribute: "Tags", Path: "/Properties/Labels/tier", BeforeValue: "blue", AfterValue: "green" },
        Evaluation: "Static",
        ChangeSource: "ParameterReference",
        CausingEntity: "Tier",
      },
    ]);
  });

  test("knows what is replaced, also because of another resource", async () => {
    const stack = await deployed();
    const moved = BEFORE.replace("10.42.0.0/16", "10.43.0.0/16").replace("10.42.1.0/24", "10.43.1.0/24");
    const changes = await changeSet(stack, moved);
    expect(changes["Net"]).toMatchObject({ Action: "Modify", Replacement: "True" });
    expect(changes["Front"]).toMatchObject({ Action: "Modify", Replacement: "True" });
    expect(changes["Front"]?.Details[0]).toMatchObject({
      Target: {
        Name: "VpcID",
        RequiresRecreation: "Always",
        BeforeValue: await idOf(stack, "Net"),
        AfterValue: "{{changeSet:KNOWN_AFTER_APPLY}}",
      },
      Evaluation: "Dynamic",
      ChangeSource: "ResourceReference",
      CausingEntity: "Net",
    });
  });

  test("tells drift by what was recorded and what is there", async () => {
    const stack = await deployed();
    const vpcId = await idOf(stack, "Net");
    await stack.calls.call(networks, "updateVpc", { vpcId, name: "net", labels: { tier: "red" } }, TEST_SCOPE);
    expect((await changeSet(stack, BEFORE))["Net"]?.Details).toMatchObject([
      {
        Target: { BeforeValue: "red", AfterValue: "blue", Drift: { PreviousValue: "blue", ActualValue: "red" } },
        ChangeSource: "NoModification",
      },
    ]);
  });

  test("retains and imports", async () => {
    const stack = await deployed();
    const without = BEFORE.replace("Resources:", "Removed: [Disk]\nResources:").replace(/ {2}Disk: .*\n/, "");
    const changes = await changeSet(stack, without);
    expect(changes["Disk"]).toMatchObject({ Action: "Remove", PolicyAction: "Retain" });
    const spare = await stack.calls.call(volumes, "createVolume", { sizeGib: 10 }, TEST_SCOPE);
    const importing = `Import: {Spare: ${spare.id}}${BEFORE}  Spare: {Type: Volume, Properties: {Size: 10}}\n`;
    expect((await changeSet(stack, importing))["Spare"]).toMatchObject({
      Action: "Import",
      PhysicalResourceId: spare.id,
    });
  });
});

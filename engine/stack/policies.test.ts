import { describe, expect, test } from "vitest";
import { machines } from "../services/machines/service.ts";
import { networks } from "../services/networks/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";

const SERVICES = [volumes, machines, networks, thingsService()];
const said = async (text: string, parameters?: Record<string, string>) => {
  const { diagnostics } = await stacksUnderTest(SERVICES).plan(text, parameters);
  return diagnostics.map(({ code, severity, message }) => `${severity} ${code} ${message}`);
};
const attribute = (text: string) => `Resources: {One: {Type: Thing, Properties: {Value: x}, ${text}}}`;

describe("DeletionPolicy", () => {
  test("can be given by functions of parameters, mappings and conditions", async () => {
    const { deploy, planText } = stacksUnderTest(SERVICES);
    const text = `
Transform: AWS::LanguageExtensions
Parameters: {Stage: {Type: String, Default: dev}}
Mappings: {Policies: {dev: {last: Delete}, prod: {last: Retain}}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  One:
    Type: Thing
    DeletionPolicy: !If [IsProd, Retain, Delete]
    UpdateReplacePolicy: !FindInMap [Policies, !Ref Stage, last]
    Properties: {Value: one}
  Two: {Type: Thing, Properties: {Value: two}}
`;
    const rest = "Resources: {Two: {Type: Thing, Properties: {Value: two}}}";
    await deploy(text, { parameters: { Stage: "prod" } });
    expect(await planText(rest)).toContain("One  (no longer in the template; its DeletionPolicy keeps it)");
    await deploy(text);
    expect(await planText(rest)).toContain("- Thing One  (no longer in the template)");
  });

  test("Snapshot keeps a snapshot of a volume that is replaced, and of one that goes", async () => {
    const { deploy, planText, store } = stacksUnderTest(SERVICES);
    const ground = "Resources:\n  Base: {Type: Volume, Properties: {Size: 1}}\n";
    const disk = (properties: string) =>
      "  Saved: {Type: Snapshot, Properties: {VolumeID: !Ref Base}}\n  Disk: " +
      `{Type: Volume, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot, Properties: {${properties}}}\n`;
    const snapshotSizes = async () => {
      const kept = Object.entries(await contentsOf(store, "volumes")).filter(([key]) => key.includes('"snapshot"'));
      return kept.map(([, value]) => (value as { sizeGib: number }).sizeGib).sort((a, b) => a - b);
    };
    await deploy(ground + disk("Size: 20"));
    expect(await snapshotSizes()).toEqual([1]);
    await deploy(ground + disk("Size: 30, SnapshotID: !Ref Saved"));
    expect(await snapshotSizes()).toEqual([1, 20]);
    expect(await planText(ground)).toContain("- Volume Disk  (no longer in the template; a snapshot of it is kept)");
    expect(await deploy(ground)).toMatchObject({ status: "deployed" });
    expect(await snapshotSizes()).toEqual([20, 30]);
  });

  test.each([
    [attribute("DeletionPolicy: Keep"), 'DeletionPolicy cannot be "Keep"'],
    [attribute("DeletionPolicy: [Retain]"), "DeletionPolicy cannot be this"],
    [attribute("UpdateReplacePolicy: RetainExceptOnCreate"), 'UpdateReplacePolicy cannot be "RetainExceptOnCreate"'],
    [attribute("DeletionPolicy: Snapshot"), "Thing cannot be kept as a snapshot"],
    [attribute("DeletionPolicy: !GetAtt One.Value"), "a policy must be known before apply"],
    [
      `Parameters: {P: {Type: String, Default: No}}\n${attribute("DeletionPolicy: !Ref P")}`,
      'DeletionPolicy cannot be "No"',
    ],
  ])("%s is refused", async (text, message) => {
    expect(await said(text)).toEqual([`error CS1208 ${message}`]);
  });

  test("of a parameter without a value is left open while validating", async () => {
    const { stacks } = stacksUnderTest(SERVICES);
    const text = `Parameters: {P: {Type: String}}\n${attribute("DeletionPolicy: !Ref P")}`;
    expect(await stacks.validate({ file: "web.yaml", text }, { scope: TEST_SCOPE })).toEqual([]);
  });
});

describe("a resource's other attributes", () => {
  test.each([
    ["Metadata: {'AWS::CloudFormation::Designer': {id: 1}}", []],
    ["Version: '1.0'", []],
    ["DependsOn: []", []],
    ["CreationPolicy: {ResourceSignal: {Count: 0}}", []],
    [
      "CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT5M}}",
      ["error CS1213 the CreationPolicy of One waits for signals, and nothing receives them yet"],
    ],
    [
      "CreationPolicy: {AutoScalingCreationPolicy: {MinSuccessfulInstancesPercent: 50}}",
      [
        "warning CS1212 AutoScalingCreationPolicy of the CreationPolicy of One " +
          "has no effect on a resource of this type",
      ],
    ],
    [
      "UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 1}, UseOnlineResharding: true}",
      [
        "warning CS1212 AutoScalingRollingUpdate of the UpdatePolicy of One has no effect on a resource of this type",
        "warning CS1212 UseOnlineResharding of the UpdatePolicy of One has no effect on a resource of this type",
      ],
    ],
    [
      "UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatch: 1}}",
      [
        "warning CS1212 AutoScalingRollingUpdate of the UpdatePolicy of One has no effect on a resource of this type",
        'error CS1003 unknown key "MaxBatch" of AutoScalingRollingUpdate of the UpdatePolicy of One',
      ],
    ],
    ["CreationPolicy: yes", ["error CS1002 the CreationPolicy of One is a map, not a single value"]],
    ["Condition: {Ref: X}", ["error CS1002 the Condition of resource One is the name of one, not a map"]],
    ["Connectors: {}", ["error CS1005 Connectors is not supported yet: it comes with the serverless transform (SAM)"]],
    ["Deletionpolicy: Retain", ['error CS1003 unknown key "Deletionpolicy" of resource One']],
  ])("%s", async (text, expected) => {
    expect(await said(attribute(text))).toEqual(expected);
  });
});

describe("a template's sections", () => {
  const rest = "\nResources: {One: {Type: Thing, Properties: {Value: x}}}";
  test.each([
    ["AWSTemplateFormatVersion: '2010-09-09'", []],
    ["AWSTemplateFormatVersion: 2010-09-09", []],
    ["AWSTemplateFormatVersion: '2012'", ["error CS1002 the AWSTemplateFormatVersion is the one there is"]],
    ["Metadata: {'AWS::CloudFormation::Interface': {ParameterGroups: [], ParameterLabels: {}}}", []],
    [
      "Hooks: {}",
      ["error CS1005 the section Hooks is not supported yet: it comes with blue/green deployments with CodeDeploy"],
    ],
    [
      "Globals: {}",
      ["error CS1005 the section Globals is not supported yet: it comes with the serverless transform (SAM)"],
    ],
  ])("%s", async (text, expected) => {
    expect(await said(text + rest)).toEqual(expected);
  });
});

describe("an export", () => {
  const exporting = (value: string, more = "") =>
    `Resources: {N: {Type: Thing, Properties: {Value: ${value}${more}}}}\n` +
    "Outputs: {Id: {Value: !GetAtt N.Value, Export: {Name: net}}, At: {Value: !Ref N, Export: {Name: at}}}";
  const using = "Resources: {U: {Type: Thing, Properties: {Value: !ImportValue net, Labels: {at: !ImportValue at}}}}";

  test("that is in use is neither changed nor deleted, and may go once nobody uses it", async () => {
    const { deploy, destroy, planText } = stacksUnderTest(SERVICES);
    await deploy(exporting("one"), { stack: "net" });
    expect(await deploy(using)).toMatchObject({ status: "deployed" });
    const again = (text: string) => deploy(text, { stack: "net" });
    const messages = async (text: string) => (await again(text)).diagnostics.map((each) => each.message);
    expect(await messages(exporting("two"))).toEqual(["Export net cannot be updated as it is in use by web"]);
    expect(await messages("Resources: {N: {Type: Thing, Properties: {Value: one}}}")).toEqual([
      "Export net cannot be deleted as it is in use by web",
      "Export at cannot be deleted as it is in use by web",
    ]);
    expect((await destroy("net")).status).toBe("refused");
    // A replacement's id is known only once it is there: the commit refuses it, and all is as it was.
    expect(await again(exporting("one", ", Kind: other"))).toMatchObject({
      status: "rolled-back",
      cause: { code: "CS2002", message: "Export at cannot be updated as it is in use by web." },
    });
    expect(await planText(using)).toBe("web  1 resource: 1 unchanged");
    await destroy("web");
    expect(await destroy("net")).toMatchObject({ status: "deployed" });
  });

  test("has one owner", async () => {
    const { deploy, planText } = stacksUnderTest(SERVICES);
    await deploy(exporting("one"), { stack: "net" });
    expect((await planText(exporting("one"))).split("\n")[0]).toBe(
      'error[CS2003] "net" is already exported by stack net  web.yaml:2:55',
    );
  });
});

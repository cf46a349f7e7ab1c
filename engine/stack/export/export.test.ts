import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTypeFacts } from "../../clouds/aws/cloudformation-facts.ts";
import { awsStacksUnderTest } from "../../testing/aws-stacks.ts";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";
import { writeCloudFormation } from "./write-cloudformation.ts";
import { writeYaml } from "./write-yaml.ts";

async function yamlOf({ stacks }: StacksUnderTest, stack = "web"): Promise<string> {
  const found = await stacks.export({ scope: TEST_SCOPE, stack }, { inCloudTypes: false, isTemplate: true });
  return writeYaml(found).files[`${stack}.yaml`] ?? "";
}
const section = (text: string, name: string) =>
  new RegExp(`^${name}:\n(( .*|)\n)*`, "m").exec(text)?.[0].trimEnd() ?? "";
const template = (name: string) => readFileSync(join(import.meta.dirname, "../../../templates", name), "utf8");

describe("a stack as a template", () => {
  test("keeps its rules and what it says of resources beside their properties, but no secret in it", async () => {
    const under = awsStacksUnderTest();
    await under.deploy(`
Parameters: {Stage: {Type: String, Default: dev}, Word: {Type: String, NoEcho: true, Default: hunter2}}
Rules:
  Fit:
    RuleCondition: !Equals [!Ref Stage, prod]
    Assertions: [{Assert: !Contains [[eu-west-1, us-east-1], !Ref "AWS::Region"], AssertDescription: only there}]
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Net:
    Type: VPC
    Metadata:
      owner: !Sub "team-\${Stage}"
      size: !If [IsProd, large, small]
      front: !Ref Front
      word: the word is hunter2
      "cloudstacks:path": web/Net
    CreationPolicy: {ResourceSignal: {Count: 0}}
    UpdatePolicy: {AutoScalingRollingUpdate: {MaxBatchSize: 1}}
    Properties: {CIDRBlock: 10.1.0.0/16}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}
`);
    const text = await yamlOf(under);
    expect(text.slice(text.indexOf("Parameters:"), text.indexOf("    Properties:"))).toBe(`Parameters:
  Stage:
    Type: String
    Default: dev
  Word:
    Type: String
    NoEcho: true
Rules:
  Fit:
    RuleCondition: !Equals
      - !Ref Stage
      - prod
    Assertions:
      - Assert:
          Fn::Contains:
            - - eu-west-1
              - us-east-1
            - !Ref AWS::Region
        AssertDescription: only there
Resources:
  Net:
    Type: VPC
    CreationPolicy:
      ResourceSignal:
        Count: 0
    UpdatePolicy:
      AutoScalingRollingUpdate:
        MaxBatchSize: 1
    Metadata:
      owner: !Sub team-\${Stage}
      size: small
      front: !Ref Front
      word: !Sub the word is \${Word}
`);
    expect((await under.plan(text, { Word: "hunter2" })).plan?.isEmpty).toBe(true);
  });

  test("keeps parameters and references, and has conditions and loops as they came out", async () => {
    const under = awsStacksUnderTest();
    await under.deploy(
      `
Parameters: {Stage: {Type: String, AllowedValues: [dev, prod]}}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Mappings: {Ranges: {dev: {Net: 10.1.0.0/16}, prod: {Net: 10.2.0.0/16}}}
Resources:
  Net: {Type: VPC, Properties: {CIDRBlock: !FindInMap [Ranges, !Ref Stage, Net], Labels: {stage: !Ref Stage}}}
  Fn::ForEach::Halves:
    - Half
    - [Left, Right]
    - \${Half}: {Type: Queue, Properties: {Labels: {of: !Join ["/", [!Ref Stage, !Ref Net, "\${Half}"]]}}}
  Spare: {Type: Bucket, Condition: IsProd}
  Front:
    Type: Subnet
    DeletionPolicy: Retain
    DependsOn: Left
    Properties: {VpcID: !Ref Net, CIDRBlock: !Select [0, !Cidr [!GetAtt Net.CIDRBlock, 2, 8]]}
Outputs:
  Size: {Value: !If [IsProd, large, small]}
  Left: {Value: !Sub "\${Left} of \${AWS::StackName}"}`,
      { parameters: { Stage: "dev" } },
    );
    const text = await yamlOf(under);
    expect(text.slice(text.indexOf("Parameters:"), text.indexOf("Import:"))).toBe(`Parameters:
  Stage:
    Type: String
    Default: dev
    AllowedValues:
      - dev
      - prod
Resources:
  Net:
    Type: VPC
    Properties:
      CIDRBlock: 10.1.0.0/16
      Labels:
        stage: !Ref Stage
  Left:
    Type: Queue
    Properties:
      Labels:
        of: !Sub \${Stage}/\${Net}/Left
  Right:
    Type: Queue
    Properties:
      Labels:
        of: !Sub \${Stage}/\${Net}/Right
  Front:
    Type: Subnet
    DependsOn:
      - Left
    DeletionPolicy: Retain
    Properties:
      VpcID: !Ref Net
      CIDRBlock: !Select
        - 0
        - !Cidr
          - !GetAtt Net.CIDRBlock
          - 2
          - 8
Outputs:
  Size:
    Value: small
  Left:
    Value: !Sub \${Left} of \${AWS::StackName}
`);
    expect(await under.planText(text)).toBe("web  4 resources: 4 unchanged");
  });

  test("never has a secret: a parameter without a value stands in its place", async () => {
    const under = stacksUnderTest();
    await under.deploy(
      `
Parameters: {Password: {Type: String, NoEcho: true}}
Mappings: {By: {one: {Value: s3cret}}}
Resources:
  Given: {Type: Thing, Properties: {Value: a, Secret: !Ref Password, Labels: {made: !Sub "of \${Password}"}}}
  Written: {Type: Thing, Properties: {Value: b, Secret: in-the-text}}
Outputs:
  Secret: {Value: !GetAtt Given.Value}`,
      { parameters: { Password: "pass-by-hand" } },
    );
    const text = await yamlOf(under);
    expect(text).not.toMatch(/pass-by-hand|in-the-text/);
    expect(section(text, "Parameters")).toBe(`Parameters:
  Password:
    Type: String
    NoEcho: true
  WrittenSecret:
    Type: String
    NoEcho: true`);
    expect(text).toContain("made: !Sub of ${Password}");
    const given = { Password: "pass-by-hand", WrittenSecret: "in-the-text" };
    expect(await under.planText(text, given)).toBe("web  2 resources: 2 unchanged");
    expect(await under.planText(text)).toContain("parameter Password has no value and no default");
  });

  test("says what is recorded where only a part of the template was deployed, with references by value", async () => {
    const under = stacksUnderTest();
    const text = (value: string) => `
Resources:
  Base: {Type: Thing, Properties: {Value: base}}
  Rest: {Type: Thing, Properties: {Value: ${value}, Uses: [!Ref Base], Labels: {at: !GetAtt Base.Address}}}
  Other: {Type: Thing, Properties: {Value: ${value}}}`;
    await under.deploy(text("old"));
    const scope = TEST_SCOPE;
    const source = { file: "web.yaml", text: text("new") };
    await under.stacks.deploy({ scope, stack: "web", source, targets: ["Other"] });
    const exported = await yamlOf(under);
    expect(section(exported, "Resources")).toContain(`  Rest:
    Type: Thing
    Properties:
      Uses:
        - !Ref Base
      Labels:
        at: !GetAtt Base.Address
      Value: old
  Other:
    Type: Thing
    Properties:
      Value: new`);
    expect(await under.planText(exported)).toBe("web  3 resources: 3 unchanged");
  });

  test("takes its resources over once their stack has let them go", async () => {
    const under = awsStacksUnderTest();
    await under.deploy(template("web.yaml"));
    const text = (await yamlOf(under)).replaceAll("${AWS::StackName}", "new");
    const { resources = [] } = (await under.stacks.get(TEST_SCOPE, "web")) ?? {};
    const removed = resources.map(({ logicalId }) => logicalId).join(", ");
    expect(await under.deploy(`Resources: {}\nRemoved: [${removed}]`)).toMatchObject({ status: "deployed" });
    expect(await under.deploy(text, { stack: "adopter" })).toMatchObject({
      status: "deployed",
      plan: { summary: { import: 9, create: 0, update: 0, replace: 0 } },
    });
  });

  test("flattens nested templates: the plan renames what is in them and changes nothing", async () => {
    const under = awsStacksUnderTest();
    const parts = readFileSync(join(import.meta.dirname, "../../../templates/parts/network.yaml"), "utf8");
    await under.deploy(`${template("shop.yaml")}\n--- # template: parts/network.yaml\n${parts}`);
    const { plan } = await under.plan(await yamlOf(under));
    expect(plan?.summary).toMatchObject({ rename: 6, none: 1, create: 0, update: 0, replace: 0, delete: 0 });
  });

  test("of a stack that does not exist is refused", async () => {
    await expect(yamlOf(stacksUnderTest(), "nowhere")).rejects.toThrow('There is no stack "nowhere".');
  });
});

describe("a stack as CloudFormation", () => {
  const identifierOf = (type: string) => (type.startsWith("AWS::") ? readTypeFacts(type).identifier : undefined);
  const written = async ({ stacks }: StacksUnderTest) =>
    writeCloudFormation(
      await stacks.export({ scope: TEST_SCOPE, stack: "web" }, { inCloudTypes: true, isTemplate: true }),
      identifierOf,
    ).files;

  test("is a template that keeps everything, and the list that an import takes", async () => {
    const under = awsStacksUnderTest();
    const intake = template("aws-intake.yaml").replace("Audit:\n    Type: Queue", "Audit:\n    Type: AWS::SQS::Queue");
    await under.deploy(intake.replace("${Audit}", "${Audit.QueueName}"));
    const files = await written(under);
    const { plan } = await under.plan(files["web.template.yaml"] ?? "");
    expect(plan?.summary).toMatchObject({ none: 9, create: 0, update: 0, replace: 0, import: 0, delete: 0 });
    const list = JSON.parse(files["web.import.json"] ?? "") as { LogicalResourceId: string }[];
    expect(list).toHaveLength(9);
    expect(list.find((each) => each.LogicalResourceId === "Jobs")).toEqual({
      ResourceType: "AWS::SQS::Queue",
      LogicalResourceId: "Jobs",
      ResourceIdentifier: { QueueUrl: expect.stringMatching(/\/111111111111\/web-jobs-/) },
    });
  });

  /** Queues are known by their names here. */
  const idHere = (id: string) => id.replace(/^http.*\//, "");

  test("has native types as the cloud's own, with references to them", async () => {
    const under = awsStacksUnderTest();
    await under.deploy(`
Resources:
  Lost: {Type: Queue}
  Jobs: {Type: Queue, Properties: {DeadLetterQueue: !Ref Lost, MaxReceiveCount: 3, Labels: {to: !Ref Lost}}}
  News: {Type: Topic, Properties: {Name: news}}
  Reader: {Type: Subscription, Properties: {Topic: !Ref News, Protocol: email, Endpoint: reader@example.com}}
  Photos: {Type: Bucket, Properties: {Name: photos-of-may, Versioning: true}}
  Orders: {Type: Table, Properties: {PartitionKey: {Name: id, Type: S}}}
Outputs:
  Jobs: {Value: !Ref Jobs}`);
    const { "web.template.yaml": text = "", "web.import.json": list } = await written(under);
    expect(text).toContain("deadLetterTargetArn: !GetAtt Lost.Arn");
    expect(text).toContain("TopicArn: !Ref News");
    expect(section(text, "Outputs")).toBe("Outputs:\n  Jobs:\n    Value: !GetAtt Jobs.QueueName");
    const imported = JSON.parse(list ?? "") as { LogicalResourceId: string; ResourceIdentifier: object }[];
    await under.deploy("Resources: {}\nRemoved: [Lost, Jobs, News, Reader, Photos, Orders]");
    const ids = imported.map((each) => [each.LogicalResourceId, Object.values(each.ResourceIdentifier)[0]]);
    const imports = Object.fromEntries(ids.map(([name, id]) => [name, idHere(String(id))])) as Record<string, string>;
    const source = { file: "web.template.yaml", text };
    const { plan, diagnostics } = await under.stacks.plan({ scope: TEST_SCOPE, stack: "adopter", source, imports });
    expect(diagnostics).toEqual([]);
    expect(plan?.changes.flatMap(({ properties }) => properties)).toEqual([]);
    expect(plan?.summary.import).toBe(6);
  });

  test("has no secret either where a native type becomes another", async () => {
    const under = awsStacksUnderTest();
    const labels = '{given: !Ref Token, made: !Sub "of ${Token}"}';
    await under.deploy(
      `
Parameters: {Token: {Type: String, NoEcho: true}}
Resources: {Jobs: {Type: Queue, Properties: {Labels: ${labels}}}}`,
      { parameters: { Token: "pass-by-hand" } },
    );
    const text = (await written(under))["web.template.yaml"] ?? "";
    expect(text).not.toContain("pass-by-hand");
    expect(text).toContain("Value: !Ref Token");
  });

  test("is refused by name for what CloudFormation does not have", async () => {
    const under = awsStacksUnderTest();
    await under.deploy("Resources: {Net: {Type: VPC}, Jobs: {Type: Queue}}");
    await expect(written(under)).rejects.toThrow(
      "web cannot be written as CloudFormation:\n  Net is a VPC, which CloudFormation does not have.",
    );
  });
});

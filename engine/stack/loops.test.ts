import { describe, expect, test } from "vitest";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";

/** The resources a template makes, by logical id, with their value. */
async function made(text: string, parameters: Record<string, string> = {}) {
  const { deploy, stacks } = stacksUnderTest();
  const result = await deploy(text, { parameters });
  expect(result.diagnostics).toEqual([]);
  expect(result.status).toBe("deployed");
  const { resources = [] } = (await stacks.get(TEST_SCOPE, "web")) ?? {};
  return {
    resources: Object.fromEntries(resources.map((each) => [each.logicalId, each.properties])),
    outputs: Object.fromEntries(Object.entries(result.outputs ?? {}).map(([name, { value }]) => [name, value])),
  };
}
const said = async (text: string, parameters: Record<string, string> = {}) =>
  (await stacksUnderTest().planText(text, parameters)).split("\n")[0];

describe("Fn::ForEach", () => {
  test("makes a resource for each value, with ${Name} in keys, texts and references", async () => {
    const { resources } = await made(`
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "Red,Blue"}}
Resources:
  Fn::ForEach::Things:
    - Name
    - !Ref Names
    - Thing\${Name}:
        Type: Thing
        Properties: {Value: {Ref: Name}, Labels: {colour: !Sub "\${Name}-\${AWS::Region}"}}
  Last: {Type: Thing, DependsOn: ThingBlue, Properties: {Value: !GetAtt ThingRed.Value}}
`);
    expect(resources).toEqual({
      ThingBlue: { Value: "Blue", Kind: "plain", Labels: { colour: "Blue-us-east-1" } },
      ThingRed: { Value: "Red", Kind: "plain", Labels: { colour: "Red-us-east-1" } },
      Last: { Value: "Red", Kind: "plain" },
    });
  });

  test("takes only letters and digits of a value for &{Name}", async () => {
    const { resources } = await made(`
Transform: [AWS::LanguageExtensions]
Resources:
  Fn::ForEach::Things:
    - Range
    - [10.0.0.0/16, 10.1.0.0/16]
    - Net&{Range}: {Type: Thing, Properties: {Value: "\${Range}"}}
`);
    expect(resources).toMatchObject({ Net1000016: { Value: "10.0.0.0/16" }, Net1010016: { Value: "10.1.0.0/16" } });
  });

  test("stands in loops, properties, conditions and outputs", async () => {
    const { resources, outputs } = await made(
      `
Transform: AWS::LanguageExtensions
Parameters: {Stage: {Type: String}}
Mappings: {Zones: {dev: {list: [A]}, prod: {list: [A, B]}}}
Conditions:
  Fn::ForEach::Stages:
    - Each
    - [dev, prod]
    - Is\${Each}: !Equals [!Ref Stage, "\${Each}"]
Resources:
  Fn::ForEach::Zones:
    - Zone
    - !FindInMap [Zones, !Ref Stage, list]
    - Fn::ForEach::Tiers:
        - Tier
        - [Front, Back]
        - "\${Zone}\${Tier}":
            Type: Thing
            Condition: Isprod
            Properties:
              Value: "\${Tier} in \${Zone}"
              Labels:
                Fn::ForEach::Labels: [Label, [tier, zone], {"of-\${Label}": "\${Tier}\${Zone}"}]
Outputs:
  Fn::ForEach::Values:
    - Zone
    - [A, B]
    - Front\${Zone}: {Value: !GetAtt ["\${Zone}Front", Value]}
`,
      { Stage: "prod" },
    );
    expect(Object.keys(resources).sort()).toEqual(["ABack", "AFront", "BBack", "BFront"]);
    expect(resources["BFront"]).toMatchObject({
      Value: "Front in B",
      Labels: { "of-tier": "FrontB", "of-zone": "FrontB" },
    });
    expect(outputs).toEqual({ FrontA: "Front in A", FrontB: "Front in B" });
  });

  test("over nothing makes nothing", async () => {
    const text = `
Resources:
  One: {Type: Thing, Properties: {Value: one}}
  Fn::ForEach::None: [Each, [], {"\${Each}": {Type: Thing}}]
`;
    expect(Object.keys((await made(text)).resources)).toEqual(["One"]);
  });

  const loop = (args: string, rest = "") => `${rest}Resources: {"Fn::ForEach::L": ${args}}`;
  const body = '{"T${N}": {Type: Thing, Properties: {Value: x}}}';
  test.each([
    [loop("[N, [a]]"), "error[CS1114] Fn::ForEach::L takes [Identifier, [values], {Key: value}]  web.yaml:1:31"],
    [loop(`[N, a, ${body}]`), "error[CS1114] Fn::ForEach::L goes over a list of texts  web.yaml:1:35"],
    [loop(`[N, [[a]], ${body}]`), "error[CS1114] Fn::ForEach::L goes over a list of texts  web.yaml:1:35"],
    [
      loop(`["N-1", [a], ${body}]`),
      'error[CS1114] the identifier of Fn::ForEach::L is letters and digits, not "N-1"  web.yaml:1:13',
    ],
    [
      loop(`[N, [a], ${body}]`, "Parameters: {N: {Type: String, Default: x}}\n"),
      'error[CS1114] the identifier "N" of Fn::ForEach::L is that of a parameter  web.yaml:2:13',
    ],
    [
      loop(`[N, [a], {"Fn::ForEach::M": [N, [a], ${body}]}]`),
      'error[CS1114] the identifier "N" of Fn::ForEach::M is that of the loop around it  web.yaml:1:41',
    ],
    [
      loop("[N, [a, b], {T: {Type: Thing, Properties: {Value: x}}}]"),
      'error[CS1004] "T", which Fn::ForEach::L makes, is there already  web.yaml:1:44',
    ],
    [loop("[N, [a.b], {'${N}': {Type: Thing}}]"), 'error[CS1002] "a.b" cannot name a resource  web.yaml:1:43'],
    [
      'Resources: {A: {Type: Thing, Properties: {Value: x}}, "Fn::ForEach::L": [N, [!Ref A], {}]}',
      "error[CS1114] Fn::ForEach::L goes over a list of texts  web.yaml:1:77",
    ],
    [
      "Mappings: {'Fn::ForEach::L': [N, [a], {}]}\nResources: {A: {Type: Thing, Properties: {Value: x}}}",
      "error[CS1002] mapping Fn::ForEach::L is a map, not a list  web.yaml:1:30",
    ],
  ])("%s is refused", async (text, first) => {
    expect(await said(text)).toBe(first);
  });

  test("stops loops that multiply without end", async () => {
    const values = JSON.stringify(Array.from({ length: 100 }, (_, index) => `v${index}`));
    const loopOf = (depth: number, inner: string) => `{"Fn::ForEach::L${depth}": [N${depth}, ${values}, ${inner}]}`;
    const nested = (depth: number): string =>
      depth === 0 ? '{"k${N1}${N2}${N3}${N4}": {}}' : loopOf(depth, nested(depth - 1));
    expect(await said(`{"Resources": ${nested(4)}}`)).toMatch(/^error\[CS1006\] the loops make more than 100000 entr/);
  });

  test("over a parameter without a value is not checked, and said so", async () => {
    const { stacks } = stacksUnderTest();
    const text = `
Parameters: {Names: {Type: CommaDelimitedList}}
Resources:
  One: {Type: Thing, Properties: {Value: !GetAtt ThingRed.Value}}
  Fn::ForEach::Things: [Name, !Ref Names, {"Thing\${Name}": {Type: Thing, Properties: {Value: x}}}]
`;
    const message = "Fn::ForEach::Things is not checked: parameter Names has no value";
    expect(await stacks.validate({ file: "web.yaml", text }, { scope: TEST_SCOPE })).toMatchObject([
      { code: "CS1115", severity: "warning", message },
    ]);
  });
});

describe("Transform", () => {
  test.each([
    ["AWS::Serverless-2016-10-31", "the serverless transform (SAM) is not supported yet: it comes with functions"],
    ["[AWS::LanguageExtensions, Mine]", 'the macro "Mine" cannot run: macros come with functions'],
    ["AWS::LanguageExtension", 'there is no transform "AWS::LanguageExtension"'],
    [
      "{Name: 'AWS::Include', Parameters: {}}",
      "AWS::Include is not supported yet: put what it includes into the template",
    ],
  ])("%s is refused by name", async (transform, message) => {
    expect(await said(`Transform: ${transform}\nResources: {A: {Type: Thing, Properties: {Value: x}}}`)).toContain(
      `error[CS1007] ${message}  web.yaml:1:`,
    );
  });
});

describe("Fn::GetStackOutput", () => {
  const network = "Resources: {N: {Type: Thing, Properties: {Value: net}}}\nOutputs: {Id: {Value: !GetAtt N.Value}}";
  const using = (argument: string) =>
    `Parameters: {S: {Type: String, Default: network}}\n` +
    `Resources: {U: {Type: Thing, Properties: {Value: !GetStackOutput ${argument}}}}`;

  test("gives another stack's output, and follows it at the next deployment", async () => {
    const { deploy, planText } = stacksUnderTest();
    await deploy(network, { stack: "network" });
    const text = using("{StackName: !Ref S, OutputName: Id}");
    expect(await deploy(text)).toMatchObject({ status: "deployed" });
    expect(await planText(text)).toBe("web  1 resource: 1 unchanged");
    await deploy(network.replace("Value: net", "Value: moved"), { stack: "network" });
    expect(await planText(text)).toContain('Value  "net" -> "moved"');
  });

  test.each([
    ["{StackName: net, OutputName: Id}", 'error[CS1116] there is no other stack "net" in us-east-1'],
    ["{StackName: web, OutputName: Id}", 'error[CS1116] there is no other stack "web" in us-east-1'],
    ["{StackName: network, OutputName: Idd}", 'error[CS1116] stack network has no output "Idd"'],
    [
      "{StackName: network, OutputName: Id, Region: eu-west-1}",
      'error[CS1116] there is no other stack "network" in eu-west-1',
    ],
    ["{StackName: network, OutputName: Id, RoleArn: x}", "error[CS1109] RoleArn is not supported yet"],
    ["{StackName: network, Output: Id}", 'error[CS1102] Fn::GetStackOutput has no "Output"'],
    ["[network, Id]", "error[CS1102] Fn::GetStackOutput names a stack that is known before apply"],
  ])("%s is refused", async (argument, message) => {
    const { deploy, planText } = stacksUnderTest();
    await deploy(network, { stack: "network" });
    expect(await planText(using(argument))).toContain(message);
  });
});

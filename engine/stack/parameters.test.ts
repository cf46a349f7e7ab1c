import { describe, expect, test } from "vitest";
import { networks } from "../services/networks/service.ts";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";
import { PARAMETER_TYPES } from "./parameters/parameter-type.ts";
import type { DynamicReference, StoredValues } from "./parameters/stored-values.ts";

const SERVICES = [networks, thingsService()];
const thing = "Resources: {One: {Type: Thing, Properties: {Value: !Ref P}}}";
const withParameter = (declaration: string, rest = "Resources: {One: {Type: Thing, Properties: {Value: x}}}") =>
  `Parameters: {P: ${declaration}}\n${rest}`;

interface Ids {
  readonly vpc: string;
  readonly subnet: string;
}

/** What planning says, with a VPC and a subnet there whose ids are given to `parametersOf`. */
async function saidBeside(text: string, parametersOf: (ids: Ids) => Record<string, string>) {
  const { deploy, stacks, plan } = stacksUnderTest(SERVICES);
  const made = await deploy(
    "Resources:\n  Net: {Type: VPC, Properties: {Labels: {owner: ops}}}\n" +
      "  Front: {Type: Subnet, Properties: {VpcID: !Ref Net}}\n",
    { stack: "ground" },
  );
  expect(made.status).toBe("deployed");
  const { resources = [] } = (await stacks.get(TEST_SCOPE, "ground")) ?? {};
  const idOf = (logicalId: string) => resources.find((each) => each.logicalId === logicalId)?.id ?? "";
  const { diagnostics } = await plan(text, parametersOf({ vpc: idOf("Net"), subnet: idOf("Front") }));
  return diagnostics.map((each) => `${each.code} ${each.message}`);
}

describe("a parameter's type", () => {
  test.each([...PARAMETER_TYPES])("%s can be declared", async (type) => {
    const { stacks } = stacksUnderTest(SERVICES);
    const text = withParameter(`{Type: "${type}"}`);
    expect(await stacks.validate({ file: "web.yaml", text }, { scope: TEST_SCOPE })).toEqual([]);
  });

  test.each([
    ["{Type: Text}", 'parameter P cannot have type "Text"'],
    ["{Type: 'List<CommaDelimitedList>'}", 'parameter P cannot have type "List<CommaDelimitedList>"'],
    ["{Type: 'AWS::EC2::VPC'}", 'parameter P cannot have type "AWS::EC2::VPC"'],
    ["{Default: x}", "parameter P has no Type"],
    ["{Type: String, NoEcho: yes}", "the NoEcho of P is true or false"],
    ["{Type: String, AllowedValues: dev}", "the AllowedValues of P are a list"],
    ["{Type: String, MinValue: 3}", "MinValue is not for parameters of type String: P"],
    ["{Type: Number, MaxLength: 3}", "MaxLength is not for parameters of type Number: P"],
    ["{Type: Number, Default: many}", 'parameter P takes a number, not "many" (its Default)'],
    [
      "{Type: String, AllowedValues: [a], Default: b}",
      '"b" is not allowed for parameter P: it must be one of a (its Default)',
    ],
    ["{Type: String, AllowedPattern: '['}", "the AllowedPattern of P is not a pattern"],
  ])("%s is refused", async (declaration, message) => {
    const { plan } = stacksUnderTest(SERVICES);
    const { diagnostics } = await plan(withParameter(declaration), { P: "1" });
    expect(diagnostics.map((each) => each.message).join("\n")).toContain(message);
  });

  test("that names a thing of the cloud is looked up where this engine has such things", async () => {
    const text = withParameter("{Type: 'AWS::EC2::VPC::Id'}");
    expect(await saidBeside(text, ({ vpc }) => ({ P: vpc }))).toEqual([]);
    expect(await saidBeside(text, () => ({ P: "vpc-0123" }))).toEqual([
      'CS1308 parameter P: there is no VPC "vpc-0123" in us-east-1',
    ]);
    expect(await saidBeside(text, () => ({ P: "main" }))).toEqual([
      'CS1308 parameter P: "main" is not of type AWS::EC2::VPC::Id',
    ]);
    const list = withParameter("{Type: 'List<AWS::EC2::Subnet::Id>'}");
    expect(await saidBeside(list, ({ subnet }) => ({ P: `${subnet}, subnet-0` }))).toEqual([
      'CS1308 parameter P: there is no Subnet "subnet-0" in us-east-1',
    ]);
    const zone = withParameter("{Type: 'AWS::EC2::AvailabilityZone::Name'}");
    expect(await saidBeside(zone, () => ({ P: "us-east-1b" }))).toEqual([]);
    expect(await saidBeside(zone, () => ({ P: "eu-west-1b" }))).toEqual([
      'CS1308 parameter P: there is no zone "eu-west-1b" in us-east-1',
    ]);
    const image = withParameter("{Type: 'AWS::EC2::Image::Id'}");
    expect(await saidBeside(image, () => ({ P: "ami-0ff8a91507f77f867" }))).toEqual([]);
    expect(await saidBeside(image, () => ({ P: "alpine" }))).toEqual([
      'CS1308 parameter P: "alpine" is not of type AWS::EC2::Image::Id',
    ]);
  });
});

describe("a parameter that names a stored value", () => {
  const stored: Record<string, string> = { "/app/stage": "prod", "/app/zones": "a, b" };
  const storedValues: StoredValues = {
    services: ["ssm"],
    resolve: async (reference: DynamicReference) => ("name" in reference ? stored[reference.name] : undefined),
  };
  const ssm = (type: string) => withParameter(`{Type: "AWS::SSM::Parameter::Value<${type}>"}`, thing);

  test("has that value", async () => {
    const { deploy, stacks } = stacksUnderTest(SERVICES, { storedValues });
    expect(await deploy(ssm("String"), { parameters: { P: "/app/stage" } })).toMatchObject({ status: "deployed" });
    const details = await stacks.get(TEST_SCOPE, "web");
    expect(details?.resources[0]?.properties["Value"]).toBe("prod");
    expect(details?.parameters).toEqual({ P: "/app/stage" });
    const zones = ssm("List<String>").replace("!Ref P", "!Join ['-', !Ref P]");
    await deploy(zones, { parameters: { P: "/app/zones" } });
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.properties["Value"]).toBe("a-b");
  });

  test("is refused when there is none, or nothing that keeps them", async () => {
    const given = { P: "/app/none" };
    const beside = stacksUnderTest(SERVICES, { storedValues });
    expect((await beside.planText(ssm("String"), given)).split("\n")[0]).toBe(
      'error[CS1309] parameter P names the SSM parameter "/app/none", which does not exist  web.yaml:1:14',
    );
    const without = stacksUnderTest(SERVICES);
    expect((await without.planText(ssm("String"), given)).split("\n")[0]).toBe(
      'error[CS1309] parameter P names the SSM parameter "/app/none", and this engine has no SSM parameters yet' +
        "  web.yaml:1:14",
    );
  });
});

describe("Rules", () => {
  const rules = (assertion: string, more = "") => `
Parameters:
  Stage: {Type: String, Default: dev}
  Sizes: {Type: CommaDelimitedList, Default: "small,small"}
  Vpc: {Type: "AWS::EC2::VPC::Id"}
  Nets: {Type: "List<AWS::EC2::Subnet::Id>"}
Rules:
  Fit:
    ${more}Assertions: [{Assert: ${assertion}, AssertDescription: told so}]
Resources: {One: {Type: Thing, Properties: {Value: x}}}
`;
  const ids = ({ vpc, subnet }: Ids) => ({ Vpc: vpc, Nets: `${subnet},${subnet}` });
  const broken = ["CS1306 rule Fit does not hold: told so"];

  test.each([
    ["!Contains [[dev, prod], !Ref Stage]", true],
    ["!Contains [[test, prod], !Ref Stage]", false],
    ["!EachMemberEquals [!Ref Sizes, small]", true],
    ["!EachMemberEquals [[small, large], small]", false],
    ["!EachMemberIn [!Ref Sizes, [small, large]]", true],
    ["!EachMemberIn [[small, huge], [small, large]]", false],
    ["!EachMemberEquals [!RefAll 'AWS::EC2::VPC::Id', !Ref Vpc]", true],
    ["!EachMemberIn [!RefAll 'AWS::EC2::Subnet::Id', []]", true],
    ["!EachMemberEquals [!ValueOf [Nets, VpcId], !Ref Vpc]", true],
    ["!EachMemberEquals [!ValueOfAll ['List<AWS::EC2::Subnet::Id>', VpcId], !Ref Vpc]", true],
    ["!Equals [!ValueOf [Vpc, Tags.owner], ops]", true],
    ["!Equals [!ValueOf [Vpc, Tags.cost], ops]", false],
    ["!And [!Equals [a, a], !Not [!Equals [!Ref Stage, prod]]]", true],
    ["!Or [!Equals [a, b], !Equals [!Ref Stage, prod]]", false],
  ])("%s is %s", async (assertion, holds) => {
    expect(await saidBeside(rules(assertion), ids)).toEqual(holds ? [] : broken);
  });

  test("hold only where their condition does", async () => {
    const given = rules("!Equals [a, b]", "RuleCondition: !Equals [!Ref Stage, prod]\n    ");
    expect(await saidBeside(given, ids)).toEqual([]);
    expect(await saidBeside(given, (each) => ({ ...ids(each), Stage: "prod" }))).toEqual(broken);
  });

  test("are left open while a parameter has no value", async () => {
    const { stacks } = stacksUnderTest(SERVICES);
    const text = rules("!Contains [[x], !Ref Vpc]");
    expect(await stacks.validate({ file: "web.yaml", text }, { scope: TEST_SCOPE })).toEqual([]);
  });

  test.each([
    ["!ValueOf [Vpcs, Tags.x]", 'CS1103 there is no parameter "Vpcs"'],
    [
      "!Equals [!ValueOf [Vpc, DefaultSecurityGroup], x]",
      'CS1104 what parameter Vpc names has no attribute "DefaultSecurityGroup" here',
    ],
    ["!Contains [dev, !Ref Stage]", "CS1102 Fn::Contains takes [[texts], text]"],
    ["!Equals [!Ref One, x]", 'CS1111 "One" is a resource; only parameters, mappings and conditions can be used here'],
    ["!Ref Stage", "CS1307 an Assert of Fit is no condition"],
  ])("%s is refused", async (assertion, said) => {
    expect(await saidBeside(rules(assertion), ids)).toEqual([said]);
  });

  test.each([
    ["Rules: {Fit: {}}", "CS1307 rule Fit has no list of Assertions"],
    ["Rules: {Fit: {Asserts: [], Assertions: [{Assert: !Equals [a, a]}]}}", 'CS1307 unknown key "Asserts" of rule Fit'],
    [
      "Rules: {Fit: {Assertions: [{}]}}",
      "CS1307 an assertion of rule Fit is {Assert: condition, AssertDescription: text}",
    ],
    ["Rules: [x]", "CS1002 Rules is a map by name, not a list"],
    ["Conditions: {C: !Contains [[a], a]}", "CS1102 Fn::Contains can only stand in Rules"],
  ])("%s is refused", async (text, said) => {
    const { plan } = stacksUnderTest(SERVICES);
    const { diagnostics } = await plan(`${text}\nResources: {One: {Type: Thing, Properties: {Value: x}}}`);
    expect(diagnostics.map((each) => `${each.code} ${each.message}`)).toEqual([said]);
  });
});

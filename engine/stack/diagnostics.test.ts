import { describe, expect, test } from "vitest";
import { stacksUnderTest } from "../testing/stack-engine.ts";
import { networks } from "../services/networks/service.ts";
import { thingsService } from "../testing/stack-things.ts";

const { planText, stacks } = stacksUnderTest([networks, thingsService()]);
/** The plan's diagnostics as the command line would print them. */
const said = async (text: string, parameters?: Record<string, string>) => `\n${await planText(text, parameters)}\n`;

describe("bad input", () => {
  test("an unknown property is shown where it stands, with what was meant", async () => {
    expect(
      await said(`
Resources:
  Net:
    Type: VPC
    Properties:
      CidrBlock: 10.42.0.0/16
`),
    ).toBe(`
error[CS1203] unknown property "CidrBlock" of VPC  web.yaml:6:7
  6 |       CidrBlock: 10.42.0.0/16
    |       ^^^^^^^^^ did you mean "CIDRBlock"?
`);
  });

  test("an unknown type", async () => {
    expect(await said("Resources:\n  Net: {Type: VCP}\n")).toBe(`
error[CS1201] unknown resource type "VCP"  web.yaml:2:15
  2 |   Net: {Type: VCP}
    |               ^^^ did you mean "VPC"?
`);
  });

  test("wrong YAML, with line and column", async () => {
    expect(await said("Resources:\n  Net:\n    Type: VPC\n   Properties: {}\n")).toMatch(
      /^\nerror\[CS1001\] .*web\.yaml:\d+:\d+\n/,
    );
    expect(await said('{"Resources": {"Net": {"Type": "VPC",, }}}')).toMatch(/^\nerror\[CS1001\] .*web\.yaml:1:38\n/);
    expect(await said("Resources: {Net: {Type: VPC\n")).toMatch(/^\nerror\[CS1001\] .*web\.yaml:2:1\n/);
  });

  test("a second document, which nobody would deploy", async () => {
    expect(await said("Resources: {}\n---\nResources: {Net: {Type: VPC}}\n")).toBe(`
error[CS1001] a second document begins here  web.yaml:2:1
  2 | ---
    | ^^^ a file has one document: put what follows into a file of its own
`);
  });

  test("a circle names its path", async () => {
    expect(
      await said(`
Resources:
  A: {Type: Thing, Properties: {Value: a, Uses: [!Ref B]}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref C]}}
  C: {Type: Thing, DependsOn: A, Properties: {Value: c}}
`),
    ).toBe(`
error[CS1110] resources depend on each other in a circle: A -> B -> C -> A  web.yaml:3:3
  3 |   A: {Type: Thing, Properties: {Value: a, Uses: [!Ref B]}}
    |   ^ remove one of these references, or move the shared value into a parameter
`);
  });

  test("a reference to nothing", async () => {
    expect(
      await said(
        "Resources:\n  One: {Type: Thing, Properties: {Value: !Ref Nmae}}\nParameters: {Name: {Type: String}}\n",
        { Name: "x" },
      ),
    ).toBe(`
error[CS1103] there is no resource or parameter "Nmae"  web.yaml:2:47
  2 |   One: {Type: Thing, Properties: {Value: !Ref Nmae}}
    |                                               ^^^^ did you mean "Name"?
`);
  });

  test("an attribute that the type does not have", async () => {
    expect(
      await said(
        "Resources:\n  A: {Type: Thing, Properties: {Value: a}}\n" +
          "  B: {Type: Thing, Properties: {Value: !GetAtt A.Adress}}",
      ),
    ).toBe(`
error[CS1104] Thing has no attribute "Adress"  web.yaml:3:48
  3 |   B: {Type: Thing, Properties: {Value: !GetAtt A.Adress}}
    |                                                ^^^^^^^^ did you mean "Address"?
`);
  });

  test("a range that is none", async () => {
    expect(await said("Resources:\n  Net: {Type: VPC, Properties: {CIDRBlock: ten}}\n")).toBe(`
error[CS1210] CIDRBlock of VPC: "ten" is not an IPv4 range; write one like 10.0.0.0/16.  web.yaml:2:44
  2 |   Net: {Type: VPC, Properties: {CIDRBlock: ten}}
    |                                            ^^^
`);
  });

  test("a range that its service would refuse is refused while planning, and nothing is left", async () => {
    const { deploy, stacks } = stacksUnderTest([networks]);
    const text = "Resources: {Net: {Type: VPC, Properties: {CIDRBlock: 10.42.7.0/16}}}";
    expect(await deploy(text)).toMatchObject({
      status: "refused",
      diagnostics: [{
        code: "CS1210",
        message:
          "CIDRBlock of VPC: 10.42.7.0/16 has address bits right of its mask; " +
          "the range that holds it is 10.42.0.0/16.",
        range: { line: 1, column: 54 },
      }],
    });
    expect(await stacks.get({ account: "111111111111", region: "us-east-1" }, "web")).toBeUndefined();
  });

  test("all problems are said at once, in order of place", async () => {
    const text = `
Parameters:
  Size: {Type: Nmber, Default: 3}
Resources:
  One: {Type: Thing, Properties: {Value: [1], Count: 12, Colour: rad}}
  Two: {Type: Thing, Properties: {Kind: x, IsLarge: maybe}, UpdatePolicy: {Rolling: {}}}
  Three: {Properties: {}}
Outputs:
  Out: {Value: !Reff One}
Hooks: {}
`;
    const { diagnostics } = await stacks.plan({
      scope: { account: "1", region: "r" },
      stack: "web",
      source: { file: "web.yaml", text },
    });
    expect(diagnostics.map((each) => `${each.code} ${each.range?.line} ${each.message}`)).toEqual([
      'CS1305 3 parameter Size cannot have type "Nmber"',
      "CS1204 5 Value of Thing takes a text, not a list",
      "CS1207 5 Count of Thing must be at most 9, not 12",
      'CS1205 5 Colour of Thing cannot be "rad"',
      'CS1202 6 Thing needs the property "Value"',
      'CS1204 6 IsLarge of Thing takes true or false, not "maybe"',
      'CS1003 6 unknown key "Rolling" of the UpdatePolicy of Two',
      "CS1209 7 resource Three has no Type",
      'CS1101 9 unknown function "Fn::Reff"',
      "CS1005 10 the section Hooks is not supported yet: it comes with blue/green deployments with CodeDeploy",
    ]);
  });

  test.each([
    ["", "CS1001"],
    ["- a\n- b", "CS1002"],
    ["Resorces: {}", "CS1003"],
    ["Resources: {A: {Type: Thing}, A: {Type: Thing}}", "CS1004"],
    ["Resources: {A: {Type: Thing, Properties: {Value: '{{resolve:ssm:x}}'}}}", "CS1112"],
    ["Resources: {A: {Type: Thing, Properties: {Value: !Transform {Name: x}}}}", "CS1109"],
    ["Resources: {A: {Type: Thing, Properties: {Value: !Join [x]}}}", "CS1102"],
    ["Resources: {A: {Type: Thing, Properties: {Value: !Select [3, [a]]}}}", "CS1108"],
    ["Resources: {A: {Type: Thing, Properties: {Value: !FindInMap [M, a, b]}}}", "CS1106"],
    ["Resources: {A: {Type: Thing, Condition: No, Properties: {Value: a}}}", "CS1105"],
    ["Conditions: {C: !Equals [!Ref A, 1]}\nResources: {A: {Type: Thing, Properties: {Value: a}}}", "CS1111"],
    [
      "Conditions: {C: !Not [{Condition: C}]}\nResources: {A: {Type: Thing, Condition: C, Properties: {Value: a}}}",
      "CS1110",
    ],
    ["Resources: {A: {Type: Thing, DeletionPolicy: Snapshot, Properties: {Value: a}}}", "CS1208"],
    ["Parameters: {P: {Type: String}}\nResources: {A: {Type: Thing, Properties: {Value: !Ref P}}}", "CS1301"],
    [
      "Conditions: {C: !Equals [1, 2]}\n" +
        "Resources: {A: {Type: Thing, Condition: C}, B: {Type: Thing, Properties: {Value: !Ref A}}}",
      "CS1113",
    ],
    ["Resources: {A: &x {Type: Thing, Properties: *x}}", "CS1006"],
    ["Resources: {A: {Type: Thing, Properties: {Value: a, __proto__: b}}}", "CS1002"],
  ])("%j is refused with %s", async (text, code) => {
    const { plan, diagnostics } = await stacks.plan({
      scope: { account: "1", region: "r" },
      stack: "web",
      source: { file: "web.yaml", text },
    });
    expect(plan).toBeUndefined();
    expect(diagnostics.map((each) => each.code)).toContain(code);
  });

  test("parameters are checked against their declarations", async () => {
    const text = `
Parameters:
  Count: {Type: Number, MinValue: 1, MaxValue: 5, Default: 2}
  Stage: {Type: String, AllowedValues: [dev, prod], Default: dev}
  Name: {Type: String, AllowedPattern: "[a-z]+", MinLength: 2, Default: abc, ConstraintDescription: lower-case letters}
  Secret: {Type: String, NoEcho: true, MaxLength: 3, Default: abc}
Resources: {A: {Type: Thing, Properties: {Value: a}}}
`;
    const problems = async (parameters: Record<string, string>) =>
      (
        await stacks.plan({
          scope: { account: "1", region: "r" },
          stack: "web",
          source: { file: "web.yaml", text },
          parameters,
        })
      ).diagnostics.map((each) => `${each.code} ${each.message}${each.hint === undefined ? "" : `: ${each.hint}`}`);
    expect(await problems({})).toEqual([]);
    expect(await problems({ Count: "many", Stage: "test", Name: "A1", Secret: "toolong", Sage: "x" })).toEqual([
      'CS1304 the template has no parameter "Sage": did you mean "Stage"?',
      'CS1302 parameter Count takes a number, not "many"',
      'CS1303 "test" is not allowed for parameter Stage: it must be one of dev, prod',
      'CS1303 "A1" is not allowed for parameter Name: it must match [a-z]+: lower-case letters',
      "CS1303 the value given is not allowed for parameter Secret: it must have at most 3 characters",
    ]);
    expect(await problems({ Count: "6" })).toEqual([
      'CS1303 "6" is not allowed for parameter Count: it must be at most 5',
    ]);
    expect(await problems({ Region: "x" })).toEqual([
      'CS1304 the template has no parameter "Region": there is Count, Stage, Name, Secret',
    ]);
  });

  test("a parameter's value that does not fit is told once, not again where it is used", async () => {
    const text = `
Parameters: {Count: {Type: Number}}
Resources: {A: {Type: Thing, Properties: {Value: a, Count: !Ref Count}}}
`;
    const { diagnostics } = await stacks.plan({
      scope: { account: "1", region: "r" },
      stack: "web",
      source: { file: "web.yaml", text },
      parameters: { Count: "many" },
    });
    expect(diagnostics.map((each) => each.message)).toEqual(['parameter Count takes a number, not "many"']);
  });

  test("validation needs no parameters and no stack", async () => {
    const scope = { account: "1", region: "r" };
    const text = "Parameters: {P: {Type: String}}\nResources: {A: {Type: Thing, Properties: {Value: !Ref P, Kond: x}}}";
    expect(await stacks.validate({ file: "web.yaml", text }, { scope })).toMatchObject([
      { code: "CS1203", hint: 'did you mean "Kind"?' },
    ]);
  });
});

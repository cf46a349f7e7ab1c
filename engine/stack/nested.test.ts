import { describe, expect, test } from "vitest";
import { networks } from "../services/networks/service.ts";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";
import { bundled } from "./diagnostics/bundle.ts";

const SERVICES = [networks, thingsService()];
const NETWORK = `
Parameters:
  Range: {Type: String, AllowedPattern: "[0-9./]+", ConstraintDescription: a range like 10.0.0.0/16}
  Zones: {Type: CommaDelimitedList, Default: "a,b"}
Conditions: {IsWide: !Equals [!Ref Range, 10.0.0.0/16]}
Mappings: {Names: {net: {of: inner}}}
Resources:
  Net:
    {Type: VPC, Properties: {CIDRBlock: !Ref Range, Labels: {of: !FindInMap [Names, net, of], in: !Ref AWS::StackName}}}
  Front: {Type: Subnet, Condition: IsWide, Properties: {VpcID: !Ref Net}}
Outputs:
  Net: {Value: !Ref Net}
  Zones: {Value: !Join ["+", !Ref Zones]}
  Front: {Value: !Ref Front, Condition: IsWide}
`;
const WEB = `
Parameters: {Range: {Type: String, Default: 10.0.0.0/16}}
Resources:
  Ground:
    Type: Stack
    Properties: {Template: net/network.yaml, Parameters: {Range: !Ref Range, Zones: [x, !Ref "AWS::Region"]}}
  User: {Type: Thing, Properties: {Value: !GetAtt Ground.Outputs.Zones, Labels: {net: !GetAtt Ground.Outputs.Net}}}
Outputs: {Net: {Value: !GetAtt Ground.Outputs.Net}}
`;
const files = (more: Record<string, string> = {}) => new Map(Object.entries({ "net/network.yaml": NETWORK, ...more }));
const web = bundled(WEB, files());

describe("a nested template", () => {
  test("is planned as a part of the one that nests it, and its outputs are known as soon as they are", async () => {
    const { planText } = stacksUnderTest(SERVICES);
    expect(await planText(web)).toBe(`web  3 resources: 3 to create
  + VPC Ground/Net  (new in the template)
      CIDRBlock  "10.0.0.0/16"
      Labels  {of: "inner", in: "web-Ground"}
  + Subnet Ground/Front  (new in the template)
      VpcID  (known after apply: Ground/Net)
  + Thing User  (new in the template)
      Value  "x+us-east-1"
      Labels  {net: (known after apply: Ground/Net)}
      Kind  "plain"
  output Net: (absent) -> (known after apply: Ground/Net)
  output Ground/Net: (absent) -> (known after apply: Ground/Net)
  output Ground/Zones: (absent) -> "x+us-east-1"
  output Ground/Front: (absent) -> (known after apply: Ground/Front)`);
  });

  test("is deployed, changed and destroyed with it, all or nothing", async () => {
    const failing = new Set<string>();
    const under = stacksUnderTest([networks, thingsService({ shouldFail: (step) => failing.has(step) })]);
    failing.add("create x+us-east-1");
    expect(await under.deploy(web)).toMatchObject({ status: "rolled-back", cause: { logicalId: "User" } });
    expect(await contentsOf(under.store, "networks")).toEqual({});
    failing.clear();
    expect(await under.deploy(web)).toMatchObject({ status: "deployed", diagnostics: [] });
    expect(await under.planText(web)).toBe("web  3 resources: 3 unchanged");
    const details = await under.stacks.get(TEST_SCOPE, "web");
    const byId = Object.fromEntries((details?.resources ?? []).map((each) => [each.logicalId, each]));
    expect(byId["User"]?.live["Labels"]).toEqual({ net: byId["Ground/Net"]?.id });
    expect(byId["Ground/Net"]?.live["Name"]).toMatch(/^web-ground-net-[0-9a-f]{8}$/);
    // Another range: no condition, no subnet, and a VPC that is replaced with what hangs on it.
    const narrow = await under.plan(web, { Range: "10.1.0.0/16" });
    expect(narrow.plan?.changes.map((each) => `${each.action} ${each.logicalId}`)).toEqual([
      "replace Ground/Net",
      "update User",
      "delete Ground/Front",
    ]);
    expect(await under.deploy(web, { parameters: { Range: "10.1.0.0/16" } })).toMatchObject({ status: "deployed" });
    expect(await under.destroy()).toMatchObject({ status: "deployed" });
    expect(await contentsOf(under.store, "networks")).toEqual({});
  });

  test("can nest others, be nested twice, stand under a condition and wait for what it depends on", async () => {
    const { deploy, plan, stacks } = stacksUnderTest(SERVICES);
    const outer = `
Parameters: {N: {Type: String}}
Resources:
  Deep: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../leaf.yaml, Parameters: {V: !Sub "\${N}!"}}}
Outputs: {V: {Value: !GetAtt Deep.Outputs.V}}
`;
    const leaf = `
Parameters: {V: {Type: String}}
Resources: {Leaf: {Type: Thing, Properties: {Value: !Ref V}}}
Outputs: {V: {Value: !GetAtt Leaf.Value}}
`;
    const text = bundled(
      `
Conditions: {Never: !Equals [a, b]}
Resources:
  First: {Type: Stack, Properties: {Template: net/outer.yaml, Parameters: {N: one}}}
  Second:
    Type: Stack
    DependsOn: Third
    Properties: {Template: ./net/outer.yaml, Parameters: {N: !GetAtt First.Outputs.V}}
  Third: {Type: Thing, DependsOn: First, Properties: {Value: three}}
  None: {Type: Stack, Condition: Never, Properties: {Template: leaf.yaml, Parameters: {V: x}}}
Outputs: {Out: {Value: !GetAtt Second.Outputs.V}}
`,
      new Map([
        ["net/outer.yaml", outer],
        ["leaf.yaml", leaf],
      ]),
    );
    const { plan: made, diagnostics } = await plan(text);
    expect(diagnostics).toEqual([]);
    expect(made?.changes.map((each) => [each.logicalId, each.dependencies])).toEqual([
      ["First/Deep/Leaf", []],
      ["Second/Deep/Leaf", ["First/Deep/Leaf", "Third"]],
      ["Third", ["First/Deep/Leaf"]],
    ]);
    expect((await deploy(text)).outputs?.["Out"]?.value).toBe("one!!");
    expect((await stacks.list(TEST_SCOPE))[0]?.nested?.map((each) => Object.values(each))).toEqual([
      ["First", "web-First", "net/outer.yaml"],
      ["First/Deep", "web-First-Deep", "leaf.yaml"],
      ["Second", "web-Second", "net/outer.yaml"],
      ["Second/Deep", "web-Second-Deep", "leaf.yaml"],
    ]);
  });

  test("has its problems told at their own places, all at once", async () => {
    const { planText } = stacksUnderTest(SERVICES);
    const faulty = NETWORK.replace("!Ref Net}}\n", "!Ref Nte}}\n");
    expect(await planText(bundled(WEB.replace("10.0.0.0/16", "ten"), files({ "net/network.yaml": faulty })))).toBe(
      `error[CS1303] "ten" is not allowed for parameter Range: it must match [0-9./]+  web.yaml:6:71
  6 |     Properties: {Template: net/network.yaml, Parameters: {Range: !Ref Range, Zones: [x, !Ref "AWS::Region"]}}
    |                                                                       ^^^^^ a range like 10.0.0.0/16
error[CS1103] there is no resource or parameter "Nte"  net/network.yaml:10:69
  10 |   Front: {Type: Subnet, Condition: IsWide, Properties: {VpcID: !Ref Nte}}
     |                                                                     ^^^ did you mean "Net"?`,
    );
  });

  test("holds its rules and masks its secrets", async () => {
    const child = `
Parameters: {Word: {Type: String, NoEcho: true}, Stage: {Type: String}}
Rules: {Fit: {Assertions: [{Assert: !Contains [[dev, prod], !Ref Stage], AssertDescription: dev or prod}]}}
Resources: {One: {Type: Thing, Properties: {Value: !Sub "word \${Word}"}}}
`;
    const parent = (stage: string) =>
      bundled(
        "Parameters: {Word: {Type: String, Default: hunter2}}\nResources:\n  In: {Type: Stack, Properties: " +
          `{Template: in.yaml, Parameters: {Word: !Ref Word, Stage: ${stage}}}}\n`,
        new Map([["in.yaml", child]]),
      );
    const { planText } = stacksUnderTest(SERVICES);
    expect(await planText(parent("test"))).toContain("error[CS1306] rule Fit does not hold: dev or prod  in.yaml:3:");
    expect(await planText(parent("dev"))).toContain("Value  ****");
  });

  test("gives its tags to all that is in it: what is nearer wins", async () => {
    const leaf = "Resources: {One: {Type: Thing, Properties: {Value: a, Labels: {own: leaf}}}}\n";
    const tags = (entries: string) => `Tags: [${entries}]`;
    const outer = `Resources:
  In: {Type: Stack, Properties: {Template: leaf.yaml, ${tags("{Key: team, Value: web}, {Key: own, Value: x}")}}}
  Two: {Type: Thing, Properties: {Value: b}}
`;
    const text = `Parameters: {Team: {Type: String, Default: shop}}
Resources:
  Out:
    Type: Stack
    Properties: {Template: outer.yaml, ${tags("{Key: team, Value: !Ref Team}, {Key: cost, Value: '7'}")}}
`;
    const { deploy, stacks } = stacksUnderTest(SERVICES);
    const whole = bundled(text, new Map(Object.entries({ "outer.yaml": outer, "leaf.yaml": leaf })));
    expect((await deploy(whole)).status).toBe("deployed");
    const details = await stacks.get(TEST_SCOPE, "web");
    expect(details?.resources.map(({ logicalId, properties }) => [logicalId, properties["Labels"]])).toEqual([
      ["Out/In/One", { own: "leaf", cost: "7", team: "web" }],
      ["Out/Two", { cost: "7", team: "shop" }],
    ]);
    expect((await deploy(whole)).status).toBe("unchanged");
  });

  test("by URL is read through the port, kept with the stack's text, and read no more for a saved plan", async () => {
    const asked: string[] = [];
    const templateFiles = {
      async read(url: string) {
        asked.push(url);
        return url === "s3://templates/network.yaml" ? NETWORK : undefined;
      },
    };
    const { plan, stacks, deploy } = stacksUnderTest(SERVICES, { templateFiles });
    const text = WEB.replace("net/network.yaml", "!Sub 's3://${Bucket}/network.yaml'").replace(
      "Parameters: {",
      "Parameters: {Bucket: {Type: String, Default: templates}, ",
    );
    const { plan: made } = await plan(text);
    if (!made) throw new Error("There is a plan.");
    expect(made.template).toBe(bundled(text, new Map([["s3://templates/network.yaml", NETWORK]])));
    expect(await stacks.deploy({ plan: made })).toMatchObject({ status: "deployed" });
    expect(asked).toEqual(["s3://templates/network.yaml"]);
    expect((await deploy(text)).status).toBe("unchanged");
    expect((await plan(text, { Bucket: "none" })).diagnostics.map((each) => each.message)).toEqual([
      'there is no template "s3://none/network.yaml" to nest as Ground',
    ]);
  });

  test.each([
    ["{Type: Stack, Properties: {Template: none.yaml}}", 'CS1401 there is no template "none.yaml" to nest as It'],
    ["{Type: Stack, Properties: {}}", 'CS1202 Stack needs the property "Template"'],
    ["{Type: Stack, Properties: {Template: !Ref T}}", "CS1401 which template It nests must be known before apply"],
    ["{Type: Stack, Properties: {Template: in.yaml}}", "CS1301 parameter P of It has no value and no default"],
    [
      "{Type: Stack, Properties: {Template: in.yaml, Parameters: {P: a, Q: b}}}",
      'CS1304 the template of It has no parameter "Q"',
    ],
    ["{Type: Stack, Properties: {Template: in.yaml, Parameters: [a]}}", "CS1204 Parameters of It are a map"],
    ["{Type: Stack, Properties: {Template: self.yaml}}", "CS1006 templates are nested more than 8 deep"],
    [
      "{Type: Stack, Properties: {Template: in.yaml, Parameters: {P: a}, Tags: [{Key: t, Value: !Ref T}]}}",
      "CS1204 Tags of It are a list of texts, Key and Value, known before apply",
    ],
    [
      "{Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: in.yaml, Parameters: {P: a}, TimeoutInMinutes: 5}}",
      "CS1211 TimeoutInMinutes of AWS::CloudFormation::Stack is not supported yet",
    ],
    [
      "{Type: Stack, Properties: {Template: in.yaml, Parameters: {P: !GetAtt It.Outputs.O}}}",
      "CS1110 the output It.Outputs.O depends on itself",
    ],
  ])("%s is refused", async (resource, message) => {
    const inner =
      "Parameters: {P: {Type: String}}\nResources: {X: {Type: Thing, Properties: {Value: !Ref P}}}\n" +
      "Outputs: {O: {Value: !Ref P}}\n";
    const self = "Resources: {S: {Type: Stack, Properties: {Template: self.yaml}}}\n";
    const text = bundled(
      `Resources:\n  It: ${resource}\n  T: {Type: Thing, Properties: {Value: t}}\n`,
      new Map([
        ["in.yaml", inner],
        ["self.yaml", self],
      ]),
    );
    const { diagnostics } = await stacksUnderTest(SERVICES).plan(text);
    expect(diagnostics.map((each) => `${each.code} ${each.message}`)).toEqual([message]);
  });
});

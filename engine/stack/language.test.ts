import { describe, expect, test } from "vitest";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";

const PARAMETERS = `
Parameters:
  Stage: {Type: String, Default: dev}
  Count: {Type: Number, Default: 3}
  Names: {Type: CommaDelimitedList, Default: "a, b,c"}
Mappings:
  Sizes: {dev: {size: small, list: [x, y]}, prod: {size: large, list: [z]}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsThree: {"Fn::Equals": [{Ref: Count}, 3]}
  Both: !And [{Condition: IsThree}, !Not [{Condition: IsProd}]]
  Either: !Or [!Condition IsProd, !Equals [a, a]]
`;

/** What an output with this value gives, once deployed beside a thing called One. */
async function valueOf(expression: string, parameters: Record<string, string> = {}): Promise<unknown> {
  const { deploy } = stacksUnderTest();
  const resources = "Resources: {One: {Type: Thing, Properties: {Value: one}}}";
  const text = `${PARAMETERS}${resources}\nOutputs: {Out: {Value: ${expression}}}\n`;
  const result = await deploy(text, { parameters });
  expect(result.diagnostics).toEqual([]);
  return result.outputs?.["Out"]?.value;
}

describe("the template language", () => {
  test.each([
    ["!Ref Stage", "dev"],
    ["!Ref Names", ["a", "b", "c"]],
    ["{Ref: 'AWS::Region'}", "us-east-1"],
    ["!Ref AWS::AccountId", "111111111111"],
    ["!Ref AWS::StackName", "web"],
    ["!GetAtt One.Value", "one"],
    ["{'Fn::GetAtt': [One, Value]}", "one"],
    ["!Join ['-', [!Ref Stage, !GetAtt One.Value, 7, true]]", "dev-one-7-true"],
    ["!Sub '${Stage}/${AWS::Region}/${One.Value}/${!Literal}'", "dev/us-east-1/one/${Literal}"],
    ["!Sub ['${Where}-${Stage}', {Where: !Ref AWS::Region}]", "us-east-1-dev"],
    ["!Select [1, !Ref Names]", "b"],
    ["!Select ['0', !GetAZs '']", "us-east-1a"],
    ["!Split [',', 'x,y']", ["x", "y"]],
    ["!FindInMap [Sizes, !Ref Stage, size]", "small"],
    ["!FindInMap [Sizes, prod, list]", ["z"]],
    ["!FindInMap [Sizes, none, size, {DefaultValue: medium}]", "medium"],
    ["!If [IsProd, large, !If [IsThree, three, other]]", "three"],
    ["!If [Both, both, {Ref: AWS::NoValue}]", "both"],
    ["!If [Either, {a: 1, b: !Ref AWS::NoValue}, no]", { a: 1 }],
    ["[x, !Ref AWS::NoValue, y]", ["x", "y"]],
    ["!FindInMap [Sizes, prod, size, {DefaultValue: !GetAtt One.Address}]", "large"],
    ["!Length [a, b, !Ref AWS::Region]", 3],
    ["!Length {Ref: Names}", 3],
    ["!Join ['', [!Length {'Fn::Split': ['-', a-b]}]]", "2"],
    ["!ToJsonString {a: !Ref Stage, b: [1, !GetAtt One.Value]}", '{"a":"dev","b":[1,"one"]}'],
    ["!ToJsonString [x, true, null]", '["x",true,null]'],
    ["!GetAtt [One, !Select [0, [Value]]]", "one"],
    ["{Ref: {'Fn::Join': ['', [Sta, ge]]}}", "dev"],
    ["!Base64 hello", "aGVsbG8="],
    ["!Cidr [10.0.0.0/16, 3, 8]", ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]],
    ["!Cidr ['2001:db8:0:40::/58', 3, 64]", ["2001:db8:0:40::/64", "2001:db8:0:41::/64", "2001:db8:0:42::/64"]],
    ["012345678901", "012345678901"],
    ["1.10", "1.10"],
  ])("%s gives %j", async (expression, value) => {
    expect(await valueOf(expression)).toEqual(value);
  });

  test("reads JSON as it reads YAML", async () => {
    const { deploy } = stacksUnderTest();
    const text = JSON.stringify(
      {
        Resources: { One: { Type: "Thing", Properties: { Value: { "Fn::Sub": "${AWS::StackName}-x" } } } },
        Outputs: { Out: { Value: { "Fn::GetAtt": ["One", "Value"] } } },
      },
      null,
      2,
    );
    expect((await deploy(text)).outputs?.["Out"]?.value).toBe("web-x");
  });

  test("takes texts as numbers and booleans where a type wants them, and the other way round", async () => {
    const { deploy, stacks } = stacksUnderTest();
    await deploy(
      `
Parameters: {N: {Type: Number, Default: 4}}
Resources: {One: {Type: Thing, Properties: {Value: 7, Count: !Ref N, IsLarge: 'true'}}}
`,
    );
    const details = await stacks.get(TEST_SCOPE, "web");
    expect(details?.resources[0]?.properties).toEqual({ Value: "7", Kind: "plain", Count: 4, IsLarge: true });
  });

  test("leaves out resources and outputs whose condition does not hold", async () => {
    const { deploy, stacks } = stacksUnderTest();
    const text = `${PARAMETERS}Resources:
  One: {Type: Thing, Properties: {Value: one, Uses: [!If [IsProd, !Ref Two, !Ref AWS::NoValue]]}}
  Two: {Type: Thing, Condition: IsProd, Properties: {Value: two}}
Outputs: {Out: {Value: !Ref Two, Condition: IsProd}}
`;
    expect(await deploy(text)).toMatchObject({ status: "deployed", outputs: {} });
    expect(await deploy(text, { parameters: { Stage: "prod" } })).toMatchObject({
      status: "deployed",
      outputs: { Out: {} },
    });
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources.map((each) => each.logicalId)).toEqual(["One", "Two"]);
    expect(await deploy(text)).toMatchObject({ status: "deployed", outputs: {} });
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources.map((each) => each.logicalId)).toEqual(["One"]);
  });

  test("shows what is known before apply, and says of the rest whose it is", async () => {
    const { planText } = stacksUnderTest();
    expect(
      await planText(`
Resources:
  One: {Type: Thing, Properties: {Value: one}}
  Two: {Type: Thing, Properties: {Value: !GetAtt One.Value, Uses: [!Ref One]}}
  Three: {Type: Thing, Properties: {Value: !Select [1, [!Ref One, known]], Kind: !Sub "at-\${One.Address}"}}
Outputs: {Out: {Value: !Ref Two}}
`),
    ).toBe(`web  3 resources: 3 to create
  + Thing One  (new in the template)
      Value  "one"
      Kind  "plain"
  + Thing Two  (new in the template)
      Value  "one"
      Uses  [(known after apply: One)]
      Kind  "plain"
  + Thing Three  (new in the template)
      Value  "known"
      Kind  "at-\${One.Address}" (known after apply)
  output Out: (absent) -> (known after apply: Two)`);
  });
});

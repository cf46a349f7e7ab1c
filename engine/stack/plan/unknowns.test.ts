import { describe, expect, test } from "vitest";
import type { PropertyChange } from "./plan.ts";
import { plannedText } from "./planned-text.ts";
import { stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";

/** The planned values of one new thing's properties, beside a thing `Base` that is new as well. */
async function plannedValues(properties: string): Promise<Readonly<Record<string, string>>> {
  const { plan } = stacksUnderTest();
  const text = `
Resources:
  Base: {Type: Thing, Properties: {Value: base}}
  One: {Type: Thing, Properties: ${properties}}
`;
  const { plan: made, diagnostics } = await plan(text);
  expect(diagnostics).toEqual([]);
  const changes: readonly PropertyChange[] = made?.changes.find((each) => each.logicalId === "One")?.properties ?? [];
  return Object.fromEntries(changes.map((each) => [each.path, plannedText(each.new)]));
}

describe("a plan shows what is known", () => {
  test("of a text with a reference: everything around it", async () => {
    expect(await plannedValues('{Value: !Sub "arn:${AWS::Region}:${Base}/x"}')).toMatchObject({
      Value: '"arn:us-east-1:${Base}/x" (known after apply)',
    });
    expect(await plannedValues('{Value: !Join ["-", [a, !Ref Base, b]]}')).toMatchObject({
      Value: '"a-${Base}-b" (known after apply)',
    });
    expect(await plannedValues('{Value: !Join ["/", [a, !Sub "b-${Base.Address}"]]}')).toMatchObject({
      Value: '"a/b-${Base.Address}" (known after apply)',
    });
  });

  test("of a list and of a map: the parts that are", async () => {
    expect(await plannedValues("{Value: v, Uses: [thing-1, !Ref Base], Labels: {a: b, of: !Ref Base}}")).toMatchObject({
      Uses: '["thing-1", (known after apply: Base)]',
      Labels: '{a: "b", of: (known after apply: Base)}',
    });
  });

  test("of an attribute that follows a declared property: its value", async () => {
    expect(await plannedValues('{Value: !Sub "${Base.Value}-2"}')).toMatchObject({ Value: '"base-2"' });
  });

  test("of what picks known parts out of a list: those", async () => {
    expect(await plannedValues("{Value: !Select [0, [a, !Ref Base]]}")).toMatchObject({ Value: '"a"' });
  });

  test("after apply nothing is left unknown, and the plan is empty", async () => {
    const { deploy, planText } = stacksUnderTest();
    const text = `
Resources:
  Base: {Type: Thing, Properties: {Value: base}}
  One: {Type: Thing, Properties: {Value: !Sub "of-\${Base}", Labels: {a: !Join ["-", [a, !Ref Base]]}}}
`;
    await deploy(text);
    expect(await planText(text)).toBe("web  2 resources: 2 unchanged");
  });
});

describe("a plan hides what is secret", () => {
  const SECRET = "Parameters: {Password: {Type: String, NoEcho: true}}";
  const parameters = { Password: "letmein" };

  test("and nothing beside it in the same map", async () => {
    const { planText } = stacksUnderTest();
    const labels = "Labels: {a: b, key: !Ref Password}";
    const text = `${SECRET}\nResources: {One: {Type: Thing, Properties: {Value: v, ${labels}}}}`;
    expect(await planText(text, parameters)).toContain('Labels  {a: "b", key: ****}');
  });

  test("wherever it flows: through another resource, into an output, an export and another stack", async () => {
    const { deploy, plan, stacks } = stacksUnderTest();
    const text = `
${SECRET}
Resources:
  One: {Type: Thing, Properties: {Value: !Sub "x-\${Password}"}}
  Two: {Type: Thing, Properties: {Value: !GetAtt One.Value, Labels: {open: "yes"}}}
Outputs:
  Both: {Value: !Join [",", [!GetAtt Two.Value, a]], Export: {Name: both}}
  Open: {Value: !GetAtt Two.Address}
`;
    const made = await plan(text, parameters);
    expect(JSON.stringify(made)).not.toContain("letmein");
    expect(made.plan?.outputs).toEqual([
      { name: "Both", new: "****", isKnownAfterApply: false, isSensitive: true },
      { name: "Open", new: { knownAfterApply: "Two.Address" }, isKnownAfterApply: true, isSensitive: false },
    ]);
    const result = await deploy(text, { parameters });
    expect(JSON.stringify(result)).not.toContain("letmein");
    expect(JSON.stringify(await stacks.list(TEST_SCOPE))).not.toContain("letmein");
    const user = "Resources: {Three: {Type: Thing, Properties: {Value: !ImportValue both}}}";
    const other = await deploy(user, { stack: "user" });
    expect(other.plan?.changes[0]?.properties[0]).toMatchObject({ path: "Value", new: "****", isSensitive: true });
    expect(JSON.stringify(other)).not.toContain("letmein");
    expect(JSON.stringify(await plan(text, { Password: "other" }))).not.toMatch(/letmein|other-|x-other/);
  });
});

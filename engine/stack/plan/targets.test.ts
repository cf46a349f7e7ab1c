import { describe, expect, test } from "vitest";
import { stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../../testing/stack-engine.ts";

const CHAIN = `
Resources:
  A: {Type: Thing, Properties: {Value: a}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref A]}}
  C: {Type: Thing, Properties: {Value: c, Uses: [!Ref B]}}
  Other: {Type: Thing, Properties: {Value: other}}
`;

const request = (text: string, targets: readonly string[]) => ({
  scope: TEST_SCOPE,
  stack: "web",
  source: { file: "web.yaml", text },
  targets,
});
async function actions({ stacks }: StacksUnderTest, text: string, targets: readonly string[]) {
  const { plan, diagnostics } = await stacks.plan(request(text, targets));
  expect(diagnostics).toEqual([]);
  return plan?.changes.filter((each) => each.action !== "none").map((each) => `${each.action} ${each.logicalId}`);
}

describe("a plan with targets", () => {
  test("makes a target and what it depends on, nothing else", async () => {
    expect(await actions(stacksUnderTest(), CHAIN, ["B"])).toEqual(["create A", "create B"]);
  });

  test("changes a target and what it depends on, and leaves other changes for later", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(CHAIN);
    const edited = CHAIN.replace("Value: a", "Value: a2").replace("Value: c", "Value: c2").replace("r}", "r2}");
    expect(await actions(stack, edited, ["B"])).toEqual(["update A"]);
    expect(await actions(stack, edited, ["Other"])).toEqual(["update Other"]);
    expect(await stack.stacks.deploy(request(edited, ["B"]))).toMatchObject({ status: "deployed", serial: 2 });
    expect(await actions(stack, edited, [])).toEqual(["update C", "update Other"]);
  });

  test("deletes a target after what depended on it: deleted as well, or no longer holding on to it", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(CHAIN);
    const withoutBC = CHAIN.replace(/ {2}[BC]: .*\n/g, "");
    expect(await actions(stack, withoutBC, ["B"])).toEqual(["delete B", "delete C"]);
    const freed = CHAIN.replace(/ {2}B: .*\n/, "").replace(", Uses: [!Ref B]", "");
    expect(await actions(stack, freed, ["B"])).toEqual(["update C", "delete B"]);
    expect(await stack.stacks.deploy(request(freed, ["B"]))).toMatchObject({ status: "deployed" });
  });

  test("is refused when what it replaces is held by something that is not targeted", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(CHAIN);
    const edited = CHAIN.replace("Value: a", "Value: a, Kind: other");
    expect((await stack.stacks.plan(request(edited, ["A"]))).diagnostics).toMatchObject([
      {
        code: "CS2012",
        message: "A must be replaced, and B, which depends on it, is not targeted",
        hint: "add --target B",
      },
    ]);
    expect(await actions(stack, edited, ["B"])).toEqual(["replace A", "update B"]);
  });
});

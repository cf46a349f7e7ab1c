import { describe, expect, test } from "vitest";
import { stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";

const BASE = `
Resources:
  Kept: {Type: Thing, Properties: {Value: kept}}
  Old: {Type: Thing, Properties: {Value: old}}
  Loose: {Type: Thing, DeletionPolicy: Retain, Properties: {Value: loose}}
`;
const NEXT = `
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Kept:
    Type: Thing
    Metadata: {owner: shop}
    Properties:
      Value: changed
      Secret: !Ref Password
  New:
    Type: Thing
    Properties:
      Value: new
      Uses: [!Ref Kept, !Ref Newer]
  Newer: {Type: Thing, Properties: {Value: newer}}
`;
const request = {
  scope: TEST_SCOPE,
  stack: "web",
  source: { file: "web.yaml", text: NEXT },
  parameters: { Password: "s3cret" },
};

describe("an inspection", () => {
  test("shows every resource whole, before and after, with what is unknown and nothing secret", async () => {
    const { deploy, stacks } = stacksUnderTest();
    await deploy(BASE);
    const { plan, resources = [] } = await stacks.inspect(request);
    expect(plan?.summary).toMatchObject({ create: 2, update: 1, delete: 1, retain: 1 });
    const byId = Object.fromEntries(resources.map((each) => [each.logicalId, each]));
    expect(byId["Kept"]).toMatchObject({
      stack: "web",
      region: "us-east-1",
      action: "update",
      before: { Value: "kept", Kind: "plain" },
      after: { Value: "changed", Kind: "plain", Secret: "****" },
      metadata: { owner: "shop" },
      file: "web.yaml",
      range: { line: 5, column: 3 },
    });
    expect(byId["New"]?.before).toBeUndefined();
    expect(byId["New"]?.after).toMatchObject({ Uses: [expect.any(String), { knownAfterApply: "Newer" }] });
    expect(byId["Old"]).toMatchObject({ action: "delete", before: { Value: "old" } });
    expect(byId["Old"]).not.toHaveProperty("after");
    expect(byId["Loose"]).toMatchObject({ action: "retain", outlivesDeletion: true });
    expect(JSON.stringify(resources)).not.toContain("s3cret");
  });

  test("tells where each property is declared", async () => {
    const { stacks } = stacksUnderTest();
    const { resources = [] } = await stacks.inspect(request);
    const made = resources.find(({ logicalId }) => logicalId === "New");
    expect(Object.keys(made?.ranges ?? {})).toEqual(["Value", "Uses", "Uses.0", "Uses.1"]);
    expect(made?.ranges?.["Value"]).toMatchObject({ line: 14, column: 7 });
    expect(made?.ranges?.["Uses.1"]).toMatchObject({ line: 15, column: 30 });
  });

  test("of a saved plan is the same, and is refused once the stack has moved", async () => {
    const { deploy, stacks } = stacksUnderTest();
    const { plan, resources } = await stacks.inspect(request);
    if (!plan) throw new Error("there is a plan");
    const secrets = request.parameters;
    expect(await stacks.inspect({ plan, secrets })).toMatchObject({ resources });
    await deploy(BASE);
    expect(await stacks.inspect({ plan, secrets })).toEqual({
      diagnostics: [expect.objectContaining({ code: "CS2005", message: expect.stringContaining("no longer holds") })],
    });
  });
});

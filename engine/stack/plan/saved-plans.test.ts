import { describe, expect, test } from "vitest";
import { networks } from "../../services/networks/service.ts";
import type { Plan } from "./plan.ts";
import { stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";

const WITH_SECRET = `
Parameters: {Password: {Type: String, NoEcho: true}, Tier: {Type: String, Default: blue}}
Resources: {One: {Type: Thing, Properties: {Value: !Ref Tier, Secret: !Ref Password}}}
`;
const parameters = { Password: "letmein", Tier: "green" };

async function savedPlan(stack: ReturnType<typeof stacksUnderTest>): Promise<Plan> {
  const { plan } = await stack.plan(WITH_SECRET, parameters);
  if (!plan) throw new Error("the template of this test is valid");
  return JSON.parse(JSON.stringify(plan)) as Plan;
}

describe("a saved plan of a template with a NoEcho parameter", () => {
  test("holds no secret, and the same plan comes out every time", async () => {
    const stack = stacksUnderTest();
    const saved = await savedPlan(stack);
    expect(JSON.stringify(saved)).not.toContain("letmein");
    expect(saved.parameters).toEqual({ Password: "****", Tier: "green" });
    expect(await savedPlan(stack)).toEqual(saved);
  });

  test("is applied with the secret given again, which the stack then has", async () => {
    const stack = stacksUnderTest();
    const plan = await savedPlan(stack);
    const secrets = { Password: "letmein" };
    expect(await stack.stacks.deploy({ plan, secrets })).toMatchObject({ status: "deployed", serial: 1 });
    expect(await stack.planText(WITH_SECRET, parameters)).toBe("web  1 resource: 1 unchanged");
    expect(await stack.stacks.get(TEST_SCOPE, "web")).toMatchObject({
      parameters: { Password: "****", Tier: "green" },
    });
  });

  test("is refused without the secret, and with another one", async () => {
    const stack = stacksUnderTest();
    const plan = await savedPlan(stack);
    expect(await stack.stacks.deploy({ plan })).toMatchObject({
      status: "refused",
      diagnostics: [
        {
          code: "CS2008",
          message: "the saved plan needs the value of Password again: a plan keeps no NoEcho parameter",
          hint: "give it: --parameter Password=VALUE",
        },
      ],
    });
    expect(await stack.stacks.deploy({ plan, secrets: { Password: "guess" } })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS2008", message: expect.stringContaining("are not the ones") as string }],
    });
    expect(await stack.stacks.list(TEST_SCOPE)).toEqual([]);
  });
});

describe("a saved plan", () => {
  const NET = "Resources: {Net: {Type: VPC, Properties: {Name: net}}, Other: {Type: VPC, Properties: {Name: other}}}";

  test("is refused when the live state has moved, and names what would be planned otherwise now", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(NET);
    const { plan } = await stack.plan(NET.replace("Name: other", "Name: another"));
    const { vpcs } = await stack.calls.call(networks, "listVpcs", {}, TEST_SCOPE);
    const vpcId = vpcs.find((each) => each.name === "net")?.id ?? "";
    await stack.calls.call(networks, "updateVpc", { vpcId, name: "renamed", labels: {} }, TEST_SCOPE);
    expect(await stack.stacks.deploy({ plan: plan as Plan })).toMatchObject({
      status: "refused",
      diagnostics: [
        {
          code: "CS2005",
          message: "the saved plan no longer holds: the plan for Net is another one now",
          hint: "plan again",
        },
      ],
    });
  });

  test("of a destruction is applied as well", async () => {
    const stack = stacksUnderTest([networks]);
    await stack.deploy(NET);
    const { plan } = await stack.stacks.planDestroy({ scope: TEST_SCOPE, stack: "web" });
    expect(await stack.stacks.deploy({ plan: plan as Plan })).toMatchObject({ status: "deployed" });
    expect(await stack.stacks.list(TEST_SCOPE)).toEqual([]);
  });
});

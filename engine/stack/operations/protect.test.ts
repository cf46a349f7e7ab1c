import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../diagnostics/format.ts";
import type { StackPolicy } from "../plan/stack-policy.ts";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";

const WHERE = { scope: TEST_SCOPE, stack: "web" };
const BEFORE = `
Resources:
  Data: {Type: Thing, Properties: {Value: data}}
  Web: {Type: Thing, Properties: {Value: web}}
`;
const deny = (Action: string | string[], Resource: string): StackPolicy => ({
  Statement: [
    { Effect: "Allow", Action: "Update:*", Principal: "*", Resource: "*" },
    { Effect: "Deny", Action, Principal: "*", Resource },
  ],
});

async function deployed() {
  const stack = stacksUnderTest();
  await stack.deploy(BEFORE);
  return stack;
}

describe("a protected stack", () => {
  test("is not destroyed, and says what takes the protection away", async () => {
    const { stacks, destroy, store } = await deployed();
    expect(await stacks.protect(WHERE, true)).toEqual([]);
    expect((await stacks.planDestroy(WHERE)).diagnostics).toMatchObject([
      {
        code: "CS3010",
        message: "stack web is protected from being destroyed",
        hint: "to destroy it: cloudstack protect web --off",
      },
    ]);
    expect(await destroy()).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3010" }] });
    expect(Object.keys(await contentsOf(store, "things"))).toHaveLength(2);
    await stacks.protect(WHERE, false);
    expect(await destroy()).toMatchObject({ status: "deployed" });
  });

  test("stays protected through deployments, and a plan made before the protection is refused", async () => {
    const { stacks, deploy, destroy } = await deployed();
    const { plan } = await stacks.planDestroy(WHERE);
    await stacks.protect(WHERE, true);
    await deploy(BEFORE.replace("Value: web", "Value: web2"));
    expect(await destroy()).toMatchObject({ diagnostics: [{ code: "CS3010" }] });
    expect(plan && (await stacks.deploy({ plan }))).toMatchObject({ status: "refused" });
    expect((await stacks.get(TEST_SCOPE, "web"))?.isProtected).toBe(true);
  });

  test("is told in the events; what is no stack is refused", async () => {
    const { stacks } = await deployed();
    await stacks.protect(WHERE, true);
    await stacks.protect(WHERE, false);
    const events = await stacks.events({ ...WHERE, statuses: ["protected", "unprotected"] });
    expect(events.map(({ status }) => status)).toEqual(["protected", "unprotected"]);
    expect(await stacks.protect({ ...WHERE, stack: "other" }, true)).toMatchObject([{ code: "CS3003" }]);
  });
});

describe("a stack policy", () => {
  const DATA_STAYS = deny("Update:Modify", "LogicalResourceId/Data");
  const ROWS: readonly (readonly [name: string, policy: StackPolicy, text: string, denied: string | undefined])[] = [
    ["an update", DATA_STAYS, BEFORE.replace("data", "d2"), "Update:Modify of Data"],
    ["another one", DATA_STAYS, BEFORE.replace("Value: web", "Value: w"), undefined],
    [
      "a replacement",
      deny("Update:Replace", "LogicalResourceId/*"),
      BEFORE.replace("Value: data", "Value: data, Kind: k"),
      "Update:Replace of Data",
    ],
    [
      "a deletion",
      deny(["Update:Delete", "Update:Replace"], "LogicalResourceId/W*"),
      BEFORE.split("\n").slice(0, 3).join("\n"),
      "Update:Delete of Web",
    ],
    [
      "a type",
      {
        Statement: [
          { Effect: "Allow", Action: "Update:*", Resource: "*" },
          {
            Effect: "Deny",
            Action: "Update:*",
            Resource: "*",
            Condition: { StringLike: { ResourceType: ["Th*"] } },
          },
        ],
      },
      BEFORE.replace("data", "d2"),
      "Update:Modify of Data",
    ],
    [
      "what nothing allows",
      { Statement: [{ Effect: "Allow", NotAction: "Update:Modify", NotResource: "LogicalResourceId/Data" }] },
      BEFORE.replace("data", "d2"),
      "Update:Modify of Data",
    ],
    ["nothing new", deny("Update:*", "*"), `${BEFORE}  New: {Type: Thing, Properties: {Value: new}}\n`, undefined],
  ];
  test.each(ROWS)("denies %s before anything is touched", async (_name, policy, text, denied) => {
    const { stacks, deploy, store } = await deployed();
    const before = await contentsOf(store, "things");
    expect(await stacks.setPolicy(WHERE, policy)).toEqual([]);
    const result = await deploy(text);
    if (denied === undefined) return expect(result).toMatchObject({ status: "deployed" });
    expect(result).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS3009", message: `the policy of stack web denies ${denied}` }],
    });
    expect(await contentsOf(store, "things")).toEqual(before);
    await stacks.setPolicy(WHERE, undefined);
    expect(await deploy(text)).toMatchObject({ status: "deployed" });
  });

  test("is told at the resource's place in the template", async () => {
    const { stacks, planText } = await deployed();
    await stacks.setPolicy(WHERE, deny("Update:*", "LogicalResourceId/Data"));
    const text = await planText(BEFORE.replace("data", "d2"));
    expect(text).toMatch(/^error\[CS3009\] the policy of stack web denies Update:Modify of Data {2}web\.yaml:3:3\n/);
    expect(text).toContain("see it: cloudstack policy web");
  });

  test("that is not one is refused with every fault", async () => {
    const { stacks } = await deployed();
    const wrong = {
      Statement: [{ Effect: "Deny", Action: "Update:Destroy", Resource: "Data" }, { Effect: "Never" }],
    } as unknown as StackPolicy;
    const found = await stacks.setPolicy(WHERE, wrong);
    expect(found.map((each) => formatDiagnostic(each, ""))).toEqual([
      "error[CS3011] the policy is not valid: /Statement/1/Effect must be equal to one of the allowed values",
    ]);
    const meant = { Statement: [{ Effect: "Deny", Action: "Update:Destroy", Resource: "Data" }] } as StackPolicy;
    expect((await stacks.setPolicy(WHERE, meant)).map(({ message }) => message)).toEqual([
      "the policy is not valid: /Statement/0 has unknown actions Update:Destroy: " +
        "use Update:*, Update:Modify, Update:Replace, Update:Delete",
      "the policy is not valid: /Statement/0 has wrong resources Data: write * or LogicalResourceId/<logical id>",
    ]);
  });
});

describe("a stack's own tags", () => {
  const TAGGED = `
Resources:
  Data: {Type: Thing, Properties: {Value: data, Labels: {tier: own}}}
  Web: {Type: Thing, Properties: {Value: web}}
`;
  const labels = async (store: Parameters<typeof contentsOf>[0]) =>
    Object.values(await contentsOf(store, "things"))
      .map((each) => each as { value: string; labels: object })
      .sort((a, b) => a.value.localeCompare(b.value))
      .map((each) => each.labels);
  const source = { file: "web.yaml", text: TAGGED };

  test("are given to every resource that takes tags, whose own ones win", async () => {
    const { stacks, store, planText } = stacksUnderTest();
    await stacks.deploy({ ...WHERE, source, tags: { tier: "stack", owner: "ops" } });
    expect(await labels(store)).toEqual([
      { tier: "own", owner: "ops" },
      { owner: "ops", tier: "stack" },
    ]);
    expect(await planText(TAGGED)).toBe("web  2 resources: 2 unchanged");
  });

  test("are kept by a deployment that names none, changed by one that does, and go back with a version", async () => {
    const { stacks, deploy, store } = stacksUnderTest();
    await stacks.deploy({ ...WHERE, source, tags: { owner: "ops" } });
    await deploy(TAGGED.replace("Value: web", "Value: web2"));
    expect(await labels(store)).toEqual([{ tier: "own", owner: "ops" }, { owner: "ops" }]);
    const { plan } = await stacks.plan({ ...WHERE, source, tags: { owner: "dev" } });
    const changed = plan?.changes.flatMap(({ properties }) => properties);
    expect(changed?.map(({ path, new: next }) => `${path} ${next}`)).toEqual([
      "Labels.owner dev",
      "Value web",
      "Labels.owner dev",
    ]);
    expect(plan && (await stacks.deploy({ plan }))).toMatchObject({ status: "deployed", serial: 3 });
    await stacks.deploy({ ...WHERE, source, tags: {} });
    expect(await labels(store)).toEqual([{ tier: "own" }, {}]);
    await stacks.rollback({ ...WHERE, to: 1 });
    expect(await labels(store)).toEqual([{ tier: "own", owner: "ops" }, { owner: "ops" }]);
  });
});

import { describe, expect, test } from "vitest";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { thingsService } from "../../testing/stack-things.ts";

const WHERE = { scope: TEST_SCOPE, stack: "web" };
const ONE = `
Resources:
  A: {Type: Thing, Properties: {Value: a, Labels: {tier: blue}, Secret: one}}
  B: {Type: Thing, Properties: {Value: b, Uses: [!Ref A]}}
`;
/** Replaces A, updates B with it, adds C. */
const TWO = `
Resources:
  A: {Type: Thing, Properties: {Value: a2, Kind: other}}
  B: {Type: Thing, Properties: {Value: b2, Uses: [!Ref A]}}
  C: {Type: Thing, Properties: {Value: c, Uses: [!Ref B]}}
`;
const THREE = "Resources: {C: {Type: Thing, Properties: {Value: c3}}}";

const failingAt = (failing: () => readonly string[]) =>
  stacksUnderTest([thingsService({ shouldFail: (step) => failing().includes(step) })]);

async function deployed(...texts: readonly string[]) {
  const stack = stacksUnderTest();
  for (const text of texts) expect(await stack.deploy(text)).toMatchObject({ status: "deployed" });
  return stack;
}

describe("a rollback to a version", () => {
  test("without a serial goes to the version before, as a new one", async () => {
    const { stacks, planText } = await deployed(ONE, TWO);
    expect(await stacks.rollback(WHERE)).toMatchObject({ status: "deployed", serial: 3 });
    expect(await planText(ONE)).toBe("web  2 resources: 2 unchanged");
    expect(await stacks.history(WHERE)).toMatchObject([
      { serial: 3, isCurrent: true, restores: 1, status: "succeeded", plannedSteps: 3 },
      { serial: 2, isCurrent: false, plannedSteps: 3 },
      { serial: 1, isCurrent: false, plannedSteps: 2 },
    ]);
  });

  test("goes to any version, also when the stack has been destroyed since", async () => {
    const { stacks, destroy, planText } = await deployed(ONE, TWO, THREE);
    expect(await stacks.rollback({ ...WHERE, to: 2 })).toMatchObject({ status: "deployed", serial: 4 });
    expect(await planText(TWO)).toBe("web  3 resources: 3 unchanged");
    expect(await destroy()).toMatchObject({ status: "deployed", serial: 5 });
    expect(await stacks.rollback(WHERE)).toMatchObject({ status: "deployed", serial: 6 });
    expect(await planText(TWO)).toBe("web  3 resources: 3 unchanged");
    expect(await stacks.rollback(WHERE)).toMatchObject({ status: "deployed", serial: 7 });
    expect(await stacks.list(TEST_SCOPE)).toEqual([]);
  });

  test("is planned, and applied exactly as planned", async () => {
    const { stacks, deploy } = await deployed(ONE, TWO);
    const { plan, restores } = await stacks.planRollback({ ...WHERE, to: 1 });
    expect(restores).toBe(1);
    expect(plan?.changes.map(({ logicalId, action }) => `${action} ${logicalId}`)).toEqual([
      "replace A",
      "update B",
      "delete C",
    ]);
    await deploy(THREE);
    expect(await stacks.rollback({ ...WHERE, to: 1, plan })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS2005" }],
    });
  });

  test("takes the secrets of that version", async () => {
    const text = (value: string) =>
      `Parameters: {Key: {Type: String, NoEcho: true}}
Resources: {A: {Type: Thing, Properties: {Value: ${value}, Secret: !Ref Key}}}`;
    const { stacks, deploy, store } = stacksUnderTest();
    await deploy(text("a"), { parameters: { Key: "first" } });
    await deploy(text("b"), { parameters: { Key: "second" } });
    const { plan } = await stacks.planRollback(WHERE);
    expect(JSON.stringify(plan)).not.toContain("first");
    expect(await stacks.rollback({ ...WHERE, plan })).toMatchObject({ status: "deployed" });
    expect(Object.values(await contentsOf(store, "things"))).toMatchObject([{ value: "a", secret: "first" }]);
    const version = await stacks.version(WHERE, 1);
    expect(version).toMatchObject({ parameters: { Key: "****" }, resources: [{ properties: { Secret: "****" } }] });
  });

  test("is refused where there is none, and says which there are", async () => {
    const { stacks } = await deployed(ONE);
    const refusal = async (to?: number) => (await stacks.rollback({ ...WHERE, to })).diagnostics[0];
    expect(await refusal()).toMatchObject({ code: "CS3008", message: "stack web has no version before serial 1" });
    expect(await refusal(4)).toMatchObject({
      code: "CS3007",
      message: "stack web has no version 4",
      hint: "it has 1 to 1: cloudstack history web",
    });
    expect(await stacks.rollback({ ...WHERE, stack: "other" })).toMatchObject({ diagnostics: [{ code: "CS3003" }] });
  });
});

test("a version tells the resources that the stack had then", async () => {
  const { stacks } = await deployed(ONE, TWO, THREE);
  const values = async (serial: number) =>
    (await stacks.version(WHERE, serial))?.resources.map(({ logicalId, properties }) => [logicalId, properties.Value]);
  expect(await values(1)).toEqual([
    ["A", "a"],
    ["B", "b"],
  ]);
  expect(await values(2)).toEqual([
    ["A", "a2"],
    ["B", "b2"],
    ["C", "c"],
  ]);
  expect(await values(3)).toEqual([["C", "c3"]]);
  expect(await stacks.version(WHERE, 4)).toBeUndefined();
});

describe("the rollback of deployments that failed and were kept", () => {
  test("undoes them one after the other, back to where the first of them began", async () => {
    let failing: readonly string[] = [];
    const { deploy, stacks, store, planText } = failingAt(() => failing);
    await deploy(ONE);
    const before = await contentsOf(store, "things");
    failing = ["create c"];
    await deploy(TWO, { onFailure: "keep" });
    failing = ["create d"];
    await deploy(TWO.replace("Value: c,", "Value: d,").replace("b2", "b3"), { onFailure: "keep" });
    const { kept } = await stacks.planRollback(WHERE);
    expect(kept).toHaveLength(2);
    expect(await stacks.rollback(WHERE)).toMatchObject({ status: "rolled-back", serial: 1 });
    expect(await contentsOf(store, "things")).toEqual(before);
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "deployed", serial: 1 });
    expect(await planText(ONE)).toBe("web  2 resources: 2 unchanged");
  });
});

describe("a stack whose failed deployment was kept", () => {
  const kept = async () => {
    let failing: readonly string[] = [];
    const stack = failingAt(() => failing);
    await stack.deploy(ONE);
    failing = ["create c"];
    expect(await stack.deploy(TWO, { onFailure: "keep" })).toMatchObject({ status: "kept" });
    failing = [];
    return stack;
  };
  const values = async (store: Parameters<typeof contentsOf>[0]) =>
    Object.values(await contentsOf(store, "things"))
      .flatMap((each) => (typeof each === "object" ? [(each as { value: string }).value] : []))
      .sort();

  test("is destroyed whole, with what was replaced and still lived", async () => {
    const { destroy, store } = await kept();
    expect(await values(store)).toEqual(["a", "a2", "b2"]);
    expect(await destroy()).toMatchObject({ status: "deployed" });
    expect(await contentsOf(store, "things")).toEqual({});
  });

  test("goes to a version by a plan when its serial is given", async () => {
    const { stacks, store, planText } = await kept();
    expect(await stacks.rollback({ ...WHERE, to: 1 })).toMatchObject({ status: "deployed", serial: 2 });
    expect(await values(store)).toEqual(["a", "b"]);
    expect(await planText(ONE)).toBe("web  2 resources: 2 unchanged");
    expect(await stacks.get(TEST_SCOPE, "web")).not.toHaveProperty("kept");
  });

  test("loses nothing when the process dies while that is undone", async () => {
    for (let commits = 1; commits < 5; commits++) {
      const { store } = await kept();
      const dying = stacksUnderTest(undefined, { store: dyingStore(store, commits), seed: 7 });
      await expect(dying.stacks.rollback(WHERE)).rejects.toThrow("died");
      const { stacks, planText } = stacksUnderTest(undefined, { store, seed: 8, isAlone: true });
      await stacks.settle(WHERE);
      expect(await values(store)).toEqual(["a", "b"]);
      expect(await planText(ONE)).toBe("web  2 resources: 2 unchanged");
      expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "deployed", cause: { logicalId: "C" } });
    }
  });
});

describe("a rollback that failed", () => {
  const broken = async () => {
    let failing: readonly string[] = ["create c", "update b", "delete a2"];
    const stack = failingAt(() => failing);
    failing = [];
    await stack.deploy(ONE);
    const before = await contentsOf(stack.store, "things");
    failing = ["create c", "update b"];
    const result = await stack.deploy(TWO);
    return { ...stack, before, result, mend: () => void (failing = []) };
  };

  test("says what remains, and is tried again when its user says so", async () => {
    const { result, stacks, store, before, mend } = await broken();
    expect(result).toMatchObject({
      status: "rollback-failed",
      cause: { logicalId: "C" },
      // A's successor is in use by B until B is back.
      remaining: [
        { logicalId: "B", code: "Injected" },
        { logicalId: "A", code: "ThingInUse" },
      ],
    });
    expect(await stacks.continueRollback(WHERE)).toMatchObject({ status: "rollback-failed" });
    mend();
    expect(await stacks.continueRollback(WHERE)).toMatchObject({ status: "rolled-back", cause: { logicalId: "C" } });
    expect(await contentsOf(store, "things")).toEqual(before);
    expect(await stacks.continueRollback(WHERE)).toMatchObject({ diagnostics: [{ code: "CS3008" }] });
  });

  test("gives up what is skipped: its record goes back, and the difference shows as drift", async () => {
    const { stacks, planText, result } = await broken();
    const successor = result.remaining?.find(({ logicalId }) => logicalId === "A");
    expect(await stacks.continueRollback({ ...WHERE, skip: ["Nope"] })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS3008", message: "nothing of Nope remains to be undone" }],
    });
    expect(await stacks.continueRollback({ ...WHERE, skip: ["A", "B"] })).toMatchObject({
      status: "rolled-back",
      skipped: [{ logicalId: "B" }, { logicalId: "A", id: successor?.id }],
    });
    expect(await stacks.get(TEST_SCOPE, "web")).toMatchObject({ status: "deployed", serial: 1 });
    const text = await planText(ONE);
    expect(text).toContain(`drift: B was changed outside this stack: Value "b" -> "b2"`);
    const events = await stacks.events(WHERE);
    expect(events.filter(({ status }) => status === "undo-skipped")).toMatchObject([
      { logicalId: "B" },
      { logicalId: "A", id: successor?.id },
    ]);
  });
});

test("undoing goes the other way round, in parallel, and tries again what was in the way", async () => {
  const chain = Array.from({ length: 30 }, (_, i) => {
    const uses = i === 0 ? "" : `, Uses: [!Ref T${i - 1}]`;
    return `  T${i}: {Type: Thing, Properties: {Value: t${i}${uses}}}`;
  });
  const { deploy, store } = failingAt(() => ["create last"]);
  const text = `Resources:\n${chain.join("\n")}\n  Last: {Type: Thing, DependsOn: T29, Properties: {Value: last}}\n`;
  const undone: string[] = [];
  const result = await deploy(text, {
    concurrency: 8,
    onEvent: ({ status, logicalId }) => void (status === "undone" && undone.push(logicalId ?? "")),
  });
  expect(result).toMatchObject({ status: "rolled-back" });
  expect(undone).toEqual(Array.from({ length: 30 }, (_, i) => `T${29 - i}`));
  expect(await contentsOf(store, "things")).toEqual({});
});

import { describe, expect, test } from "vitest";
import { memoryStore } from "../../kernel/memory.ts";
import { dyingStore, stacksUnderTest, TEST_SCOPE } from "../../testing/stack-engine.ts";
import { thingsService } from "../../testing/stack-things.ts";
import type { Plan } from "../plan/plan.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { PAGES } from "./pages/table.ts";

const ONE = "Resources: {One: {Type: Thing, Properties: {Value: one}}}";
const TWO = "Resources: {One: {Type: Thing, Properties: {Value: two}}}";
const WEB = { scope: TEST_SCOPE, stack: "web" };
const secret = (text: string) => `Parameters: {P: {Type: String, NoEcho: true}}\n${text}`;

type Situation = () => Promise<readonly Diagnostic[] | undefined>;
const savedPlan = async (under: ReturnType<typeof stacksUnderTest>, text: string, parameters = {}): Promise<Plan> => {
  const { plan } = await under.plan(text, parameters);
  if (!plan) throw new Error("The situation needs a plan.");
  return plan;
};

/** What the pages tell in words, done. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  async CS2005() {
    const under = stacksUnderTest();
    const plan = await savedPlan(under, ONE);
    await under.deploy(TWO);
    return (await under.stacks.deploy({ plan })).diagnostics;
  },
  async CS2006() {
    const under = stacksUnderTest();
    const plan = await savedPlan(under, ONE);
    return (await under.stacks.deploy({ plan: { ...plan, template: TWO } })).diagnostics;
  },
  async CS2008() {
    const under = stacksUnderTest();
    const plan = await savedPlan(under, secret(ONE), { P: "first" });
    return (await under.stacks.deploy({ plan, secrets: { P: "another" } })).diagnostics;
  },
  async CS3001() {
    const under = stacksUnderTest();
    let other: Promise<readonly Diagnostic[]> | undefined;
    const onEvent = () => (other ??= under.deploy(TWO).then(({ diagnostics }) => diagnostics));
    await under.deploy(ONE, { onEvent });
    return other;
  },
  async CS3002() {
    const store = memoryStore();
    const dying = stacksUnderTest(undefined, { store: dyingStore(store, 2) });
    await dying.deploy(ONE).catch((error: unknown) => error);
    return (await stacksUnderTest(undefined, { store, seed: 2, isAlone: true }).deploy(TWO)).diagnostics;
  },
  CS3003: async () => (await stacksUnderTest().stacks.destroy({ scope: TEST_SCOPE, stack: "wbe" })).diagnostics,
  CS3004: async () => (await stacksUnderTest().deploy(ONE, { stack: "1web" })).diagnostics,
  async CS3005() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    return (await under.deploy(TWO, { onFailure: "delete" })).diagnostics;
  },
  async CS3006() {
    const failing = new Set(["create two", "delete one"]);
    const under = stacksUnderTest([thingsService({ shouldFail: (step) => failing.has(step) })]);
    const both =
      "Resources:\n  One: {Type: Thing, Properties: {Value: one}}\n" +
      "  Two: {Type: Thing, DependsOn: One, Properties: {Value: two}}\n";
    expect((await under.deploy(both)).status).toBe("rollback-failed");
    return (await under.deploy(ONE)).diagnostics;
  },
  async CS3007() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    return (await under.stacks.rollback({ ...WEB, to: 99 })).diagnostics;
  },
  async CS3008() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    return (await under.stacks.rollback(WEB)).diagnostics;
  },
  async CS3009() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    await under.stacks.setPolicy(WEB, { Statement: [{ Effect: "Deny", Action: "Update:*", Resource: "*" }] });
    return (await under.plan(TWO)).diagnostics;
  },
  async CS3010() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    await under.stacks.protect(WEB, true);
    return (await under.stacks.planDestroy(WEB)).diagnostics;
  },
  async CS3011() {
    const under = stacksUnderTest();
    await under.deploy(ONE);
    return under.stacks.setPolicy(WEB, { Statement: [{ Effect: "Deny", Action: "Update:Destroy", Resource: "*" }] });
  },
};

describe("a situation that the manual tells in words", () => {
  test("is shown here, each of them", () => {
    const told = Object.entries(PAGES).flatMap(([code, page]) => (typeof page?.example === "string" ? [code] : []));
    expect(Object.keys(SITUATIONS)).toEqual(told.sort());
  });

  test.each(Object.entries(SITUATIONS))("yields %s", async (code, happen) => {
    expect((await happen())?.map((each) => each.code)).toEqual([code]);
  });
});

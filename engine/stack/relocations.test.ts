import { assert, asyncProperty, shuffledSubarray, subarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { machines } from "../services/machines/service.ts";
import { networks } from "../services/networks/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE, type StacksUnderTest } from "../testing/stack-engine.ts";
import { memoryStore } from "../kernel/memory.ts";
import { sampled } from "../testing/property-runs.ts";
import { thingsService } from "../testing/stack-things.ts";

const ONE = "Resources: {One: {Type: Thing, Properties: {Value: one}}}";

async function idOf({ stacks }: StacksUnderTest, logicalId: string): Promise<string | undefined> {
  const details = await stacks.get(TEST_SCOPE, "web");
  return details?.resources.find((each) => each.logicalId === logicalId)?.id;
}
const thingsIn = async ({ store }: StacksUnderTest) => Object.keys(await contentsOf(store, "things")).length;

describe("a resource that Moved renames", () => {
  const BEFORE = `
Resources:
  Base: {Type: Thing, Properties: {Value: base}}
  User: {Type: Thing, Properties: {Value: user, Uses: [!Ref Base]}}
`;
  const AFTER = `
Moved: [{From: Base, To: Ground}]
Resources:
  Ground: {Type: Thing, Properties: {Value: base}}
  User: {Type: Thing, Properties: {Value: user, Uses: [!Ref Ground]}}
`;

  test("keeps what it is: the plan says so, and nothing else changes", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(BEFORE);
    const id = await idOf(stack, "Base");
    expect(await stack.planText(AFTER)).toBe(
      ["web  2 resources: 1 to rename, 1 unchanged", "  » Thing Ground  (it was called Base)"].join("\n"),
    );
    expect(await stack.deploy(AFTER)).toMatchObject({ status: "deployed", serial: 2 });
    expect(await idOf(stack, "Ground")).toBe(id);
    expect(await idOf(stack, "Base")).toBeUndefined();
    const details = await stack.stacks.get(TEST_SCOPE, "web");
    expect(details?.resources.find((each) => each.logicalId === "User")?.dependencies).toEqual(["Ground"]);
    expect(await stack.planText(AFTER)).toBe("web  2 resources: 2 unchanged");
    expect(await stack.planText(AFTER.replace(/^Moved.*$/m, ""))).toBe("web  2 resources: 2 unchanged");
  });

  test("can change at the same time", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(BEFORE);
    const id = await idOf(stack, "Base");
    const changed = AFTER.replace("Value: base", "Value: ground");
    const { plan } = await stack.plan(changed);
    expect(plan?.changes).toMatchObject([
      { logicalId: "Ground", movedFrom: "Base", action: "update", properties: [{ path: "Value" }] },
      { logicalId: "User", action: "none" },
    ]);
    expect(await stack.deploy(changed)).toMatchObject({ status: "deployed" });
    expect(await idOf(stack, "Ground")).toBe(id);
    expect(await stack.planText(changed)).toBe("web  2 resources: 2 unchanged");
  });

  test("has its old name back after a deployment that failed", async () => {
    let failing = "";
    const stack = stacksUnderTest([thingsService({ shouldFail: (step) => step === failing })]);
    await stack.deploy(BEFORE);
    const before = await stack.stacks.get(TEST_SCOPE, "web");
    failing = "update user2";
    const result = await stack.deploy(AFTER.replace("Value: user", "Value: user2").replace("e: base", "e: ground"));
    expect(result).toMatchObject({ status: "rolled-back", cause: { logicalId: "User" } });
    expect((await stack.stacks.get(TEST_SCOPE, "web"))?.resources).toEqual(before?.resources);
    expect(await stack.planText(BEFORE)).toBe("web  2 resources: 2 unchanged");
  });

  test("may swap names with another, and swaps back when a later step fails", async () => {
    let failing = "";
    const stack = stacksUnderTest([thingsService({ shouldFail: (step) => step === failing })]);
    const two = "Resources: {A: {Type: Thing, Properties: {Value: a}}, B: {Type: Thing, Properties: {Value: b}}}";
    await stack.deploy(two);
    const before = await stack.stacks.get(TEST_SCOPE, "web");
    const [a, b] = [await idOf(stack, "A"), await idOf(stack, "B")];
    const swapped = `
Moved: [{From: A, To: B}, {From: B, To: A}]
Resources: {A: {Type: Thing, Properties: {Value: b}}, B: {Type: Thing, Properties: {Value: a}}}
`;
    failing = "create c";
    expect(
      await stack.deploy(swapped.replace("Resources: {", "Resources: {C: {Type: Thing, Properties: {Value: c}}, ")),
    ).toMatchObject({ status: "rolled-back", cause: { logicalId: "C" } });
    expect((await stack.stacks.get(TEST_SCOPE, "web"))?.resources).toEqual(before?.resources);
    expect(await stack.deploy(swapped)).toMatchObject({ status: "deployed" });
    expect([await idOf(stack, "A"), await idOf(stack, "B")]).toEqual([b, a]);
  });

  test("keeps its id whatever is renamed to what, and after a failure everything has its name back", async () => {
    const letters = ["A", "B", "C", "D", "E", "F"];
    const template = (names: readonly string[], more = "") =>
      `Resources:\n${names.map((name, i) => `  ${name}: {Type: Thing, Properties: {Value: v${i}}}\n`).join("")}${more}`;
    const renaming = subarray(letters, { minLength: 4, maxLength: 4 }).chain((before) =>
      shuffledSubarray(letters, { minLength: 4, maxLength: 4 }).map((after) => ({ before, after })),
    );
    await assert(
      asyncProperty(renaming, async ({ before, after }) => {
        const stack = stacksUnderTest([thingsService({ shouldFail: (step) => step === "create broken" })]);
        await stack.deploy(template(before));
        const ids = await Promise.all(before.map((name) => idOf(stack, name)));
        const details = await stack.stacks.get(TEST_SCOPE, "web");
        const pairs = before.flatMap((from, i) => (from === after[i] ? [] : [`{From: ${from}, To: ${after[i]}}`]));
        const moved = (more = "") => `Moved: [${pairs.join(", ")}]\n${template(after, more)}`;
        const broken = "  Broken: {Type: Thing, Properties: {Value: broken}}\n";
        expect(await stack.deploy(moved(broken))).toMatchObject({ status: "rolled-back" });
        expect((await stack.stacks.get(TEST_SCOPE, "web"))?.resources).toEqual(details?.resources);
        const { plan } = await stack.plan(moved());
        expect(plan?.summary).toMatchObject({ rename: pairs.length, none: 4 - pairs.length });
        await stack.deploy(moved());
        expect(await Promise.all(after.map((name) => idOf(stack, name)))).toEqual(ids);
        expect((await stack.plan(template(after))).plan?.isEmpty).toBe(true);
      }),
      sampled(40, 5),
    );
  });

  test("is settled after a crash at any transaction, back to its old name", async () => {
    for (let commits = 0; ; commits += 1) {
      const base = memoryStore();
      await stacksUnderTest(undefined, { store: base }).deploy(BEFORE);
      const dying = stacksUnderTest(undefined, { store: dyingStore(base, commits), seed: 7 });
      const result = await dying.deploy(AFTER.replace("Value: user", "Value: user2")).catch((error: unknown) => error);
      if (!(result instanceof Error)) break;
      const alive = stacksUnderTest(undefined, { store: base, seed: 9 });
      await alive.stacks.settle({ scope: TEST_SCOPE, stack: "web", isHolderGone: true });
      expect(await alive.planText(BEFORE)).toBe("web  2 resources: 2 unchanged");
    }
  });

  test("cannot take the name of another, nor of what is not declared", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(BEFORE);
    const taken = BEFORE.replace("Resources:", "Moved: [{From: Base, To: User}]\nResources:");
    expect((await stack.plan(taken)).diagnostics).toMatchObject([
      { code: "CS2010", message: '"Base" cannot become "User": the stack has both' },
    ]);
    const missing = BEFORE.replace("Resources:", "Moved: [{From: Base, To: Usr}]\nResources:");
    expect((await stack.plan(missing)).diagnostics).toMatchObject([{ code: "CS1103", hint: 'did you mean "User"?' }]);
  });

  test("is suggested when a resource goes and its like comes", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(ONE);
    const { plan, diagnostics } = await stack.plan(ONE.replace("One:", "Uno:"));
    expect(plan?.summary).toMatchObject({ create: 1, delete: 1 });
    expect(diagnostics).toMatchObject([
      {
        code: "CS2007",
        severity: "warning",
        message: "Uno is declared as One was: One will be deleted and Uno made anew",
        hint: "to keep it under its new name, add to the template: Moved: [{From: One, To: Uno}]",
      },
    ]);
    const other = ONE.replace("One:", "Uno:").replace("Value: one", "Value: uno");
    expect((await stack.plan(other)).diagnostics).toEqual([]);
  });
});

describe("a rollback to a version", () => {
  const roll = ({ stacks }: StacksUnderTest, to: number) => stacks.rollback({ scope: TEST_SCOPE, stack: "web", to });

  test("gives what was renamed since its old name, and takes back what was let go", async () => {
    const stack = stacksUnderTest();
    const two = "Resources: {A: {Type: Thing, Properties: {Value: a}}, B: {Type: Thing, Properties: {Value: b}}}";
    await stack.deploy(two);
    const ids = [await idOf(stack, "A"), await idOf(stack, "B")];
    const resources = "Resources: {C: {Type: Thing, Properties: {Value: c}}}";
    await stack.deploy(`Moved: [{From: A, To: C}]\nRemoved: [B]\n${resources}`);
    expect(await idOf(stack, "C")).toBe(ids[0]);
    const { plan } = await stack.stacks.planRollback({ scope: TEST_SCOPE, stack: "web", to: 1 });
    expect(plan?.changes).toMatchObject([
      { logicalId: "A", action: "update", movedFrom: "C" },
      { logicalId: "B", action: "import", id: ids[1] },
    ]);
    expect(await roll(stack, 1)).toMatchObject({ status: "deployed", serial: 3 });
    expect([await idOf(stack, "A"), await idOf(stack, "B")]).toEqual(ids);
    expect(await thingsIn(stack)).toBe(2);
    expect(await stack.planText(two)).toBe("web  2 resources: 2 unchanged");
  });

  test("makes anew what was let go and is gone by now", async () => {
    const stack = stacksUnderTest([networks, machines, volumes]);
    const one = "Resources: {Disk: {Type: Volume, Properties: {Size: 10}}}";
    await stack.deploy(one);
    const volumeId = (await idOf(stack, "Disk")) ?? "";
    await stack.deploy("Removed: [Disk]\nResources: {}");
    await stack.calls.call(volumes, "deleteVolume", { volumeId }, TEST_SCOPE);
    expect(await roll(stack, 1)).toMatchObject({ status: "deployed" });
    expect(await idOf(stack, "Disk")).not.toBe(volumeId);
  });
});

describe("a resource that Removed lets go", () => {
  test("stays, and is no longer the stack's", async () => {
    const stack = stacksUnderTest();
    await stack.deploy(ONE);
    const text = "Removed: [One]\nResources: {Two: {Type: Thing, Properties: {Value: two}}}";
    expect(await stack.planText(text)).toBe(
      [
        "web  2 resources: 1 to create, 1 to let go",
        "  + Thing Two  (new in the template)",
        '      Value  "two"',
        '      Kind  "plain"',
        "  o Thing One  (the template lets it go: Removed)",
      ].join("\n"),
    );
    await stack.deploy(text);
    expect(await idOf(stack, "One")).toBeUndefined();
    expect(await thingsIn(stack)).toBe(2);
    expect(await stack.planText(text)).toBe("web  1 resource: 1 unchanged");
  });

  test("cannot be declared as well", async () => {
    const { plan } = stacksUnderTest();
    expect((await plan(`Removed: [One]\n${ONE}`)).diagnostics).toMatchObject([{ code: "CS2009" }]);
  });
});

describe("a resource that Import takes over", () => {
  /** A thing that no stack has any more. */
  async function withFreeThing(services = [thingsService()]): Promise<{ stack: StacksUnderTest; id: string }> {
    const stack = stacksUnderTest(services);
    await stack.deploy(ONE, { stack: "old" });
    const id = (await stack.stacks.get(TEST_SCOPE, "old"))?.resources[0]?.id ?? "";
    await stack.deploy("Removed: [One]\nResources: {}", { stack: "old" });
    return { stack, id };
  }
  const importing = (id: string, properties = "{Value: one}") =>
    `Import: {Mine: ${id}}\nResources: {Mine: {Type: Thing, Properties: ${properties}}}`;

  test("becomes the stack's as it is", async () => {
    const { stack, id } = await withFreeThing();
    expect(await stack.planText(importing(id))).toBe(
      ["web  1 resource: 1 to import", `  = Thing Mine  (${id} becomes part of the stack)`].join("\n"),
    );
    expect(await stack.deploy(importing(id))).toMatchObject({ status: "deployed" });
    expect(await idOf(stack, "Mine")).toBe(id);
    expect(await thingsIn(stack)).toBe(1);
    expect(await stack.planText(importing(id))).toBe("web  1 resource: 1 unchanged");
    await stack.destroy();
    expect(await thingsIn(stack)).toBe(0);
  });

  test("is changed to what is declared, in the same step", async () => {
    const { stack, id } = await withFreeThing();
    const text = importing(id, "{Value: uno}");
    expect(await stack.planText(text)).toBe(
      [
        "web  1 resource: 1 to import",
        `  = Thing Mine  (${id} becomes part of the stack, and is changed to what is declared)`,
        '      Value  "one" -> "uno"',
      ].join("\n"),
    );
    await stack.deploy(text);
    expect(await stack.planText(text)).toBe("web  1 resource: 1 unchanged");
  });

  test("can be named where the plan is asked for instead", async () => {
    const { stack, id } = await withFreeThing();
    const source = { file: "web.yaml", text: importing("x").replace(/^Import.*\n/, "") };
    const request = { scope: TEST_SCOPE, stack: "web", source, imports: { Mine: id } };
    const { plan } = await stack.stacks.plan(request);
    expect(plan?.changes).toMatchObject([{ logicalId: "Mine", action: "import", id }]);
    expect(await stack.stacks.deploy({ plan: plan as never })).toMatchObject({ status: "deployed" });
    expect(await idOf(stack, "Mine")).toBe(id);
  });

  test("is as it was, and free again, when the deployment fails", async () => {
    let failing = "";
    const { stack, id } = await withFreeThing([thingsService({ shouldFail: (step) => step === failing })]);
    const before = await contentsOf(stack.store, "things");
    failing = "create user";
    const user = "User: {Type: Thing, Properties: {Value: user, Uses: [!Ref Mine]}}";
    const text = importing(id, "{Value: uno}").replace(/}$/, `, ${user}}`);
    expect(await stack.deploy(text)).toMatchObject({ status: "rolled-back", cause: { logicalId: "User" } });
    expect(await contentsOf(stack.store, "things")).toEqual(before);
    expect((await stack.stacks.get(TEST_SCOPE, "web"))?.resources).toEqual([]);
    failing = "";
    expect(await stack.deploy(text)).toMatchObject({ status: "deployed" });
  });

  test("is settled after a crash at any transaction: free again, and as it was", async () => {
    for (let commits = 0; ; commits += 1) {
      const { stack, id } = await withFreeThing();
      const before = await contentsOf(stack.store, "things");
      const dying = stacksUnderTest(undefined, { store: dyingStore(stack.store, commits), seed: 7 });
      const result = await dying.deploy(importing(id, "{Value: uno}")).catch((error: unknown) => error);
      if (!(result instanceof Error)) break;
      const alive = stacksUnderTest(undefined, { store: stack.store, seed: 9 });
      await alive.stacks.settle({ scope: TEST_SCOPE, stack: "web", isHolderGone: true });
      expect(await contentsOf(stack.store, "things")).toEqual(before);
      expect(await alive.planText(importing(id))).toContain("1 to import");
    }
  });

  test("is refused when it would be replaced, does not exist, or is somebody's", async () => {
    const { stack, id } = await withFreeThing();
    expect((await stack.plan(importing(id, "{Value: one, Kind: other}"))).diagnostics).toMatchObject([
      {
        code: "CS2011",
        message: `Kind of ${id} is "plain" and cannot be changed in place`,
        hint: "declare Kind as it is",
      },
    ]);
    expect((await stack.plan(importing("thing-none"))).diagnostics).toMatchObject([
      { code: "CS2011", message: 'there is no Thing with the id "thing-none"' },
    ]);
    await stack.deploy(importing(id), { stack: "owner" });
    expect((await stack.plan(importing(id))).diagnostics).toMatchObject([
      {
        code: "CS2011",
        message: `${id} belongs to stack owner, as Mine`,
        hint: "let it go there first (Removed: [Mine])",
      },
    ]);
  });

  test("of a service of the engine is one that any door made", async () => {
    const stack = stacksUnderTest([networks, machines, volumes]);
    const volume = await stack.calls.call(volumes, "createVolume", { sizeGib: 10 }, TEST_SCOPE);
    const text = `Import: {Disk: ${volume.id}}\nResources: {Disk: {Type: Volume, Properties: {Size: 10}}}`;
    expect(await stack.deploy(text)).toMatchObject({ status: "deployed" });
    expect(await stack.planText(text)).toBe("web  1 resource: 1 unchanged");
  });
});

import { describe, expect, test } from "vitest";
import { contentsOf, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { networks } from "../services/networks/service.ts";
import { machines } from "../services/machines/service.ts";
import { volumes } from "../services/volumes/service.ts";

const NATIVE = [networks, machines, volumes];
const CLOUD_KIND = `
Resources:
  Net: {Type: VPC, Properties: {Name: net}}
  Disk: {Type: Volume, Properties: {Size: 20}}
  Web: {Type: Instance, Properties: {Image: alpine, VpcID: {Ref: Net}, VolumeID: {Ref: Disk}}}
  Backup: {Type: Snapshot, Properties: {VolumeID: {Ref: Disk}}}
`;
const TWO = `
Resources:
  Base: {Type: Thing, Properties: {Value: base, Labels: {tier: blue}}}
  User: {Type: Thing, Properties: {Value: user, Uses: [!Ref Base]}}
Outputs:
  Address: {Value: !GetAtt User.Address}
`;

describe("a template of The Cloud's kind", () => {
  test("deploys unchanged, and a second plan is empty", async () => {
    const { deploy, planText, stacks } = stacksUnderTest(NATIVE);
    expect(await deploy(CLOUD_KIND)).toMatchObject({ status: "deployed", serial: 1, diagnostics: [] });
    expect(await planText(CLOUD_KIND)).toBe("web  4 resources: 4 unchanged");
    const details = await stacks.get(TEST_SCOPE, "web");
    const byId = Object.fromEntries((details?.resources ?? []).map((each) => [each.logicalId, each]));
    expect(byId["Web"]?.live).toMatchObject({ VpcID: byId["Net"]?.id, VolumeID: byId["Disk"]?.id, Size: "small" });
    expect(byId["Net"]?.live).toMatchObject({ Name: "net", CIDRBlock: "10.0.0.0/16" });
    expect(byId["Web"]?.live["Name"]).toMatch(/^web-web-[0-9a-f]{8}$/);
  });

  test("leaves nothing behind when it is destroyed", async () => {
    const { deploy, destroy, store, stacks } = stacksUnderTest(NATIVE);
    await deploy(CLOUD_KIND);
    expect(await destroy()).toMatchObject({ status: "deployed", serial: 2 });
    for (const service of ["networks", "machines", "volumes"]) expect(await contentsOf(store, service)).toEqual({});
    expect(await stacks.list(TEST_SCOPE)).toEqual([]);
    expect(await stacks.get(TEST_SCOPE, "web")).toBeUndefined();
  });

  test("replaces an instance that holds a volume, which moves over", async () => {
    const { deploy, planText, stacks } = stacksUnderTest(NATIVE);
    await deploy(CLOUD_KIND);
    const edited = CLOUD_KIND.replace("alpine", "debian");
    expect(await planText(edited)).toBe(
      [
        "web  4 resources: 1 to replace, 3 unchanged",
        "  ± Instance Web  (Image cannot be changed in place)",
        '      Image  "alpine" -> "debian"  forces replacement',
      ].join("\n"),
    );
    expect(await deploy(edited)).toMatchObject({ status: "deployed" });
    const details = await stacks.get(TEST_SCOPE, "web");
    const idOf = (logicalId: string) => details?.resources.find((each) => each.logicalId === logicalId)?.id;
    const web = details?.resources.find((each) => each.logicalId === "Web");
    expect(web?.live).toMatchObject({ Image: "debian", VolumeID: idOf("Disk") });
    expect(web).not.toHaveProperty("replaced");
  });
});

describe("a deployment", () => {
  test("gives outputs, and without a change does nothing", async () => {
    const { deploy, stacks } = stacksUnderTest();
    const first = await deploy(TWO);
    expect(first.outputs?.["Address"]?.value).toMatch(/^address-of-thing-/);
    expect(await deploy(TWO)).toMatchObject({ status: "unchanged", serial: 1, outputs: first.outputs });
    expect(await stacks.outputs(TEST_SCOPE, "web")).toEqual(first.outputs);
  });

  test("updates in place, property by property", async () => {
    const { deploy, planText } = stacksUnderTest();
    await deploy(TWO);
    const edited = TWO.replace("tier: blue", "tier: green, owner: ops");
    expect(await planText(edited)).toBe(
      [
        "web  2 resources: 1 to update, 1 unchanged",
        "  ~ Thing Base  (its properties change)",
        '      Labels.tier  "blue" -> "green"',
        '      Labels.owner  "ops"',
      ].join("\n"),
    );
    expect(await deploy(edited)).toMatchObject({ status: "deployed", serial: 2 });
    expect(await planText(edited)).toBe("web  2 resources: 2 unchanged");
  });

  test("replaces before it deletes, and dependants see the new id", async () => {
    const { deploy, planText, stacks } = stacksUnderTest();
    await deploy(TWO);
    const before = await stacks.get(TEST_SCOPE, "web");
    const old = before?.resources.find((each) => each.logicalId === "Base")?.id;
    const edited = TWO.replace("Value: base,", "Value: base, Kind: other,");
    expect(await planText(edited)).toBe(
      [
        "web  2 resources: 1 to update, 1 to replace",
        "  ± Thing Base  (Kind cannot be changed in place)",
        '      Kind  "plain" -> "other"  forces replacement',
        "  ~ Thing User  (its properties change)",
        `      Uses  ["${old}"] -> [(known after apply: Base)]`,
      ].join("\n"),
    );
    const steps: string[] = [];
    await deploy(edited, {
      onEvent: (event) => void (event.status === "done" && steps.push(`${event.action} ${event.logicalId}`)),
    });
    expect(steps).toEqual(["replace Base", "update User", "delete Base"]);
    const after = await stacks.get(TEST_SCOPE, "web");
    const idOf = (logicalId: string) => after?.resources.find((each) => each.logicalId === logicalId)?.id;
    expect(after?.resources.find((each) => each.logicalId === "User")?.live["Uses"]).toEqual([idOf("Base")]);
    expect(idOf("Base")).not.toBe(old);
  });

  test("deletes what the template no longer has, dependants first, unless its policy keeps it", async () => {
    const { deploy, planText, store } = stacksUnderTest();
    await deploy(
      TWO.replace("Thing, Properties: {Value: base", "Thing, DeletionPolicy: Retain, Properties: {Value: base"),
    );
    const none = "Resources: {Other: {Type: Thing, Properties: {Value: other}}}";
    expect(await planText(none)).toMatch(/^web {2}3 resources: 1 to create, 1 to delete, 1 to let go\n/);
    await deploy(none);
    const left = Object.values(await contentsOf(store, "things")) as { value: string }[];
    expect(left.map((each) => each.value).sort()).toEqual(["base", "other"]);
  });

  test("shows drift and puts it back", async () => {
    const { deploy, planText, calls } = stacksUnderTest(NATIVE);
    const text = "Resources: {Net: {Type: VPC, Properties: {Name: net}}}";
    await deploy(text);
    const {
      vpcs: [vpc],
    } = await calls.call(networks, "listVpcs", {}, TEST_SCOPE);
    await calls.call(networks, "updateVpc", { vpcId: vpc?.id ?? "", labels: { owner: "ops" } }, TEST_SCOPE);
    expect(await planText(text)).toBe(
      [
        "web  1 resource: 1 to update",
        "  ~ VPC Net  (it was changed outside this stack)",
        '      Labels.owner  "ops" -> (absent)  undoes a change made outside',
        '  drift: Net was changed outside this stack: Labels.owner (absent) -> "ops"',
      ].join("\n"),
    );
    await deploy(text);
    expect(await planText(text)).toBe("web  1 resource: 1 unchanged");
    await calls.call(networks, "deleteVpc", { vpcId: vpc?.id ?? "" }, TEST_SCOPE);
    expect(await planText(text)).toContain("(it was deleted outside this stack)");
    expect(await deploy(text)).toMatchObject({ status: "deployed" });
    expect(await planText(text)).toBe("web  1 resource: 1 unchanged");
  });

  test("masks what is secret, in the plan and after", async () => {
    const { deploy, planText, stacks } = stacksUnderTest();
    const text = `
Parameters: {Password: {Type: String, NoEcho: true}}
Resources: {One: {Type: Thing, Properties: {Value: !Ref Password, Secret: hush}}}
`;
    expect(await planText(text, { Password: "letmein" })).not.toContain("letmein");
    expect(await planText(text, { Password: "letmein" })).toContain("Value  ****");
    expect(await deploy(text, { parameters: { Password: "letmein" } })).toMatchObject({ status: "deployed" });
    expect(await planText(text, { Password: "other" })).toContain("Value  **** -> ****");
    const { resources } = (await stacks.get(TEST_SCOPE, "web")) ?? {};
    expect(JSON.stringify(resources)).not.toMatch(/letmein|hush/);
    expect(await stacks.list(TEST_SCOPE)).toMatchObject([{ parameters: { Password: "****" } }]);
  });

  test("of a saved plan applies exactly that, or refuses", async () => {
    const { deploy, plan, stacks } = stacksUnderTest();
    const { plan: saved } = await plan(TWO);
    expect(saved).toEqual(JSON.parse(JSON.stringify(saved)));
    expect(JSON.stringify((await plan(TWO)).plan)).toBe(JSON.stringify(saved));
    expect(await stacks.deploy({ plan: saved as never })).toMatchObject({ status: "deployed", serial: 1 });
    const again = await stacks.deploy({ plan: saved as never });
    expect(again).toMatchObject({ status: "refused", diagnostics: [{ code: "CS2005" }] });
    expect(again.diagnostics[0]?.message).toBe(
      "the saved plan no longer holds: the stack was at serial 0 and is at serial 1 now",
    );
    const damaged = { ...saved, serial: 1 };
    expect(await stacks.deploy({ plan: damaged as never })).toMatchObject({ diagnostics: [{ code: "CS2006" }] });
    expect(await deploy(TWO)).toMatchObject({ status: "unchanged" });
  });

  test("of targets leaves the rest alone", async () => {
    const { stacks, plan } = stacksUnderTest();
    const source = {
      file: "web.yaml",
      text: `${TWO.replace("Outputs:", "  Third: {Type: Thing, Properties: {Value: third}}\nOutputs:")}`,
    };
    const { plan: made } = await stacks.plan({ scope: TEST_SCOPE, stack: "web", source, targets: ["Base"] });
    expect(made?.changes.map((change) => [change.logicalId, change.action])).toEqual([["Base", "create"]]);
    const wrong = await stacks.plan({ scope: TEST_SCOPE, stack: "web", source, targets: ["Bse"] });
    expect(wrong.diagnostics).toMatchObject([{ code: "CS2004", hint: 'did you mean "Base"?' }]);
    expect((await plan(TWO)).plan?.summary.create).toBe(2);
    const deployed = await stacks.deploy({ scope: TEST_SCOPE, stack: "web", source, targets: ["Base"] });
    expect(deployed).toMatchObject({ status: "deployed", outputs: {} });
    const rest = await stacks.deploy({ scope: TEST_SCOPE, stack: "web", source });
    expect(rest.plan?.changes.map((change) => [change.logicalId, change.action])).toEqual([
      ["Base", "none"],
      ["User", "create"],
      ["Third", "create"],
    ]);
    expect(Object.keys(rest.outputs ?? {})).toEqual(["Address"]);
  });

  test("exports values to other stacks, which keeps them from being withdrawn", async () => {
    const { deploy, destroy } = stacksUnderTest();
    const base = `
Resources: {One: {Type: Thing, Properties: {Value: one}}}
Outputs: {Id: {Value: !Ref One, Export: {Name: shared}}}
`;
    const user = "Resources: {Two: {Type: Thing, Properties: {Value: two, Uses: [!ImportValue shared]}}}";
    expect(await deploy(user, { stack: "user" })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS1107" }],
    });
    await deploy(base, { stack: "base" });
    expect(await deploy(base, { stack: "other" })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS2003" }],
    });
    expect(await deploy(user, { stack: "user" })).toMatchObject({ status: "deployed" });
    expect(await destroy("base")).toMatchObject({ status: "refused", diagnostics: [{ code: "CS2002" }] });
    await destroy("user");
    expect(await destroy("base")).toMatchObject({ status: "deployed" });
  });

  test("keeps its events in order, beyond the stack's end", async () => {
    const { deploy, destroy, stacks } = stacksUnderTest();
    const { deploymentId } = await deploy(TWO);
    await destroy();
    const events = await stacks.events({ scope: TEST_SCOPE, stack: "web", deploymentId });
    expect(events.map((event) => [event.status, event.action, event.logicalId])).toEqual([
      ["started", undefined, undefined],
      ["done", "create", "Base"],
      ["done", "create", "User"],
      ["succeeded", undefined, undefined],
    ]);
    const all = await stacks.events({ scope: TEST_SCOPE, stack: "web" });
    expect(
      all.slice(4).map((event) => `${event.status} ${event.action ?? ""} ${event.logicalId ?? ""}`.trim()),
    ).toEqual(["started", "done delete User", "done delete Base", "succeeded"]);
    expect((await stacks.events({ scope: TEST_SCOPE, stack: "web", after: all[1]?.position, limit: 1 }))[0]).toEqual(
      all[2],
    );
  });

  test("of a stack whose name is not one, or a destruction of none, is refused", async () => {
    const { deploy, destroy } = stacksUnderTest();
    expect(await deploy(TWO, { stack: "not a name" })).toMatchObject({
      status: "refused",
      diagnostics: [{ code: "CS3004" }],
    });
    expect(await destroy("none")).toMatchObject({ status: "refused", diagnostics: [{ code: "CS3003" }] });
  });
});

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { startServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const NET = `Parameters:
  Tier: {Type: String, Default: blue}
  Key: {Type: String, NoEcho: true, Default: none}
Resources:
  Net: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.0.0.0/16, Labels: {tier: !Ref Tier, key: !Ref Key}}}
  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, Name: front, CIDRBlock: 10.0.1.0/24}}
`;

const { folder, run, write } = ownFolder();
beforeEach(() => write("net.yaml", NET));

const read = (file: string) => readFileSync(join(folder.path, file), "utf8");

describe("a saved plan", () => {
  test("is applied as it was printed, once, and tells both serials when the stack has moved", async () => {
    const planned = await run("plan", "net.yaml", "--parameter", "Tier=green", "--out", "net.plan");
    expect(planned).toMatchObject({ code: 0, err: "" });
    expect(planned.out).toContain("Apply with: cloudstack deploy net.plan\n");
    expect(statSync(join(folder.path, "net.plan")).mode & 0o777).toBe(0o600);
    const applied = await run("deploy", "net.plan");
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out).toContain("deployed net (serial 1)");
    const again = await run("deploy", "net.plan");
    expect(again.code).toBe(1);
    expect(again.err).toContain("the saved plan no longer holds: the stack was at serial 0 and is at serial 1 now");
  });

  test("holds no secret, and wants the same one again", async () => {
    await run("plan", "net.yaml", "--parameter", "Key=letmein", "--out", "net.plan");
    expect(read("net.plan")).not.toContain("letmein");
    expect((await run("deploy", "net.plan")).err).toContain("give it: --parameter Key=VALUE");
    expect((await run("deploy", "net.plan", "--parameter", "Key=other")).err).toContain("are not the ones");
    write("key.env", "Key=letmein\n");
    expect(await run("deploy", "net.plan", "--env-file", "key.env")).toMatchObject({ code: 0, err: "" });
  });

  test("that was changed, is of another version, or is given other targets is refused", async () => {
    await run("plan", "net.yaml", "--out", "net.plan");
    expect((await run("deploy", "net.plan", "--target", "Net")).err).toContain("--target cannot be given");
    write("other.plan", read("net.plan").replace('"stack": "net"', '"stack": "web"'));
    expect((await run("deploy", "other.plan")).err).toContain("CS2006");
    write("newer.plan", read("net.plan").replace('"version": 1', '"version": 2'));
    expect((await run("deploy", "newer.plan")).err).toContain("newer.plan is a plan of version 2.");
  });
});

describe("a plan", () => {
  test("takes parameters from files, and says which command applies it", async () => {
    write("dev.env", "Tier=env\nKey=hush\nHOME=/root\n");
    write("dev.json", '[{"ParameterKey": "Tier", "ParameterValue": "file"}]');
    const { out, code } = await run("plan", "net.yaml", "--env-file", "dev.env", "--parameters", "dev.json");
    expect(code).toBe(0);
    expect(out).toContain("Apply with: cloudstack deploy net.yaml --env-file dev.env --parameters dev.json\n");
    const json = await run("plan", "net.yaml", "--env-file", "dev.env", "--parameters", "dev.json", "--format", "json");
    expect(JSON.parse(json.out)).toMatchObject({ plan: { parameters: { Tier: "file", Key: "****" } } });
    expect(json.out).not.toContain("hush");
    write("wrong.json", '{"Teer": "x"}');
    expect((await run("plan", "net.yaml", "--parameters", "wrong.json")).err).toContain('no parameter "Teer"');
  });

  test("of targets leaves out the rest", async () => {
    const { out } = await run("plan", "net.yaml", "--target", "Net");
    expect(out).toContain("1 resource: 1 to create");
  });

  test("takes over what exists", async () => {
    await run("deploy", "net.yaml", "--yes");
    const { resources } = JSON.parse((await run("resources", "--format", "json")).out) as {
      resources: { id: string; type: string }[];
    };
    const id = resources.find((each) => each.type === "VPC")?.id ?? "";
    write("own.yaml", "Resources: {Mine: {Type: VPC, Properties: {Name: net, CIDRBlock: 10.0.0.0/16}}}\n");
    const refused = await run("plan", "own.yaml", "--import", `Mine=${id}`);
    expect(refused.err).toContain(`${id} belongs to stack net, as Net`);
    write("net.yaml", "Removed: [Net, Front]\nResources: {}\n");
    expect((await run("deploy", "net.yaml", "--yes")).out).toContain("2 to keep without the stack");
    const { out } = await run("deploy", "own.yaml", "--import", `Mine=${id}`, "--yes");
    expect(out).toMatch(/= VPC +Mine +imported/);
    expect((await run("plan", "own.yaml", "--detailed-exitcode")).code).toBe(0);
  });
});

describe("drift", () => {
  test("is shown with what it was and is, exits 2 when asked, and is put back by the command it names", async () => {
    const server = await startServer(folder.path);
    try {
      await run("deploy", "net.yaml", "--yes");
      expect(await run("drift", "net", "--detailed-exitcode")).toMatchObject({ code: 0, err: "" });
      const { resources } = JSON.parse((await run("resources", "--format", "json")).out) as {
        resources: { id: string; type: string }[];
      };
      const vpcId = resources.find((each) => each.type === "VPC")?.id;
      const changed = await fetch(`${server.endpoint}/_cloudstack/api/networks/updateVpc`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ vpcId, name: "net", labels: { tier: "red", key: "none" } }),
      });
      expect(changed.status).toBe(200);
      const drifted = await run("drift", "net", "--detailed-exitcode");
      expect(drifted.code).toBe(2);
      expect(drifted.out).toContain('Labels.tier  "blue" -> "red"');
      expect(drifted.out).toContain("Put it back with: cloudstack deploy net.yaml --stack net\n");
      expect((await run("plan", "net.yaml", "--no-refresh", "--detailed-exitcode")).code).toBe(0);
      expect((await run("deploy", "net.yaml", "--yes")).out).toContain("this plan restores it");
      expect((await run("drift", "net", "--detailed-exitcode")).code).toBe(0);
    } finally {
      await server.end("SIGKILL");
    }
  });

  test("of a stack that does not exist is a mistake", async () => {
    const { code, err } = await run("drift", "none");
    expect(code).toBe(1);
    expect(err).toContain('There is no stack "none".');
  });
});

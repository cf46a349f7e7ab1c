import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { killedAfter, ROOT, startServer, type RunningServer } from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";

const { folder, json, run, write } = ownFolder();

const take = (template: string) => copyFileSync(join(ROOT, "templates", template), join(folder.path, template));
function edit(template: string, from: string, to: string): void {
  const file = join(folder.path, template);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** The whole life of a stack, as somebody new to it would try it. */
async function liveThrough(): Promise<void> {
  take("web.yaml");
  const first = await run("deploy", "web.yaml", "--yes");
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain("9 resources: 9 to create");
  expect(first.out).toContain("deployed web (serial 1)");
  expect(first.out).toMatch(/Network +vpc-[0-9a-f]+/);

  const second = await run("plan", "web.yaml", "--detailed-exitcode");
  expect(second.code).toBe(0);
  expect(second.out).toContain("9 unchanged");

  edit("web.yaml", "VisibilityTimeout: 60", "VisibilityTimeout: 90");
  edit("web.yaml", "{Name: customer, Type: S}", "{Name: client, Type: S}");
  const changed = await run("plan", "web.yaml", "--detailed-exitcode");
  expect(changed.code).toBe(2);
  expect(changed.out).toMatch(/~ +Queue +Jobs .*VisibilityTimeout +60 -> 90/);
  expect(changed.out).toMatch(/± +Table +Orders .*forces replacement/);
  expect((await run("deploy", "web.yaml", "--yes")).out).toContain("deployed web (serial 2)");
  expect((await run("plan", "web.yaml", "--detailed-exitcode")).code).toBe(0);

  const { stacks } = await json<{ stacks: object[] }>("stacks");
  expect(stacks).toMatchObject([{ name: "web", serial: 2, status: "deployed" }]);
  expect(await json("outputs", "web")).toHaveProperty("OrdersTable");
  expect((await run("events", "web")).out).toMatch(/Orders +replace +done/);

  expect(await run("destroy", "web", "--yes")).toMatchObject({ code: 0, err: "" });
  expect((await run("resources")).out).toBe("There is nothing.\n");
  expect((await run("stacks")).out).toContain("There are no stacks.");
}

describe("a stack without a server", () => {
  test("is deployed, planned empty, changed, replaced in part and destroyed", () => liveThrough());

  test("of The Cloud's kind deploys unchanged, with what it leaves out chosen", async () => {
    take("the-cloud.yaml");
    expect(await run("deploy", "the-cloud.yaml", "--yes")).toMatchObject({ code: 0, err: "" });
    const { resources } = await json<{ resources: { type: string; properties: Record<string, unknown> }[] }>(
      "resources",
    );
    const of = (type: string) =>
      resources.filter((resource) => resource.type === type).map((resource) => resource.properties);
    expect(of("VPC").map((vpc) => vpc.CIDRBlock)).toContain("10.0.0.0/16");
    expect(of("VPC").every((vpc) => String(vpc.CIDRBlock).endsWith("/16") && vpc.Name)).toBe(true);
    expect(
      of("Volume")
        .map((volume) => volume.Size)
        .sort(),
    ).toEqual([10, 20]);
    expect((await run("plan", "the-cloud.yaml", "--detailed-exitcode")).code).toBe(0);
  });

  test("of which a part fails goes back to what it was", async () => {
    take("web.yaml");
    await run("deploy", "web.yaml", "--yes");
    const before = await json("resources");
    edit("web.yaml", "VisibilityTimeout: 60", "VisibilityTimeout: 90");
    edit("web.yaml", "!Select [1, !Cidr [!GetAtt Net.CIDRBlock, 2, 8]]", "10.42.0.0/25");
    const failed = await run("deploy", "web.yaml", "--yes");
    expect(failed.code).toBe(1);
    expect(failed.out).toContain("rolling back");
    expect(failed.out).toContain("web is as it was (serial 1).");
    expect(await json("resources")).toEqual(before);
  });

  test("whose deployment is killed is undone by the next command, which says so first", async () => {
    const queues = Array.from({ length: 2000 }, (_, i) => `  Q${i}: {Type: Queue}`).join("\n");
    write("many.yaml", `Resources:\n${queues}\n`);
    await killedAfter("created", ["deploy", "many.yaml", "--yes"], folder.path);
    const next = await run("plan", "many.yaml");
    expect(next.out).toMatch(/^many: a deployment was interrupted .* ago after \d+ of 2000 steps; undoing /);
    expect(next.out).toContain("2000 to create");
    expect((await run("resources")).out).toBe("There is nothing.\n");
  });

  test("is planned with the command that applies that plan", async () => {
    take("web.yaml");
    const { out } = await run("plan", "web.yaml", "--stack", "shop", "--parameter", "Stage=prod");
    expect(out).toContain("Apply with: cloudstack deploy web.yaml --stack shop --parameter Stage=prod\n");
  });

  test("asks before it changes anything, and refuses where nobody can answer", async () => {
    take("web.yaml");
    const { code, err } = await run("deploy", "web.yaml");
    expect(code).toBe(1);
    expect(err).toContain("Add --yes.");
    expect((await run("resources")).out).toBe("There is nothing.\n");
  });

  test("reset deletes everything", async () => {
    take("web.yaml");
    await run("deploy", "web.yaml", "--yes");
    expect((await run("reset", "--yes")).code).toBe(0);
    expect((await run("resources")).out).toBe("There is nothing.\n");
  });
});

describe("a stack through a running server", () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer(folder.path);
  });
  afterEach(() => server.end("SIGKILL"));

  test("is deployed, planned empty, changed, replaced in part and destroyed", () => liveThrough());

  test("survives kill -9 of the server", async () => {
    take("web.yaml");
    await run("deploy", "web.yaml", "--yes");
    const before = await json("resources");
    await server.end("SIGKILL");
    expect(await json("resources")).toEqual(before);
    expect((await run("plan", "web.yaml", "--detailed-exitcode")).code).toBe(0);
  });

  test("status tells its address, env points tools at it, stop ends it", async () => {
    expect((await run("status")).out).toContain(server.endpoint);
    expect((await run("env")).out).toContain(`export AWS_ENDPOINT_URL=${server.endpoint}\n`);
    expect((await run("stop")).out).toBe(`stopped ${server.endpoint} (process ${server.pid})\n`);
    const { code, err } = await run("stop");
    expect(code).toBe(1);
    expect(err).toContain("No server runs on");
  });
});

describe("a snapshot", () => {
  test("brings everything back, bodies included, and a damaged file changes nothing", async () => {
    take("web.yaml");
    await run("deploy", "web.yaml", "--yes");
    const before = await json("resources");
    expect(await run("snapshot", "save", "all.snapshot")).toMatchObject({ code: 0, err: "" });
    await run("destroy", "web", "--yes");
    expect(await run("snapshot", "restore", "all.snapshot")).toMatchObject({ code: 0, err: "" });
    expect(await json("resources")).toEqual(before);
    expect((await run("plan", "web.yaml", "--detailed-exitcode")).code).toBe(0);

    const bytes = readFileSync(join(folder.path, "all.snapshot"));
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    writeFileSync(join(folder.path, "damaged.snapshot"), bytes);
    const refused = await run("snapshot", "restore", "damaged.snapshot");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("nothing was changed");
    expect(await json("resources")).toEqual(before);
  });

  test("is saved from a running server, and restored only without one", async () => {
    const server = await startServer(folder.path);
    expect(await run("snapshot", "save", "all.snapshot")).toMatchObject({ code: 0, err: "" });
    const refused = await run("snapshot", "restore", "all.snapshot");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain(`in use by process ${server.pid}`);
    expect(await server.end("SIGTERM")).toBe(0);
    expect((await run("snapshot", "restore", "all.snapshot")).code).toBe(0);
  });
});

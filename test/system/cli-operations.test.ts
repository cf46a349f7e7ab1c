import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  begin,
  interruptedAfter,
  killedAfter,
  startServer,
  type Finished,
  type RunningServer,
} from "./kit/cloudstack.ts";
import { ownFolder } from "./kit/own-folder.ts";
import { printed } from "./kit/printed.ts";

const { folder, json, run, write } = ownFolder();

/** Enough steps, one at a time, that there is time to interrupt them. */
const MANY = `Resources:\n${Array.from({ length: 1500 }, (_, i) => `  Q${i}: {Type: Queue}`).join("\n")}\n`;
const SLOWLY = ["deploy", "many.yaml", "--yes", "--concurrency", "1"];
const nothing = async () => expect((await run("resources")).out).toBe("There is nothing.\n");

async function interrupts(): Promise<void> {
  write("many.yaml", MANY);
  const ended = await interruptedAfter("created", 1, SLOWLY, folder.path);
  expect(ended.err).toContain("interrupted: what is in flight ends, then what was done is rolled back");
  expect(ended.out).toMatch(/rolling back \d+ changes/);
  expect(ended.out).toMatch(/many is as it was \(serial 0\)\. Cause: Interrupted: The deployment was interrupted\./);
  expect(ended.code).toBe(1);
  await nothing();

  const kept = await interruptedAfter("created", 1, [...SLOWLY, "--keep"], folder.path);
  expect(kept.out).toContain("many keeps what was done");
  const { stacks } = await json<{ stacks: object[] }>("stacks");
  expect(stacks).toMatchObject([{ name: "many", status: "failed" }]);
  expect(await run("rollback", "many", "--yes")).toMatchObject({ code: 0, err: "" });
  await nothing();
}

describe("Ctrl-C", () => {
  test("ends a deployment in order: it is rolled back, or kept", () => interrupts());

  test("ends one on a server in order", async () => {
    const server = await startServer(folder.path);
    await interrupts();
    expect(await server.end("SIGTERM")).toBe(0);
  });

  test("twice leaves at once; the next command says so and settles it", async () => {
    write("many.yaml", MANY);
    // So late that rolling back takes longer than pressing it once more.
    expect(await interruptedAfter("Q1000 created", 2, SLOWLY, folder.path)).toMatchObject({ code: 130 });
    const next = await run("plan", "many.yaml");
    expect(next.out).toMatch(/^many: a deployment was interrupted .+ ago after \d+ of 1500 steps; undoing /);
    expect(next.out).toContain("; undoing (use --resume to finish it instead)\n");
    expect(next.out).toContain("many is as it was");
    await nothing();
  });
});

describe("after a crash", () => {
  test("--resume finishes the deployment instead of undoing it", async () => {
    write("many.yaml", MANY);
    await killedAfter("created", SLOWLY, folder.path);
    const next = await run("deploy", "many.yaml", "--yes", "--resume");
    expect(next.out).toMatch(/^many: a deployment was interrupted .+ steps; finishing it\n/);
    expect(next.out).toContain("many is deployed");
    expect(next.out).toContain("many: nothing to do");
    const { stacks } = await json<{ stacks: object[] }>("stacks");
    expect(stacks).toMatchObject([{ name: "many", serial: 1, status: "deployed" }]);
  });

  test("a server settles it when it starts, and says so", async () => {
    write("many.yaml", MANY);
    await killedAfter("created", SLOWLY, folder.path);
    const server = await startServer(folder.path);
    expect(server.banner).toMatch(/^many: a deployment was interrupted .* undoing/);
    await nothing();
    await server.end("SIGKILL");
  });
});

describe("two deployments of one stack", () => {
  test("without a server: the second waits for the first as long as it is told to", async () => {
    write("many.yaml", MANY);
    const first = begin(SLOWLY, folder.path);
    while (!first.printed().includes("created")) await new Promise((resolve) => setTimeout(resolve, 10));
    const refused = await run("deploy", "many.yaml", "--yes");
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("wait for it to end, with --lock-timeout 1m for example");
    const second = await run("deploy", "many.yaml", "--yes", "--lock-timeout", "2m");
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(second.out).toContain("many: nothing to do");
  });

  test("on a server: the second is told who deploys it since when, or waits", async () => {
    write("many.yaml", MANY);
    write("one.yaml", "Resources: {Q0: {Type: Queue}}\n");
    const server = await startServer(folder.path);
    const first = begin(SLOWLY, folder.path);
    while (!first.printed().includes("created")) await new Promise((resolve) => setTimeout(resolve, 10));
    const refused = await run("deploy", "one.yaml", "--stack", "many", "--yes");
    expect(refused.err).toMatch(
      /error\[CS3001\] cloudstack \(process \d+\) is deploying stack many since \S+Z \(d-[0-9a-f]+\)/,
    );
    expect(await first.ended).toMatchObject({ code: 0 });
    await server.end("SIGTERM");
  });
});

describe("the events of a stack", () => {
  let server: RunningServer;
  beforeEach(async () => {
    server = await startServer(folder.path);
    write("web.yaml", "Resources:\n  Jobs: {Type: Queue}\n  Files: {Type: Queue, DependsOn: Jobs}\n");
  });
  afterEach(() => server.end("SIGKILL"));

  test("are followed as they happen, one line of JSON each", async () => {
    const following = begin(["events", "web", "--follow", "--format", "json"], folder.path);
    await run("deploy", "web.yaml", "--yes");
    while (!following.printed().includes("succeeded")) await new Promise((resolve) => setTimeout(resolve, 10));
    const lines = following.printed().trim().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { status: string; logicalId?: string });
    expect(events.map(({ status, logicalId }) => `${status} ${logicalId ?? "stack"}`)).toEqual([
      "started stack",
      "done Jobs",
      "done Files",
      "succeeded stack",
    ]);
    await server.end("SIGTERM");
    await following.ended;
  });

  test("of one deployment end with it, and go on after a position", async () => {
    const { deploymentId } = await json<{ deploymentId: string }>("deploy", "web.yaml", "--yes");
    const followed = await run("events", "web", "--follow", "--deployment", deploymentId);
    expect(followed.code).toBe(0);
    expect(followed.out.trim().split("\n").at(-1)).toContain("succeeded");
    const path = `${server.endpoint}/_cloudstack/stacks/web/events?deployment=${deploymentId}`;
    const stream = await fetch(path);
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const events = (await stream.text()).trim().split("\n\n");
    expect(events.map((event) => event.split("\n")[1])).toEqual([
      "event: started",
      "event: done",
      "event: done",
      "event: succeeded",
    ]);
    const id = (events[1] ?? "").split("\n")[0]?.slice("id: ".length) ?? "";
    const rest = await (await fetch(path, { headers: { "last-event-id": id } })).text();
    expect(rest.trim().split("\n\n")).toEqual(events.slice(2));
    expect((await fetch(`${path}&after=x`)).status).toBe(400);
  });
});

describe("what is printed", () => {
  const NET = "  Net: {Type: VPC, Properties: {CIDRBlock: 10.42.0.0/16}}\n";
  const FRONT = "  Front: {Type: Subnet, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.1.0/24}}\n";
  const CLASH = "  Clash: {Type: Subnet, DependsOn: Front, Properties: {VpcID: !Ref Net, CIDRBlock: 10.42.1.0/25}}\n";
  const LAST = "  Last: {Type: Queue, DependsOn: Clash}\n";
  const golden = (name: string, finished: Finished) =>
    expect(printed(finished)).toMatchFileSnapshot(`./golden/${name}.txt`);

  test("when a step fails and the rest is rolled back", async () => {
    write("web.yaml", `Resources:\n${NET}${FRONT}${CLASH}${LAST}`);
    await golden("failed-first", await run("deploy", "web.yaml", "--yes", "--concurrency", "1"));
    write("web.yaml", `Resources:\n${NET}${FRONT}`);
    await run("deploy", "web.yaml", "--yes");
    write("web.yaml", `Resources:\n${NET}${FRONT.replace("1.0/24", "2.0/24")}${CLASH.replace("1.0/25", "2.0/25")}`);
    await golden("failed-update", await run("deploy", "web.yaml", "--yes"));
    await golden("failed-events", await run("events", "web", "--status", "failed,rolling-back,rolled-back"));
  });

  test("when what was done is kept, and when that is rolled back", async () => {
    write("web.yaml", `Resources:\n${NET}${FRONT}${CLASH}`);
    await golden("failed-kept", await run("deploy", "web.yaml", "--yes", "--on-failure", "keep"));
    await golden("failed-kept-rollback", await run("rollback", "web", "--yes"));
    await golden("failed-deleted", await run("deploy", "web.yaml", "--yes", "--on-failure", "delete"));
    expect((await run("stacks")).out).toContain("There are no stacks.");
  });

  test("when a rollback fails, and how it is continued", async () => {
    const table = "  Data: {Type: Table, Properties: {PartitionKey: {Name: id, Type: S}, DeletionProtection: true}}\n";
    const net = NET.replace("Properties", "DependsOn: Data, Properties");
    write("web.yaml", `Resources:\n${table}${net}${FRONT}${CLASH}`);
    await golden("rollback-failed", await run("deploy", "web.yaml", "--yes"));
    await golden("rollback-failed-plan", await run("plan", "web.yaml"));
    await golden("rollback-failed-again", await run("continue-rollback", "web"));
    await golden("rollback-failed-skip", await run("continue-rollback", "web", "--skip", "Nope"));
    await golden("rollback-skipped", await run("continue-rollback", "web", "--skip", "Data"));
    expect((await run("resources")).out).toMatch(/Table .*web-Data-/);
  });

  test("when a stack goes back to a version, and where there is none", async () => {
    write("web.yaml", `Resources:\n${NET}${FRONT}`);
    await run("deploy", "web.yaml", "--yes");
    await golden("rollback-none", await run("rollback", "web", "--yes"));
    write("web.yaml", `Resources:\n${NET}${FRONT.replace("1.0/24", "2.0/24")}`);
    await run("deploy", "web.yaml", "--yes");
    await golden("rollback", await run("rollback", "web", "--yes"));
    await golden("rollback-unknown", await run("rollback", "web", "--to", "9"));
    await golden("history", await run("history", "web"));
    await golden("history-serial", await run("history", "web", "--serial", "2"));
  });

  test("when a stack is protected, and when its policy denies a change", async () => {
    write("web.yaml", `Resources:\n${NET}${FRONT}`);
    write("policy.json", '{"Statement": [{"Effect": "Deny", "Action": "Update:*", "Resource": "*"}]}');
    await run("deploy", "web.yaml", "--yes");
    await golden("protected", await run("protect", "web"));
    await golden("protected-destroy", await run("destroy", "web", "--yes"));
    expect(await run("policy", "web", "policy.json")).toMatchObject({ code: 0, err: "" });
    write("web.yaml", `Resources:\n${NET.replace("10.42", "10.43")}${FRONT.replace("10.42", "10.43")}`);
    await golden("policy-denies", await run("deploy", "web.yaml", "--yes"));
    write("policy.json", '{"Statement": [{"Effect": "Never", "Action": "Update:*", "Resource": "*"}]}');
    await golden("policy-wrong", await run("policy", "web", "policy.json"));
  });

  test("when an option is wrong", async () => {
    for (const [name, ...args] of [
      ["option-on-failure", "--on-failure", "explode"],
      ["option-concurrency", "--concurrency", "0"],
      ["option-timeout", "--timeout", "soon"],
    ] as const)
      await golden(name, await run("deploy", "web.yaml", ...args));
    await golden("option-to", await run("rollback", "web", "--to", "first"));
    await golden("events-unknown", await run("events", "nope"));
    await golden("follow-without-server", await run("events", "nope", "--follow"));
  });
});

import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { cloudstack, emptyFolder, startServer, type RunningServer } from "./kit/cloudstack.ts";
import { isMissing } from "./kit/clients.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";

const resources = readFileSync(join(import.meta.dirname, "terraform/acceptance.tf"), "utf8");
const QUEUES = ["Resources:", "  One: { Type: Queue }", "  Two: { Type: Queue, DependsOn: One }", ""].join("\n");

/** A folder in which the command line works, and the server of its data directory. */
async function served() {
  const folder = emptyFolder();
  onTestFinished(() => folder.remove());
  const start = async (...args: string[]): Promise<RunningServer> => {
    const server = await startServer(folder.path, args);
    onTestFinished(() => server.end("SIGKILL").then(() => undefined));
    return server;
  };
  const run = (...args: string[]) => cloudstack(args, folder.path);
  const json = async <T>(...args: string[]) => JSON.parse((await run(...args, "--format", "json")).out) as T;
  return { folder, start, run, json };
}

describe("the command line", () => {
  test("moves the clock of a running server and of a data directory; kill -9 leaves it where it is", async () => {
    const { start, run, json } = await served();
    const first = await start();
    const advanced = await json<{ now: string; machine: string; jobs: number }>("clock", "advance", "30d");
    const aheadMs = Date.parse(advanced.now) - Date.parse(advanced.machine);
    expect(Math.round(aheadMs / 86_400_000)).toBe(30);
    expect(advanced.jobs).toBeGreaterThan(29);
    await run("clock", "freeze", "2031-01-01T00:00:00Z");
    await first.end("SIGKILL");
    expect(await json("clock", "show")).toMatchObject({ now: "2031-01-01T00:00:00.000Z", isFrozen: true });
    expect((await run("clock", "advance", "12h")).out).toContain("2031-01-01 12:00:00 UTC   frozen");
    await start();
    expect(await json("clock", "show")).toMatchObject({ now: "2031-01-01T12:00:00.000Z", isFrozen: true });
    const { events } = await json<{ events: { what: string }[] }>("clock", "events");
    expect(events.map(({ what }) => what)).toEqual(["advanced", "frozen", "advanced"]);
    const refused = await run("clock", "freeze", "yesterday");
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("InvalidTime") });
  });

  test("adds rules that outlive kill -9; one that means nothing is refused with what was meant", async () => {
    const { folder, start, run, json } = await served();
    writeFileSync(join(folder.path, "queues.yaml"), QUEUES);
    const first = await start();
    const typo = await run("chaos", "add", "fail", "--service", "queus");
    expect(typo.code).toBe(1);
    expect(typo.err).toContain('There is no service "queus": did you mean "queues"?');
    await run("chaos", "add", "fail", "--operation", "Queue.create", "--resource", "Two", "--once");
    await first.end("SIGKILL");
    await start();
    const failed = await run("deploy", "queues.yaml", "--yes");
    expect(failed.code).toBe(1);
    expect(failed.out + failed.err).toContain("InternalFailure: Rule 1 of chaos makes this fail.");
    expect((await run("resources")).out).toBe("There is nothing.\n");
    expect(await run("deploy", "queues.yaml", "--yes")).toMatchObject({ code: 0 });
    expect(await json("chaos", "list")).toMatchObject({ rules: [{ id: "1", disturbed: 1, count: 1 }] });
    const { events } = await json<{ events: { what: string }[] }>("chaos", "events");
    expect(events.map(({ what }) => what)).toEqual(["added", "disturbed"]);
    expect((await run("chaos", "clear")).out).toBe("1 rule is gone\n");
  });
});

const isBotoMissing = isMissing("python3", "-c", "import boto3");

test.skipIf(isBotoMissing)("boto3 tries again what is throttled, not what fails", async () => {
  const { engine, endpoint, stop } = await startCloud();
  onTestFinished(stop);
  for (const service of ["s3", "sqs", "sns", "iam", "sts", "dynamodb"])
    await engine.chaos.add({ effect: "throttle", service, count: 2 });
  await engine.chaos.add({ effect: "fail", service: "kms", error: "AccessDeniedException" });
  const script = join(import.meta.dirname, "boto3/throttled.py");
  const { stdout } = await promisify(execFile)("python3", [script, endpoint]);
  expect(JSON.parse(stdout)).toEqual({
    s3: 2,
    sqs: 2,
    sns: 2,
    iam: 2,
    sts: 2,
    dynamodb: 2,
    denied: "AccessDeniedException",
  });
});

test.skipIf(isTerraformMissing)("Terraform applies though much of what it asks is throttled or dropped", async () => {
  const { start, run, json } = await served();
  await start();
  await run("chaos", "add", "throttle", "--cloud", "aws", "--probability", "0.2", "--seed", "1");
  await run("chaos", "add", "drop", "--cloud", "aws", "--operation", "*", "--probability", "0.1", "--seed", "2");
  const terraform = await terraformIn(await json<Record<string, string>>("env"), resources);
  onTestFinished(() => terraform.remove());
  await terraform.settle("first");
  const { rules } = await json<{ rules: { disturbed: number }[] }>("chaos", "list");
  for (const { disturbed } of rules) expect(disturbed).toBeGreaterThan(2);
  await run("chaos", "clear");
  await terraform.run("plan", "first", "-detailed-exitcode");
});

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cloudstack, emptyFolder } from "./kit/cloudstack.ts";

const QUEUE = (name: string) => `Resources: { Jobs: { Type: Queue, Properties: { Name: ${name} } } }\n`;

let folder: ReturnType<typeof emptyFolder>;
beforeEach(async () => {
  folder = emptyFolder();
  writeFileSync(join(folder.path, "main.yaml"), QUEUE("of-main"));
  writeFileSync(join(folder.path, "fork.yaml"), QUEUE("of-fork"));
  const { code, err } = await run("deploy", "main.yaml", "--yes");
  if (code !== 0) throw new Error(err);
});
afterEach(() => folder.remove());

const run = (...args: string[]) => cloudstack(args, folder.path);
async function queues(args: readonly string[] = [], environment?: Record<string, string>): Promise<string[]> {
  const { out } = await cloudstack([...args, "resources", "--format", "json"], folder.path, environment);
  return (JSON.parse(out) as { resources: { id: string }[] }).resources.map(({ id }) => id);
}

test("a fork is worked on by option, variable and switch, in this order, and the state stays as it is", async () => {
  expect((await run("fork", "blue")).code).toBe(0);
  expect((await run("--fork", "blue", "deploy", "fork.yaml", "--yes")).code).toBe(0);
  expect([await queues(), await queues(["--fork", "blue"])]).toEqual([["of-main"], ["of-fork", "of-main"]]);
  expect(await queues([], { CLOUDSTACKS_FORK: "blue" })).toEqual(["of-fork", "of-main"]);
  expect((await run("switch", "blue")).out).toMatch(/work on blue$/m);
  expect(await queues()).toEqual(["of-fork", "of-main"]);
  expect(await queues([], { CLOUDSTACKS_FORK: "main" })).toEqual(["of-main"]);
  expect(await queues(["--fork", "blue"], { CLOUDSTACKS_FORK: "main" })).toEqual(["of-fork", "of-main"]);
  const status = JSON.parse((await run("status", "--format", "json")).out) as { fork: string };
  expect(status.fork).toBe("blue");

  const diff = JSON.parse((await run("fork", "diff", "blue", "--format", "json")).out);
  expect(diff).toMatchObject({ fork: "blue", resources: [{ type: "Queue", id: "of-fork", action: "create" }] });
  expect((await run("fork", "list")).out).toMatch(/^\* +blue +main /m);

  // Of the fork that commands work on.
  expect((await run("fork", "green")).out).toContain("green is a fork of blue");
  expect(await run("fork", "drop", "blue")).toMatchObject({ code: 1, err: expect.stringContaining("green") });
  expect((await run("fork", "drop", "green")).code).toBe(0);
  expect((await run("fork", "drop", "blue")).out).toBe("dropped blue; commands work on main again\n");
  expect(await queues()).toEqual(["of-main"]);
});

test("what cannot be is refused, and says what can", async () => {
  const refused = async (...args: string[]) => {
    const { code, err } = await run(...args);
    expect(code).toBe(1);
    return err;
  };
  expect(await refused("fork", "Blue")).toContain("write up to 63 lower-case letters");
  expect(await refused("fork", "blue", "--from", "main.yaml")).toContain("is not a CloudStacks snapshot");
  expect(await refused("fork", "blue", "--port", "0")).toContain("Start one: cloudstack start");
  expect(await refused("--fork", "blue", "status")).toContain('There is no fork "blue"');
  expect(await refused("switch", "blue")).toContain("cloudstack fork blue makes it.");
  expect((await run("fork", "blue")).code).toBe(0);
  expect(await refused("fork", "blue")).toContain('There is a fork "blue" already.');
  expect(await refused("reset", "--yes")).toContain("Drop them first: blue.");
  expect(await refused("--fork", "blue", "snapshot", "restore", "x")).toContain("cloudstack fork NAME --from x");
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import { outsideService } from "../../engine/testing/outside-things.ts";
import { stacksUnderTest, TEST_SCOPE } from "../../engine/testing/stack-engine.ts";
import { emptyFolder } from "./kit/cloudstack.ts";
import { folderWorld } from "./outside-child.ts";

const WHERE = { scope: TEST_SCOPE, stack: "web", isHolderGone: true };
const BEFORE = "Resources:\n  Web: {Type: Process, Properties: {Command: web}}\n";
/** Updates Web and makes two more. */
const AFTER = `${BEFORE.replace("Command: web", "Command: web2")}  Jobs: {Type: Process, Properties: {Command: jobs}}
  Mail: {Type: Process, DependsOn: Jobs, Properties: {Command: mail}}
`;
const CHILD = join(import.meta.dirname, "outside-child.ts");

let folder: ReturnType<typeof emptyFolder>;
beforeEach(() => {
  folder = emptyFolder();
  mkdirSync(join(folder.path, "world"));
});
afterEach(() => folder.remove());

const world = () => folderWorld(join(folder.path, "world"));
const running = () => [...world().things.values()].map(({ command }) => command).sort();

async function deployInChild(template: string, moment: number, seed: number): Promise<string | null> {
  const args = [join(folder.path, "store.sqlite"), join(folder.path, "world"), template, String(moment), String(seed)];
  const command = ["--import", "tsx", CHILD, ...args];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
  const [, signal] = (await once(child, "exit")) as [number | null, string | null];
  return signal;
}

async function settle(how: "undo" | "resume", seed: number) {
  const store = sqliteStore(join(folder.path, "store.sqlite"));
  try {
    const { stacks, planText } = stacksUnderTest([outsideService(world())], { store, seed });
    const { status } = await stacks.settle({ ...WHERE, how });
    return { status, plan: await planText(how === "undo" ? BEFORE : AFTER) };
  } finally {
    await store.close();
  }
}

test("kill -9 before or after any effect outside the store is settled from the journal and by looking", async () => {
  expect(await deployInChild(BEFORE, 100, 1)).toBe(null);
  // Two moments for each of the three effects: right before it, and right after it.
  for (let moment = 0; moment < 6; moment++) {
    expect(await deployInChild(AFTER, moment, 10 + moment)).toBe("SIGKILL");
    expect(await settle("undo", 20 + moment)).toEqual({ status: "undone", plan: "web  1 resource: 1 unchanged" });
    expect(running()).toEqual(["web"]);
  }
  expect(await deployInChild(AFTER, 3, 30)).toBe("SIGKILL");
  expect(running()).toEqual(["jobs", "web2"]);
  expect(await settle("resume", 31)).toEqual({ status: "resumed", plan: "web  3 resources: 3 unchanged" });
  expect(running()).toEqual(["jobs", "mail", "web2"]);
});

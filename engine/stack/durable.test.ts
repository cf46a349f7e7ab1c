import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sqliteStore } from "../kernel/sqlite.ts";
import { machines } from "../services/machines/service.ts";
import { networks } from "../services/networks/service.ts";
import { objects } from "../services/objects/service.ts";
import { queues } from "../services/queues/service.ts";
import { tables } from "../services/tables/service.ts";
import { volumes } from "../services/volumes/service.ts";
import { dyingStore, stacksUnderTest } from "../testing/stack-engine.ts";

const SERVICES = [networks, machines, volumes, objects, queues, tables];
const WEB = readFileSync(new URL("../../templates/web.yaml", import.meta.url), "utf8");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cloudstacks-stacks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a stack on a file survives a restart, and a crash at any transaction is settled from the file", async () => {
  const file = join(folder, "store.sqlite");
  let store = sqliteStore(file);
  expect(await stacksUnderTest(SERVICES, { store }).deploy(WEB)).toMatchObject({ status: "deployed" });
  await store.close();
  for (let commits = 1; ; commits++) {
    store = sqliteStore(file);
    const dying = stacksUnderTest(SERVICES, { store: dyingStore(store, commits), seed: commits });
    const moved = WEB.replaceAll("10.42.", "10.43.").replace("  Jobs:", "  Late: {Type: VPC}\n  Jobs:");
    const crash = await dying.deploy(moved).catch((error: unknown) => error);
    await store.close();
    if (!(crash instanceof Error)) break;
    store = sqliteStore(file);
    const reopened = stacksUnderTest(SERVICES, { store, seed: 100 + commits });
    expect(await reopened.stacks.settleAll({ isHolderGone: true })).toMatchObject([
      { status: "undone", takenSteps: commits - 1 },
    ]);
    expect(await reopened.planText(WEB)).toBe("web  9 resources: 9 unchanged");
    await store.close();
  }
  store = sqliteStore(file);
  expect(await stacksUnderTest(SERVICES, { store, seed: 99 }).destroy()).toMatchObject({ status: "deployed" });
  await store.close();
});

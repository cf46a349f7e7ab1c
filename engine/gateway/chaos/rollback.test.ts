import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { withNestedFiles } from "../../apps/nested-files.ts";
import { composeEngine } from "../../compose.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import type { Store } from "../../kernel/store.ts";
import { manualClock, type ManualClock } from "../../platform/clock.ts";
import type { DeployResult } from "../../stack/requests.ts";
import { serviceRecords } from "../../testing/stack-contents.ts";
import { dyingStore, TEST_SCOPE } from "../../testing/stack-engine.ts";
import type { Engine } from "../engine.ts";
import type { Effect } from "./rule.ts";

// Every system that the repository shows, and everything that its deployment does: each of them fails once.

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (file: string) => withNestedFiles(file, readFileSync(file, "utf8"));

/** A stack as it is before, and as it is to be. */
interface Change {
  readonly name: string;
  readonly other?: string | undefined;
  readonly before?: string | undefined;
  readonly after: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

const systemOf = (file: string): Change => ({
  name: file.slice(ROOT.length),
  after: read(file),
  ...(file.endsWith("on-shared-network.yaml") && { other: read(join(ROOT, "templates/shared-network.json")) }),
});
const examples = join(ROOT, "examples");
const templates = join(ROOT, "templates");
const SYSTEMS = [
  ...readdirSync(examples).map((name) => join(examples, name, "template.yaml")),
  ...readdirSync(templates)
    .filter((name) => name.endsWith(".yaml") || name === "shared-network.json")
    .map((name) => join(templates, name)),
]
  .filter((file) => existsSync(file))
  .map(systemOf);
const web = read(join(templates, "web.yaml"));
const moved = web.replace("10.42.0.0/16", "10.43.0.0/16");
const CHANGES: readonly Change[] = [
  ...SYSTEMS,
  { name: "templates/web.yaml, from dev to prod", before: web, after: web, parameters: { Stage: "prod" } },
  { name: "templates/web.yaml, into another network", before: web, after: moved },
];

const request = (text: string, parameters: Readonly<Record<string, string>> = {}, stack = "web") => ({
  scope: TEST_SCOPE,
  stack,
  source: { file: `${stack}.yaml`, text },
  parameters,
});

const engineOn = (store: Store, clock = manualClock()): Engine =>
  composeEngine({ store, blobs: memoryBlobStore(), clock });

/** A store on which everything is there that the change begins with. */
async function beforeOf({ other, before }: Change): Promise<Store> {
  const store = memoryStore();
  const { stacks } = engineOn(store);
  if (other !== undefined) expect((await stacks.deploy(request(other, {}, "shared"))).status).toBe("deployed");
  if (before !== undefined) expect((await stacks.deploy(request(before))).status).toBe("deployed");
  return store;
}

/** News of what was done goes out though it was undone; what chaos and the stack engine keep is their own. */
const NOT_COMPARED = ['["outbox",', '["engine",', '["feed",["engine",'];

async function recordsOf(store: Store): Promise<Readonly<Record<string, unknown>>> {
  const records = Object.entries(await serviceRecords(store));
  return Object.fromEntries(records.filter(([key]) => !NOT_COMPARED.some((start) => key.startsWith(start))));
}

/** What the stack is; that a deployment of it failed is no part of that. */
async function stackOf(store: Store) {
  const found = await engineOn(store).stacks.get(TEST_SCOPE, "web");
  const { serial = 0, template = "", parameters = {}, outputs = {}, tags = {}, resources = [] } = found ?? {};
  return { serial, template, parameters, outputs, tags, resources };
}

const stateOf = async (store: Store) => ({ records: await recordsOf(store), stack: await stackOf(store) });

/** Does `act` once for each operation that it calls, on a fork of its own, while that operation is disturbed. */
async function forEachOperation(
  base: Store,
  { effect, step = 1 }: { readonly effect: Effect; readonly step?: number },
  act: (engine: Engine, clock: ManualClock) => Promise<DeployResult>,
  check: (result: DeployResult, store: Store, what: string) => Promise<void>,
): Promise<void> {
  for (let skip = 0; ; skip += step) {
    const store = await base.fork();
    const clock = manualClock();
    const engine = engineOn(store, clock);
    await engine.chaos.add({ effect, skip, count: 1 });
    const result = await act(engine, clock);
    const { call } = (await engine.chaos.events()).find(({ what }) => what === "disturbed") ?? {};
    if (!call) {
      expect(result.status).toBe("deployed");
      return expect(skip).toBeGreaterThan(0);
    }
    await check(result, store, `${skip}: ${call.service} ${call.operation} of ${call.resource}`);
  }
}

/** Lets time pass until it is done: for the pauses between two attempts. */
async function passing<T>(clock: ManualClock, work: Promise<T>): Promise<T> {
  let isDone = false;
  const done = work.finally(() => (isDone = true));
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    clock.advanceMs(1000);
  }
  return done;
}

describe.each(CHANGES)("$name", (change) => {
  const { after, parameters } = change;
  const deploy = (engine: Engine) => engine.stacks.deploy(request(after, parameters));

  test("any operation that its deployment calls fails, and every record is as it was", async () => {
    const base = await beforeOf(change);
    const before = await stateOf(base);
    await forEachOperation(base, { effect: "fail" }, deploy, async ({ status, cause, remaining }, store, what) => {
      const expected = { what, status: "rolled-back", code: "InternalFailure", remaining: [], ...before };
      expect({ what, status, code: cause?.code, remaining, ...(await stateOf(store)) }).toEqual(expected);
    });
  });

  test("an operation is throttled, and the deployment succeeds all the same", async () => {
    const base = await beforeOf(change);
    await forEachOperation(
      base,
      // Each of these is a whole deployment; there are hundreds.
      { effect: "throttle", step: 4 },
      (engine, clock) => passing(clock, deploy(engine)),
      async ({ status }, store, what) => {
        const { plan } = await engineOn(store).stacks.plan(request(after, parameters));
        expect({ what, status, isEmpty: plan?.isEmpty }).toEqual({ what, status: "deployed", isEmpty: true });
      },
    );
  });

  test("the engine dies at any commit of it, and every record is as it was once the next has settled it", async () => {
    const base = await beforeOf(change);
    const before = await stateOf(base);
    for (let commits = 0; ; commits += 1) {
      const store = await base.fork();
      const result = await deploy(engineOn(dyingStore(store, commits))).catch((error: unknown) => error);
      if (!(result instanceof Error)) return expect(commits).toBeGreaterThan(2);
      const { stacks } = engineOn(store);
      await stacks.settle({ scope: TEST_SCOPE, stack: "web", how: "undo", isHolderGone: true });
      const plan = (await stacks.plan(request(after, parameters))).plan;
      // The last commit was made, and the engine died before it could say so.
      if (plan?.isEmpty) continue;
      expect({ commits, ...(await stateOf(store)) }).toEqual({ commits, ...before });
    }
  });

  test("any operation that its destruction calls fails, and all of it is still there", async () => {
    const base = await beforeOf(change);
    expect((await deploy(engineOn(base))).status).toBe("deployed");
    const before = await stateOf(base);
    const destroy = ({ stacks }: Engine) => stacks.destroy({ scope: TEST_SCOPE, stack: "web" });
    await forEachOperation(base, { effect: "fail" }, destroy, async ({ status, remaining }, store, what) => {
      const expected = { what, status: "rolled-back", remaining: [], ...before };
      expect({ what, status, remaining, ...(await stateOf(store)) }).toEqual(expected);
    });
  });
});

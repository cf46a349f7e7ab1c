import { execFile } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import type { Store } from "../../engine/kernel/store.ts";
import { CRASH_MOMENTS, CRASH_TEMPLATES } from "../../engine/testing/crash-stack.ts";
import { generatedStacks } from "../../engine/testing/generated-stacks.ts";
import { meaningOf, recordCounts, serviceRecords } from "../../engine/testing/stack-contents.ts";
import { TEST_SCOPE } from "../../engine/testing/stack-engine.ts";
import { emptyFolder, ROOT } from "./kit/cloudstack.ts";

const folder = emptyFolder();
// Bundled once: the process starts many times.
const CRASHER = join(ROOT, "engine/.cache/stack-crasher.mjs");
const underTest = (store: Store) => generatedStacks({ store, seed: 9 });
let copies = 0;

/** A folder of its own with what another one holds. */
function copyOf(path: string): string {
  const copy = join(folder.path, `copy-${(copies += 1)}`);
  cpSync(path, copy, { recursive: true });
  return copy;
}

async function inStore<T>(path: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = sqliteStore(join(path, "store.sqlite"));
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Lets a process work until it kills itself; what it said at its end when it lived, else undefined. */
const survives = (path: string, work: string, commit: number, moment: string) =>
  new Promise<string | undefined>((resolve, reject) => {
    const args = [CRASHER, path, work, String(commit), moment];
    execFile(process.execPath, args, (problem, out, err) => {
      if (problem === null) resolve(out);
      else if (problem.signal === "SIGKILL") resolve(undefined);
      else reject(new Error(`The process ended otherwise: ${err}`));
    });
  });

async function stateOf(store: Store) {
  const details = await underTest(store).stacks.get(TEST_SCOPE, "web");
  const { cause: _cause, updatedAtMs: _updatedAtMs, ...stack } = details ?? {};
  return { records: await serviceRecords(store), stack };
}

const settle = (store: Store) =>
  underTest(store).stacks.settle({ scope: TEST_SCOPE, stack: "web", isHolderGone: true });

let base: string;
let before: Awaited<ReturnType<typeof stateOf>>;
beforeAll(async () => {
  await build({
    entryPoints: [join(ROOT, "engine/testing/stack-crasher.ts")],
    outfile: CRASHER,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  base = join(folder.path, "base");
  mkdirSync(base);
  await inStore(base, async (store) => {
    await underTest(store).deploy(CRASH_TEMPLATES.before);
    before = await stateOf(store);
  });
});
afterAll(() => folder.remove());

describe.each(CRASH_MOMENTS)("a process that is killed %s a commit", (moment) => {
  test("of a deployment leaves what settles to the state before, or after, when all of it was committed", async () => {
    const whole = copyOf(base);
    expect(await survives(whole, "after", Number.POSITIVE_INFINITY, moment)).toBe("deployed");
    const [meaning, counts] = await inStore(whole, async (store) => [
      meaningOf(await underTest(store).stacks.get(TEST_SCOPE, "web")),
      await recordCounts(store),
    ]);
    const settled: string[] = [];
    for (let commit = 1; ; commit += 1) {
      const path = copyOf(base);
      if ((await survives(path, "after", commit, moment)) !== undefined) break;
      await inStore(path, async (store) => {
        settled.push((await settle(store)).status);
        const under = underTest(store);
        if ((await under.stacks.get(TEST_SCOPE, "web"))?.serial === 2) {
          expect(meaningOf(await under.stacks.get(TEST_SCOPE, "web"))).toEqual(meaning);
          expect(await recordCounts(store)).toEqual(counts);
        } else {
          expect(await stateOf(store)).toEqual(before);
          expect((await under.deploy(CRASH_TEMPLATES.after)).cause).toBeUndefined();
        }
      });
    }
    // One commit to begin, one for each of nine steps, one for the deletions and the end.
    expect(settled.length).toBe(11);
    expect(settled.slice(1, -1)).toEqual(settled.slice(1, -1).map(() => "undone"));
    if (moment !== "during") expect(settled.at(-1)).toBe(moment === "before" ? "undone" : "clean");
  });

  test("of a deployment that fails, or of its undoing, leaves what settles to the state before", async () => {
    let commit = 1;
    for (; ; commit += 1) {
      const path = copyOf(base);
      const said = await survives(path, "failing", commit, moment);
      await inStore(path, async (store) => {
        expect(["undone", "clean"]).toContain((await settle(store)).status);
        expect(await stateOf(store)).toEqual(before);
      });
      if (said === undefined) continue;
      expect(said).toBe("rolled-back");
      break;
    }
    expect(commit).toBeGreaterThan(20);
  });

  test("of the settling leaves what is settled the next time", async () => {
    const interrupted = copyOf(base);
    expect(await survives(interrupted, "after", 8, "after")).toBe(undefined);
    let commit = 1;
    for (; ; commit += 1) {
      const path = copyOf(interrupted);
      const said = await survives(path, "settle", commit, moment);
      await inStore(path, async (store) => {
        expect(["undone", "clean"]).toContain((await settle(store)).status);
        expect(await stateOf(store)).toEqual(before);
      });
      if (said !== undefined) break;
    }
    expect(commit).toBeGreaterThan(8);
  });
});

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startingWith } from "../../engine/kernel/key.ts";
import type { Reader } from "../../engine/kernel/store.ts";
import { seededRandom } from "../../engine/platform/random.ts";
import { FORK, openForkedState, SLOTS } from "../../engine/testing/forked-state.ts";

const KILLS = 25;
const WRITER = join(import.meta.dirname, "../../engine/testing/fork-crash-writer.ts");
const random = seededRandom(20_310_101);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudstacks-forks-crash-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the writer, kills it up to `afterMs` into its work (or its start), and returns what it had acknowledged. */
async function writeAndKill(round: number): Promise<string[][]> {
  const afterMs = random.bytes(2).readUInt16BE() % 400;
  const command = ["--import", "tsx", WRITER, folder, String(round)];
  const writer = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  const said = text(writer.stdout);
  // Every fifth is killed while it starts and takes over what the one before left.
  if (round % 5 !== 4) await once(writer.stdout, "readable");
  await delay(afterMs);
  writer.kill("SIGKILL");
  expect(await once(writer, "exit")).toEqual([null, "SIGKILL"]);
  return (await said).split("\n").slice(0, -1).map((line) => line.split(" "));
}

const slotsIn = async (tx: Reader) =>
  new Map((await tx.range<string>(startingWith(["slot"]), { limit: SLOTS })).map(({ key, value }) => [key[1], value]));

test("a fork that is killed under load keeps what it wrote, and sees of its base what it began as", async () => {
  /** What each slot of each of the two holds, `gone` for nothing. */
  const known = new Map<string, string>();
  let written = 0;
  for (let round = 0; round < KILLS; round++) {
    /** What was begun and not said to be done. */
    const begun = new Map<string, string>();
    for (const [what, where, slot, value = ""] of await writeAndKill(round)) {
      const place = `${where} ${slot}`;
      if (what === "begin") begun.set(place, value);
      else {
        known.set(place, value);
        begun.delete(place);
        written += 1;
      }
    }
    const { store, fork, close } = await openForkedState(folder);
    const origin = await fork.readOrigin(slotsIn);
    expect([...origin.values()]).toEqual(Array.from({ length: SLOTS }, () => "origin"));
    for (const [where, slots] of Object.entries({ main: await store.read(slotsIn), [FORK]: await fork.read(slotsIn) }))
      for (let slot = 0; slot < SLOTS; slot++) {
        const place = `${where} ${slot}`;
        const there = slots.get(slot) ?? "gone";
        expect([known.get(place) ?? "origin", begun.get(place)]).toContain(there);
        known.set(place, there);
      }
    const log = await fork.read((tx) => tx.range<string>(startingWith(["log"]), { limit: 1_000_000 }));
    expect(new Set(log.map(({ key }) => key[1])).size).toBe(log.length);
    expect(log.every(({ value }) => value === "gone" || value.startsWith(FORK))).toBe(true);
    await close();
  }
  expect(written).toBeGreaterThan(1000);
}, 240_000);

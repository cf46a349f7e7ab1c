import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { startingWith } from "../../engine/kernel/key.ts";
import { sqliteStore } from "../../engine/kernel/sqlite.ts";
import { StoreUnavailable, type Store } from "../../engine/kernel/store.ts";

/** A disk of 2 MiB. Only root may mount one. */
const folder = mkdtempSync(join(tmpdir(), "cloudstacks-full-disk-"));
const mounting = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], { encoding: "utf8" });
const isMounted = mounting.status === 0;
if (!isMounted) {
  console.warn(`A small disk cannot be mounted (${String(mounting.stderr ?? mounting.error).trim()}): `
    + "a full disk is NOT tested. Run as root.");
}
afterAll(() => {
  if (isMounted) spawnSync("umount", [folder]);
  rmSync(folder, { recursive: true });
});

const put = (store: Store, i: number) => store.transact(async (tx) => tx.set(["n", i], { i, fill: "x".repeat(4000) }));

/** Writes, several at once, until one is refused; returns what was acknowledged, and every refusal. */
async function writeUntilRefused(store: Store, from: number) {
  const kept: number[] = [];
  const refusals: unknown[] = [];
  for (let next = from; refusals.length === 0; next += 8) {
    const batch = Array.from({ length: 8 }, (_, offset) => next + offset);
    await Promise.all(batch.map((i) => put(store, i)
      .then(() => kept.push(i), (problem: unknown) => refusals.push(problem))));
  }
  return { kept: kept.sort((a, b) => a - b), refusals };
}

const keysOf = (store: Store) => store.read(async (tx) =>
  (await tx.range(startingWith(["n"]), { limit: 9999 })).map(({ key }) => key[1] as number));

describe.skipIf(!isMounted)("on a disk that is full", () => {
  for (const durability of ["full", "relaxed"] as const) {
    test(`durability ${durability}: refuses a write, loses nothing acknowledged, goes on with space`, async () => {
      const file = join(folder, `${durability}.sqlite`);
      const ballast = join(folder, "ballast");
      const store = sqliteStore(file, { durability });
      writeFileSync(ballast, Buffer.alloc(800_000));
      const { kept, refusals } = await writeUntilRefused(store, 0);
      for (const refusal of refusals) {
        expect(refusal).toBeInstanceOf(StoreUnavailable);
        expect((refusal as Error).message).toBe(`The store ${file} cannot be used: `
          + "the disk is full; free some space, then try again. (ENOSPC)");
      }
      expect(kept.length).toBeGreaterThan(20);
      expect(await keysOf(store)).toEqual(kept);
      rmSync(ballast);
      await put(store, 1_000_000);
      expect(await keysOf(store)).toEqual([...kept, 1_000_000]);
      await store.close();
      const again = sqliteStore(file, { durability });
      expect(await keysOf(again)).toEqual([...kept, 1_000_000]);
      await again.close();
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
    });
  }
});

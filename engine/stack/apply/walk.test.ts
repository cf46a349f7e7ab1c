import { asyncProperty, assert as check, integer, nat, uniqueArray, array } from "fast-check";
import { describe, expect, test } from "vitest";
import { walk } from "./walk.ts";

/** Lets everything that is ready go on, without a clock. */
const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a walk", () => {
  test("runs each id after what it depends on, never more at a time than allowed, and ends", async () => {
    const graph = array(uniqueArray(nat(40), { maxLength: 5 }), { minLength: 1, maxLength: 40 });
    await check(
      asyncProperty(graph, integer({ min: 1, max: 6 }), async (edges, concurrency) => {
        const ids = edges.map((_, index) => String(index));
        const dependenciesOf = (id: string) =>
          (edges[Number(id)] ?? []).filter((each) => each < Number(id)).map(String);
        const done = new Set<string>();
        let inFlight = 0;
        const outcomes = await walk(ids, dependenciesOf, concurrency, async (id) => {
          inFlight += 1;
          expect(inFlight).toBeLessThanOrEqual(concurrency);
          for (const each of dependenciesOf(id)) expect(done.has(each)).toBe(true);
          await breathe();
          done.add(id);
          inFlight -= 1;
          return true;
        });
        expect([...outcomes.values()].every((outcome) => outcome === "done")).toBe(true);
        expect(done.size).toBe(ids.length);
      }),
      { numRuns: 50, seed: 21 },
    );
  });

  test("begins nothing after a failure, and lets what is in flight end", async () => {
    const begun: string[] = [];
    const outcomes = await walk(
      ["a", "b", "c", "d"],
      (id) => (id === "c" ? ["a"] : []),
      2,
      async (id) => {
        begun.push(id);
        await breathe();
        if (id === "b") await breathe();
        return id !== "a";
      },
    );
    expect(begun).toEqual(["a", "b"]);
    expect([...outcomes]).toEqual([
      ["a", "failed"],
      ["b", "done"],
      ["c", "skipped"],
      ["d", "skipped"],
    ]);
  });

  test("throws what a step throws, once everything in flight has ended", async () => {
    let ended = false;
    const walking = walk(
      ["a", "b"],
      () => [],
      2,
      async (id) => {
        if (id === "a") throw new Error("a defect");
        await breathe();
        ended = true;
        return true;
      },
    );
    await expect(walking).rejects.toThrow("a defect");
    expect(ended).toBe(true);
  });
});

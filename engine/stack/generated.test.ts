import {
  array,
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  integer,
  nat,
  option,
  record,
  uniqueArray,
  type Arbitrary,
} from "fast-check";
import { describe, expect, test } from "vitest";
import { memoryStore } from "../kernel/memory.ts";
import { contentsOf, dyingStore, stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";
import { thingsService } from "../testing/stack-things.ts";

/** A resource of a generated template; it uses resources that come before it in the alphabet, so there is no circle. */
interface Piece {
  readonly value: number;
  readonly kind: "plain" | "other";
  readonly label: string | undefined;
  readonly uses: readonly number[];
}
type Shape = readonly (Piece | undefined)[];

const piece = record({
  value: nat(3),
  kind: constantFrom("plain" as const, "other" as const),
  label: option(constantFrom("a", "b"), { nil: undefined }),
  uses: uniqueArray(nat(30), { maxLength: 4 }),
});
const shape = (size: number): Arbitrary<Shape> =>
  array(option(piece, { nil: undefined, freq: 5 }), { minLength: 1, maxLength: size });

/** Values name their resource, so that a fault can pick one. */
function templateOf(pieces: Shape): string {
  const Resources = Object.fromEntries(
    pieces.flatMap((each, index) => {
      if (!each) return [];
      const uses = each.uses.filter((used) => used < index && pieces[used] !== undefined);
      const Properties = {
        Value: `${index}:${each.value}`,
        Kind: each.kind,
        ...(each.label !== undefined && { Labels: { label: each.label } }),
        ...(uses.length > 0 && { Uses: uses.map((used) => ({ Ref: `R${used}` })) }),
      };
      return [[`R${index}`, { Type: "Thing", Properties }]];
    }),
  );
  return JSON.stringify({ Resources });
}

/** What there is, without the ids, which differ by history: references are told by the value of what they name. */
async function meaning(under: ReturnType<typeof stacksUnderTest>) {
  const { resources = [] } = (await under.stacks.get(TEST_SCOPE, "web")) ?? {};
  const nameOf = new Map(resources.map((each) => [each.id, each.logicalId]));
  return resources.map(({ logicalId, properties, live, dependencies }) => ({
    logicalId,
    properties: { ...properties, Uses: undefined },
    dependencies: [...dependencies].sort(),
    live: { ...live, Uses: (live["Uses"] as readonly string[]).map((id) => nameOf.get(id)) },
  }));
}

describe("any two templates", () => {
  test("applied one after the other equal the second from nothing, plan empty and leave nothing", async () => {
    await assert(
      asyncProperty(shape(14), shape(14), integer({ min: 1, max: 8 }), async (first, second, concurrency) => {
        const [a, b] = [templateOf(first), templateOf(second)];
        const both = stacksUnderTest();
        const fresh = stacksUnderTest();
        await both.deploy(a, { concurrency });
        expect((await both.plan(a)).plan?.isEmpty).toBe(true);
        expect((await both.deploy(b, { concurrency })).cause).toBeUndefined();
        expect((await both.plan(b)).plan?.isEmpty).toBe(true);
        await fresh.deploy(b);
        expect(await meaning(both)).toEqual(await meaning(fresh));
        await both.destroy();
        expect(await contentsOf(both.store, "things")).toEqual({});
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  test("with a failure at any step leave the first as it was", async () => {
    await assert(
      asyncProperty(shape(10), shape(10), nat(20), async (first, second, at) => {
        let countdown = Number.POSITIVE_INFINITY;
        const under = stacksUnderTest([thingsService({ shouldFail: () => countdown-- === 0 })]);
        await under.deploy(templateOf(first));
        const before = await contentsOf(under.store, "things");
        countdown = at;
        const result = await under.deploy(templateOf(second));
        if (result.status === "rolled-back") expect(await contentsOf(under.store, "things")).toEqual(before);
        else expect(result.cause).toBeUndefined();
        countdown = Number.POSITIVE_INFINITY;
        const expected = result.status === "rolled-back" ? first : second;
        expect((await under.plan(templateOf(expected))).plan?.isEmpty).toBe(true);
      }),
      { numRuns: 100, seed: 12 },
    );
  });

  test("with a crash after any transaction are settled to one or the other", async () => {
    await assert(
      asyncProperty(shape(8), shape(8), nat(12), boolean(), async (first, second, commits, isResumed) => {
        const base = memoryStore();
        await stacksUnderTest(undefined, { store: base }).deploy(templateOf(first));
        const before = await contentsOf(base, "things");
        const dying = stacksUnderTest(undefined, { store: dyingStore(base, commits), seed: 5 });
        await dying.deploy(templateOf(second)).catch((error: unknown) => error);
        const under = stacksUnderTest(undefined, { store: base, seed: 6 });
        const settled = await under.stacks.settle({
          scope: TEST_SCOPE,
          stack: "web",
          how: isResumed ? "resume" : "undo",
          isHolderGone: true,
        });
        if (settled.status === "undone") expect(await contentsOf(base, "things")).toEqual(before);
        if (settled.status === "resumed") expect((await under.plan(templateOf(second))).plan?.isEmpty).toBe(true);
        expect(["clean", "undone", "resumed"]).toContain(settled.status);
        await under.deploy(templateOf(second));
        await under.destroy();
        expect(await contentsOf(base, "things")).toEqual({});
      }),
      { numRuns: 80, seed: 13 },
    );
  });

  test("make the same plan, byte for byte, whenever they are planned", async () => {
    await assert(
      asyncProperty(shape(10), shape(10), async (first, second) => {
        const [one, two] = [stacksUnderTest(), stacksUnderTest()];
        for (const each of [one, two]) await each.deploy(templateOf(first), { concurrency: 1 });
        expect(JSON.stringify((await one.plan(templateOf(second))).plan)).toBe(
          JSON.stringify((await two.plan(templateOf(second))).plan),
        );
      }),
      { numRuns: 30, seed: 14 },
    );
  });
});

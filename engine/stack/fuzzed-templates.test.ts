import { readdirSync, readFileSync } from "node:fs";
import { array, assert, asyncProperty, constantFrom, nat, oneof, tuple, type Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { SERVICES } from "../catalog.generated.ts";
import { formatDiagnostic } from "./diagnostics/format.ts";
import { PAGES } from "./diagnostics/pages/table.ts";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";

const folder = new URL("../../templates/", import.meta.url);
const TEXTS = [
  ...readdirSync(folder)
    .filter((file) => /[.]yaml$|^shared.*[.]json$/.test(file))
    .map((file) => readFileSync(new URL(file, folder), "utf8")),
  ...Object.values(PAGES).flatMap((page) => (typeof page?.example === "object" ? [page.example.template] : [])),
];
const TOKENS = [
  ..."!Ref |!Sub |!GetAtt |!If |!Select |!FindInMap |!Join |!Length |!Cidr |!ImportValue |Fn::ForEach::L".split("|"),
  ..."${ } &{ {{resolve: }} [ ] { } : , ~ null *x &x <<: 1e400 0x1F Type Properties Stack é __proto__".split(" "),
  "- ",
  "\n",
  "  ",
  "---\n",
  "--- # template: x\n",
  "\u0000",
  "\ud800",
  "constructor",
  "AWS::NoValue",
];

/** A change of a text at a place: some of it goes, something else comes. */
type Edit = readonly [at: number, removed: number, added: string];
const edit: Arbitrary<Edit> = tuple(nat(5000), oneof(nat(3), nat(200)), constantFrom("", ...TOKENS));

const edited = (text: string, edits: readonly Edit[]): string =>
  edits.reduce((now, [at, removed, added]) => {
    const place = at % (now.length + 1);
    return now.slice(0, place) + added + now.slice(place + removed);
  }, text);

describe("any text", () => {
  test("is answered with diagnostics that have a place in it, never with an exception", async () => {
    const { stacks } = stacksUnderTest(SERVICES);
    await assert(
      asyncProperty(nat(TEXTS.length - 1), array(edit, { minLength: 1, maxLength: 6 }), async (which, edits) => {
        const text = edited(TEXTS[which] ?? "", edits);
        const source = { file: "web.yaml", text };
        const checked = await stacks.validate(source, { scope: TEST_SCOPE });
        const { plan, diagnostics } = await stacks.plan({ scope: TEST_SCOPE, stack: "web", source });
        expect(plan === undefined).toBe(diagnostics.some((each) => each.severity === "error"));
        for (const each of [...checked, ...diagnostics]) {
          expect(formatDiagnostic(each, text)).toContain(each.code);
          expect(each.range?.line ?? 1).toBeGreaterThan(0);
          expect(each.range?.column ?? 1).toBeGreaterThan(0);
        }
      }),
      { numRuns: 400, seed: 21 },
    );
  });
});

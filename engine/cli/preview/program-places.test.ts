import { expect, test } from "vitest";
import { placesSeenFrom } from "./program-places.ts";

test("places in programs are told from where the command runs, and nothing else changes", () => {
  const range = { line: 3, column: 1, endLine: 3, endColumn: 2 };
  expect(
    placesSeenFrom("shop", {
      file: "shop/cloudstack.out/web.json",
      changes: [{ range: { ...range, program: "app.ts" }, properties: { program: "app.ts", file: "app.ts" } }],
      findings: [{ file: "app.ts", range: { ...range, program: "app.ts" } }],
    }),
  ).toEqual({
    file: "shop/cloudstack.out/web.json",
    changes: [{ range: { ...range, program: "shop/app.ts" }, properties: { program: "app.ts", file: "app.ts" } }],
    findings: [{ file: "shop/app.ts", range: { ...range, program: "shop/app.ts" } }],
  });
});

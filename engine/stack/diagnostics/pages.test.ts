import { describe, expect, test } from "vitest";
import { printedBy } from "../../generate/run-example.ts";
import { CODES, type DiagnosticCode } from "./codes.ts";
import type { TemplateExample } from "./pages/page.ts";
import { PAGES } from "./pages/table.ts";

const codes = Object.keys(CODES) as DiagnosticCode[];
const examples = Object.entries(PAGES).flatMap(([code, page]) =>
  page && typeof page.example !== "string" ? [[code as DiagnosticCode, page.example] as const] : [],
);

describe("the manual of the diagnostics", () => {
  test("has a page for every code, and for nothing else", () => {
    expect(Object.keys(PAGES).sort()).toEqual([...codes].sort());
  });

  test.each(examples)("%s is what its example yields", async (code, example: TemplateExample) => {
    await expect(await printedBy(example, code)).toMatchFileSnapshot(`./golden/${code}.txt`);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampled } from "../../../testing/property-runs.ts";
import { reportArbitrary } from "../../../testing/report-arbitrary.ts";
import { planReport } from "../../../testing/sample-reports.ts";
import { ACTIONS, type ResourceChange } from "../../../stack/plan/plan.ts";
import { COMMENT_LIMITS } from "../comment-limits.ts";
import { markerIn, markerOf } from "../marker.ts";
import type { Report } from "../report.ts";
import { code, prose } from "./escape.ts";
import { markdownOf } from "./markdown.ts";

const GITHUB_MAX = COMMENT_LIMITS.github;

const created = (logicalId: string): ResourceChange => ({
  logicalId,
  type: "Queue",
  action: "create",
  name: `${logicalId}-of-a-long-name`,
  reasons: ["new in the template"],
  properties: [],
  dependencies: [],
});

/** A plan that creates so many queues. */
function reportOf(count: number): Report {
  const changes = Array.from({ length: count }, (_, index) => created(`Queue${index}`));
  const counts = Object.fromEntries(ACTIONS.map((action) => [action, 0])) as Record<(typeof ACTIONS)[number], number>;
  const plan = { kind: "deploy", file: "web.yaml", changes, outputs: [], drift: [], isEmpty: false } as const;
  const stack = { stack: "web", diagnostics: [], plan: { ...plan, summary: { ...counts, create: count } } };
  return { version: 1, kind: "plan", subject: "web", stacks: [stack], details: "cloudstack plan web.yaml" };
}

/** The document without fenced code, line by line. */
function linesOutsideFences(markdown: string): string[] {
  let fence: string | undefined;
  const lines = markdown.split("\n").filter((line) => {
    const mark = /^(`{3,})[^`]*$/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && line === fence) fence = undefined;
    else return fence === undefined;
    return false;
  });
  if (fence !== undefined) throw new Error("a fence is not closed");
  return lines;
}

/** Cells as GitHub counts them: a bar ends one unless a backslash stands before it. */
const cellsIn = (row: string) => row.split(/(?<!\\)\|/).length;

function brokenTables(markdown: string): string[] {
  const lines = linesOutsideFences(markdown);
  return lines.filter((line, index) => {
    const above = lines[index - 1] ?? "";
    return line.startsWith("|") && above.startsWith("|") && cellsIn(line) !== cellsIn(above);
  });
}

const countOf = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

describe("a comment in Markdown", () => {
  test("has a marker that is the same from run to run, and another for another subject", async () => {
    const report = await planReport();
    const marker = "<!-- cloudstacks:plan:web -->";
    expect(markdownOf(report).split("\n")[0]).toBe(marker);
    expect(markerOf({ ...report, subject: "shop -- a>b" })).toBe("<!-- cloudstacks:plan:shop%20-%2D%20a%3Eb -->");
    expect(markerIn(markdownOf(report))).toBe(marker);
    expect(markerIn("a comment of somebody else")).toBe(undefined);
  });

  test("that would be too long says what is left out, there and at its end, and where all of it is", () => {
    const markdown = markdownOf(reportOf(2000));
    expect(markdown.length).toBeLessThanOrEqual(GITHUB_MAX);
    expect(markdown.length).toBeGreaterThan(GITHUB_MAX - 1000);
    const [, missing] = /_(\d+) more resources left out here\._/.exec(markdown) ?? [];
    expect(countOf(markdown, /^\| \+ \|/gm) + Number(missing)).toBe(2000);
    expect(markdown.trimEnd().split("\n").at(-1)).toBe(
      `A comment holds 65,536 characters, so this one lacks ${missing} resources. ` +
        "All of it: `cloudstack plan web.yaml`",
    );
    expect(markdownOf(reportOf(2000), { charactersMax: COMMENT_LIMITS.gitlab })).not.toContain("left out");
  });

  test("keeps what is more important: problems before resources, resources before drawings", async () => {
    const report = await planReport();
    const [stack] = report.stacks;
    if (!stack) throw new Error("the sample has a stack");
    const failing = { ...stack, result: { status: "kept", cause: { code: "Denied", message: "no" } } } as const;
    const short = markdownOf({ ...report, stacks: [failing] }, { charactersMax: 2600 });
    expect(short).toContain("- **error** Denied: no");
    expect(short).toContain("| `Net` |");
    expect(short).not.toContain("mermaid");
    expect(short).toContain("1 drawing");
  });

  test("shows names and values of others as they are", () => {
    expect(code("a`b")).toBe("``a`b``");
    expect(code("`")).toBe("`` ` ``");
    expect(code("two\nlines\u202e")).toBe("`two\\nlines\\u202e`");
    expect(prose("<b> & *x* | [a](b) @team #7 it_is")).toBe(
      "&lt;b> &amp; \\*x\\* &#124; \\[a\\](b) @<!-- -->team #<!-- -->7 it\\_is",
    );
  });

  test("is never longer than a comment, and breaks no table, fence or fold, whatever names there are", () => {
    fc.assert(
      fc.property(reportArbitrary, fc.constantFrom(2500, 6000, GITHUB_MAX), (report, charactersMax) => {
        const markdown = markdownOf(report, { charactersMax });
        expect(markdown.length).toBeLessThanOrEqual(charactersMax);
        expect(brokenTables(markdown)).toEqual([]);
        const outside = linesOutsideFences(markdown).join("\n");
        expect(countOf(outside, /^<details>/gm)).toBe(countOf(outside, /^<\/details>/gm));
        // Within code everything is shown as it is.
        const markup = outside.replace(/\\[^]|(?<!`)(`+)(?!`)[^]*?(?<!`)\1(?!`)/g, " ");
        expect(markup.replace(/<(br|\/?details|\/?summary|!--[^>]*--)>/g, "")).not.toContain("<");
        expect(markup).not.toMatch(/@(?=\w)/);
      }),
      sampled(150, 5),
    );
  });
});

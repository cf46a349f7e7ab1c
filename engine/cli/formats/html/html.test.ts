import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml } from "../../../protocols/aws/xml/xml-reader.ts";
import { sampled } from "../../../testing/property-runs.ts";
import { reportArbitrary } from "../../../testing/report-arbitrary.ts";
import { failedReport, planReport, previewReport } from "../../../testing/sample-reports.ts";
import { htmlOf } from "./html.ts";
import { NODES_MAX } from "./graph-svg.ts";

const bodyOf = (page: string) => page.slice(page.indexOf("<body>"));

describe("a page", () => {
  test("needs nothing from anywhere, and says so to the browser", async () => {
    const page = htmlOf(await previewReport());
    expect(page).toContain(`content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;"`);
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(/https?:|<script|<link|src="|url\(/);
    expect(page).toContain("prefers-color-scheme: dark");
  });

  test("draws the graph, from what comes first, each resource a link to its row", async () => {
    const body = bodyOf(htmlOf(await planReport()));
    expect(body).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
    expect(body).toContain('<a href="#s0-1" aria-label="Front (Subnet): replace">');
    expect(body).toContain('<tr id="s0-1"><td><span class="action replace">± replace</span></td>');
    expect(body).toContain("<title>Steady (Volume): unchanged</title>");
  });

  test("says first what failed, where, and that it is as it was", async () => {
    const body = bodyOf(htmlOf(await failedReport()));
    expect(body).toContain('<li class="bad">failed and rolled back: it is as it was</li>');
    expect(body).toContain("<strong>error</strong> <code>New</code>: SubnetOverlaps: 10.42.2.0/25 overlaps");
    expect(body).toContain('<code class="place">web.yaml:14</code>');
  });

  test("does not draw what nobody could read", async () => {
    const report = await planReport();
    const [stack] = report.stacks;
    const change = stack?.plan?.changes[0];
    if (!stack?.plan || !change) throw new Error("the sample has changes");
    const changes = Array.from({ length: NODES_MAX + 1 }, (_, index) => ({ ...change, logicalId: `Net${index}` }));
    const body = bodyOf(htmlOf({ ...report, stacks: [{ ...stack, plan: { ...stack.plan, changes } }] }));
    expect(body).not.toContain("<svg");
    expect(body).toContain("301 resources are too many for a drawing.");
  });

  test("is well-formed and runs nothing, whatever names there are", () => {
    fc.assert(
      fc.property(reportArbitrary, (report) => {
        const page = htmlOf(report).replace("<!doctype html>\n", "");
        expect(readXml(page).name).toBe("html");
        expect(page).not.toContain("<script");
      }),
      sampled(150, 6),
    );
  });
});

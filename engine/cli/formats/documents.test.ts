import { describe, expect, test } from "vitest";
import { deployReport, driftReport, failedReport, planReport, previewReport } from "../../testing/sample-reports.ts";
import { DOCUMENT_FORMATS, type DocumentFormat } from "./format-names.ts";
import { render } from "./render.ts";
import type { Report } from "./report.ts";

/** What is written stands in `golden/`; `npx vitest run --project unit engine/cli/formats -u` renews it. */
const ENDINGS: Readonly<Record<DocumentFormat, string>> = {
  markdown: "md",
  sarif: "sarif",
  junit: "xml",
  html: "html",
  mermaid: "mmd",
  dot: "dot",
};

/** A plan has every action: create, update, replace, delete, keep, import, rename; drift, outputs and a secret. */
const SAMPLES: Readonly<Record<string, () => Promise<Report>>> = {
  plan: planReport,
  drift: driftReport,
  deploy: deployReport,
  "deploy-failed": failedReport,
  preview: previewReport,
};

for (const [name, sample] of Object.entries(SAMPLES)) {
  describe(`a report of a ${name}`, () => {
    for (const format of DOCUMENT_FORMATS) {
      test(`is written as ${format}, without its secret`, async () => {
        const document = render(format, await sample());
        expect(document).not.toContain("hush");
        await expect(document).toMatchFileSnapshot(`./golden/${name}.${ENDINGS[format]}`);
      });
    }
  });
}

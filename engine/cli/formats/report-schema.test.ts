import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networks } from "../../services/networks/service.ts";
import { sampled } from "../../testing/property-runs.ts";
import { reportArbitrary } from "../../testing/report-arbitrary.ts";
import { deployReport, driftReport, failedReport, planReport, previewReport } from "../../testing/sample-reports.ts";
import { stacksUnderTest } from "../../testing/stack-engine.ts";
import { reportSchema, resultSchema } from "./report-schema.ts";

const ajv = new Ajv({ allErrors: true, strict: false });
const acceptsReport = ajv.compile(reportSchema);
const acceptsResult = ajv.compile(resultSchema);
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("the published schema", () => {
  test("of a report accepts every sample, and any other", async () => {
    for (const sample of [planReport, driftReport, deployReport, failedReport, previewReport]) {
      acceptsReport(asJson(await sample()));
      expect(acceptsReport.errors).toBe(null);
    }
    fc.assert(
      fc.property(reportArbitrary, (report) => {
        acceptsReport(asJson(report));
        expect(acceptsReport.errors).toBe(null);
      }),
      sampled(50, 11),
    );
  });

  test("of a report refuses what it does not know", async () => {
    expect(acceptsReport({ ...(await planReport()), surprise: true })).toBe(false);
    expect(acceptsReport({ ...(await planReport()), version: 2 })).toBe(false);
  });

  test("of a result accepts how deployments end", async () => {
    const stack = stacksUnderTest([networks]);
    const good = "Resources: {Net: {Type: VPC, Properties: {CIDRBlock: 10.0.0.0/16}}}";
    const results = [
      await stack.deploy(good),
      await stack.deploy(good),
      await stack.deploy("Resources: {One: {Type: Nothing}}"),
      await stack.destroy(),
    ];
    expect(results.map(({ status }) => status)).toEqual(["deployed", "unchanged", "refused", "deployed"]);
    for (const result of results) {
      acceptsResult(asJson({ version: 1, ...result }));
      expect(acceptsResult.errors).toBe(null);
    }
  });
});

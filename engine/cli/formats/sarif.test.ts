import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampled } from "../../testing/property-runs.ts";
import { reportArbitrary } from "../../testing/report-arbitrary.ts";
import { driftReport, failedReport, planReport, previewReport } from "../../testing/sample-reports.ts";
import { SARIF_SCHEMA } from "../../testing/sarif-schema.ts";
import type { Report } from "./report.ts";
import { sarifOf } from "./sarif.ts";


interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions?: readonly { readonly justification: string }[];
}
interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly Result[];
  }[];
}

const runOf = (report: Report) => {
  const [run] = (JSON.parse(sarifOf(report)) as Log).runs;
  if (!run) throw new Error("a log has a run");
  return run;
};
const told = (report: Report) => runOf(report).results.map(({ ruleId, level }) => `${ruleId} ${level}`);
const validate = new Ajv({ strict: false }).compile(SARIF_SCHEMA);

describe("a report as SARIF", () => {
  test("names what a plan replaces and deletes, and what was changed elsewhere", async () => {
    expect(told(await planReport())).toEqual(["replacement note", "deletion note", "drift warning", "drift warning"]);
    expect(told(await driftReport())).toEqual(["drift warning", "drift warning"]);
  });

  test("puts a failure on its line in the user's file", async () => {
    const [failure] = runOf(await failedReport()).results;
    expect(failure).toMatchObject({
      ruleId: "apply-failure",
      level: "error",
      message: { text: "SubnetOverlaps: 10.42.2.0/25 overlaps subnet-0b8de8400510b9d9d (10.42.2.0/24)." },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "web.yaml" },
            region: { startLine: 14, startColumn: 3, endLine: 14, endColumn: 6 },
          },
          logicalLocations: [{ fullyQualifiedName: "web/New", kind: "resource", properties: { type: "Subnet" } }],
        },
      ],
    });
  });

  test("has findings under their own rules; a waived one is suppressed, with the reason", async () => {
    const { tool, results } = runOf(await previewReport());
    const waived = results.find(({ ruleId }) => ruleId === "encryption");
    expect(waived?.suppressions).toEqual([
      { kind: "external", status: "accepted", justification: "holds nothing but caches" },
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test("keeps the fingerprint of a finding whose line moves", async () => {
    const report = await failedReport();
    const moved = JSON.parse(JSON.stringify(report).replaceAll('"line":14', '"line":99')) as Report;
    const fingerprints = (each: Report) => runOf(each).results.map(({ partialFingerprints }) => partialFingerprints);
    expect(fingerprints(moved)).toEqual(fingerprints(report));
  });

  test("writes paths as addresses", async () => {
    const report = await failedReport();
    const elsewhere = JSON.parse(JSON.stringify(report).replaceAll("web.yaml", "./stacks/a b#1.yaml")) as Report;
    expect(sarifOf(elsewhere)).toContain('"uri": "stacks/a%20b%231.yaml"');
  });

  test("is valid, whatever names there are", () => {
    fc.assert(
      fc.property(reportArbitrary, (report) => {
        validate(JSON.parse(sarifOf(report)));
        expect(validate.errors).toBe(null);
      }),
      sampled(100, 8),
    );
  });
});

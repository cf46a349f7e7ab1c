import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml, type XmlElement } from "../../protocols/aws/xml/xml-reader.ts";
import { sampled } from "../../testing/property-runs.ts";
import { reportArbitrary } from "../../testing/report-arbitrary.ts";
import { driftReport, failedReport, planReport, previewReport } from "../../testing/sample-reports.ts";
import { junitOf } from "./junit.ts";

const casesOf = (xml: string): XmlElement[] => readXml(xml).children.flatMap(({ children }) => children);
const nameOf = ({ attributes }: XmlElement) => attributes?.["name"] ?? "";
const within = (element: XmlElement, name: string) => element.children.find((child) => child.name === name);
const failedIn = (xml: string) => casesOf(xml).flatMap((each) => (within(each, "failure") ? [nameOf(each)] : []));
const skippedIn = (xml: string) =>
  casesOf(xml).flatMap((each) => {
    const skipped = within(each, "skipped");
    return skipped ? [`${nameOf(each)}: ${skipped.attributes?.["message"]}`] : [];
  });

describe("a report as JUnit", () => {
  test("has a case for each resource, and one for the stack; a plan fails nothing", async () => {
    const xml = junitOf(await planReport());
    const names = ["web", "Net", "Front", "Back", "Storage", "Spare", "Archive", "New", "Log", "Old", "Steady"];
    expect(casesOf(xml).map(nameOf)).toEqual(names);
    expect(failedIn(xml)).toEqual([]);
  });

  test("fails the resource that could not be deployed, and skips what was undone or not reached", async () => {
    const xml = junitOf(await failedReport());
    expect(failedIn(xml)).toEqual(["New"]);
    const failure = casesOf(xml).map((each) => within(each, "failure")?.text).find(Boolean);
    expect(failure).toMatch(/^SubnetOverlaps: .*\nweb.yaml:14$/);
    expect(skippedIn(xml)).toContain("Net: done, and undone");
    expect(skippedIn(xml)).toContain("Old: not reached");
    expect(readXml(xml).attributes).toMatchObject({ tests: "11", failures: "1", skipped: "7" });
  });

  test("fails what has drifted", async () => {
    expect(failedIn(junitOf(await driftReport()))).toEqual(["Back", "Net"]);
  });

  test("fails findings that are errors, skips those that are waived, and a stack that waits", async () => {
    const xml = junitOf(await previewReport());
    expect(failedIn(xml)).toEqual(["Front"]);
    expect(skippedIn(xml)).toEqual([
      "jobs: is planned once web is deployed",
      "Spare: waived until 2031-01-31: holds nothing but caches",
    ]);
  });

  test("is well-formed, and counts what it has, whatever names there are", () => {
    fc.assert(
      fc.property(reportArbitrary, (report) => {
        const xml = junitOf(report);
        expect(String(casesOf(xml).length)).toBe(readXml(xml).attributes?.["tests"]);
      }),
      sampled(100, 7),
    );
  });
});

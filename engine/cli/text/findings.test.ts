import picocolors from "picocolors";
import { expect, test } from "vitest";
import type { Finding } from "../../stack/policy/finding.ts";
import { findingLines, findingsSummary } from "./findings.ts";

const range = { line: 5, column: 7, endLine: 5, endColumn: 20 };
const findings: readonly Finding[] = [
  { rule: "untagged", severity: "note", resource: "Jobs", message: "the Queue has no tags" },
  {
    rule: "public-access",
    severity: "error",
    resource: "Site",
    file: "web.yaml",
    range,
    message: "the bucket lets anyone read its objects",
    hint: "leave AccessControl out: Private",
  },
  {
    rule: "unversioned",
    severity: "warning",
    resource: "Cache",
    message: "the bucket keeps no earlier versions of its objects",
    hint: "set Versioning: true",
    waived: { reason: "a cache", expires: "2027-01-31" },
  },
];

test("findings stand gravest first, with the place, the cure and what is waived", () => {
  expect(findingsSummary(findings)).toBe("1 error, 1 note, 1 waived");
  expect(findingLines(findings, picocolors.createColors(false), 120)).toEqual([
    "  error   public-access  Site   web.yaml:5",
    "    └ the bucket lets anyone read its objects; leave AccessControl out: Private",
    "  note    untagged       Jobs",
    "    └ the Queue has no tags",
    "  waived  unversioned    Cache",
    "    └ the bucket keeps no earlier versions of its objects; let be until 2027-01-31: a cache",
  ]);
  expect(findingsSummary([])).toBe("nothing found");
});

import picocolors from "picocolors";
import { expect, test } from "vitest";
import type { CostReport } from "../../stack/cost/report.ts";
import { costReportText } from "./cost.ts";

const colors = picocolors.createColors(false);
const unknown = { items: [], unknown: [{ what: "storage", why: "its usage is not told: storageGb" }] };
const report: CostReport = {
  version: 1,
  currency: "USD",
  pricesAsOf: "2026-11-21",
  resources: [
    {
      stack: "web",
      resource: "Jobs",
      type: "Queue",
      action: "update",
      before: { amount: 0.4, items: [], unknown: [] },
      after: {
        amount: 4,
        items: [{ what: "requests, standard", quantity: 10, unit: "million requests", price: 0.4, amount: 4 }],
        unknown: [],
      },
    },
    { stack: "web", resource: "Files", type: "Bucket", action: "create", after: unknown },
  ],
  before: { amount: 0.4, unknown: 0 },
  after: { amount: 4, unknown: 1 },
};

test("a cost is shown as a sum, and each resource with what its figure is made of", () => {
  expect(costReportText("web", report, colors, 80).split("\n")).toEqual([
    "web  0.40 -> 4.00 USD a month (+3.60; Files has no full price)",
    "prices of 2026-11-21, without free tiers and taxes",
    "",
    "  ~ Queue   Jobs   0.40 -> 4.00",
    "      requests, standard  4.00  10 x 0.4 per million requests",
    "  + Bucket  Files  - -> unknown",
    "      storage  unknown  its usage is not told: storageGb",
  ]);
});

test("a sum of nothing but what is unknown is unknown", () => {
  const [, files] = report.resources;
  const totals = { before: { amount: 0, unknown: 0 }, after: { amount: 0, unknown: 1 } };
  const alone = { ...report, ...totals, resources: files ? [files] : [] };
  expect(costReportText("web", alone, colors, 120)).toContain(
    "web  0.00 -> unknown USD a month (Files has no full price)",
  );
});

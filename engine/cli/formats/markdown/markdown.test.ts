import { describe, expect, test } from "vitest";
import { deployReport, driftReport, failedReport, planReport } from "../../../testing/sample-reports.ts";
import { markdownOf } from "./markdown.ts";

/** What is written stands in `../golden/`; `npx vitest run --project unit engine/cli/formats -u` renews it. */
const golden = (name: string) => `../golden/${name}.md`;

describe("a report as Markdown", () => {
  test("of a plan shows every action, folds the values, and tells of drift", async () => {
    await expect(markdownOf(await planReport())).toMatchFileSnapshot(golden("plan"));
  });

  test("of a drift shows what was changed and deleted elsewhere", async () => {
    await expect(markdownOf(await driftReport())).toMatchFileSnapshot(golden("drift"));
  });

  test("of a deployment shows how each step ended, and the outputs", async () => {
    await expect(markdownOf(await deployReport())).toMatchFileSnapshot(golden("deploy"));
  });

  test("of a failure begins with what failed and where it is declared", async () => {
    await expect(markdownOf(await failedReport())).toMatchFileSnapshot(golden("deploy-failed"));
  });
});

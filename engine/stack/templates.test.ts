import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../catalog.generated.ts";
import { awsResourceTypes } from "../clouds/aws/binding.ts";
import { withNestedFiles } from "../apps/nested-files.ts";
import { stacksUnderTest, TEST_SCOPE } from "../testing/stack-engine.ts";

const types = awsResourceTypes(AWS_SERVICES);
const folder = new URL("../../templates/", import.meta.url);
const read = (file: string) => {
  const place = fileURLToPath(new URL(file, folder));
  return withNestedFiles(place, readFileSync(place, "utf8"));
};

describe("an example template", () => {
  test.each(readdirSync(folder).filter((file) => /[.]yaml$|shared-network[.]json$/.test(file)))(
    "%s deploys as it is, plans empty, and destroys to nothing",
    async (file) => {
      const { deploy, destroy, plan, stacks } = stacksUnderTest(SERVICES, { types });
      if (file === "on-shared-network.yaml") await deploy(read("shared-network.json"), { stack: "shared" });
      expect(await deploy(read(file))).toMatchObject({ status: "deployed", diagnostics: [] });
      expect((await plan(read(file))).plan?.isEmpty).toBe(true);
      expect(await destroy()).toMatchObject({ status: "deployed" });
      expect((await stacks.list(TEST_SCOPE)).map((each) => each.name)).toEqual(
        file === "on-shared-network.yaml" ? ["shared"] : [],
      );
    },
  );

  test("web.yaml grows in place from dev to prod, and an edit of its network replaces what stands in it", async () => {
    const { deploy, planText } = stacksUnderTest(SERVICES, { types });
    const web = read("web.yaml");
    await deploy(web);
    expect(
      (await planText(web, { Stage: "prod" }))
        .split("\n")
        .map((line) => line.replace(/ {2}\(.*/, ""))
        .filter((line) => !line.startsWith("      ")),
    ).toEqual([
      "web  10 resources: 1 to create, 5 to update, 4 unchanged",
      "  ~ VPC Net",
      "  ~ Volume Disk",
      "  ~ Instance Web",
      "  + Snapshot Baseline",
      "  ~ Bucket Assets",
      "  ~ Table Orders",
    ]);
    expect(await deploy(web, { parameters: { Stage: "prod" } })).toMatchObject({ status: "deployed", serial: 2 });
    const moved = web.replace("10.42.0.0/16", "10.43.0.0/16");
    const lines = (await planText(moved, { Stage: "prod" })).split("\n");
    expect(lines[0]).toBe("web  10 resources: 4 to replace, 6 unchanged");
    expect(lines).toContain('      CIDRBlock  "10.42.0.0/24" -> "10.43.0.0/24"  forces replacement');
    expect(await deploy(moved, { parameters: { Stage: "prod" } })).toMatchObject({ status: "deployed", serial: 3 });
    expect(await planText(moved, { Stage: "prod" })).toBe("web  10 resources: 10 unchanged");
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { awsTypes } from "../terraform/page.ts";
import { isTerraformMissing } from "./kit/terraform.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/coverage/terraform-aws.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| `aws_"));
const named = (withSteps: number): string[] =>
  rows
    .filter((row) => row.split(" | ").length === withSteps + 1)
    .map((row) => row.split("`")[1] as string)
    .sort();

describe.skipIf(isTerraformMissing)("the page of Terraform's AWS provider", () => {
  test("names every resource and data source that the provider has for the four services, and no other", async () => {
    const { resources, dataSources } = await awsTypes();
    expect({ resources: named(7), dataSources: named(4) }).toEqual({ resources, dataSources });
  });

  test("has a case for each of them", () => {
    expect(rows.filter((row) => row.includes("no case"))).toEqual([]);
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { environmentOf, isTerraformMissing, terraformIn } from "./kit/terraform.ts";

const resources = readFileSync(join(import.meta.dirname, "terraform/dynamodb.tf"), "utf8");

describe.skipIf(isTerraformMissing)("Terraform's AWS provider manages tables", () => {
  test("apply, empty plan, change, apply, empty plan, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), resources);
    onTestFinished(() => terraform.remove());
    const client = new DynamoDBClient(cloud.aws());
    const Key = { customer: { S: "ada" }, placed_at: { N: "1700000000" } };
    for (const [stage, status] of [
      ["first", "new"],
      ["second", "sent"],
    ] as const) {
      await terraform.settle(stage);
      const { Item } = await client.send(new GetItemCommand({ TableName: "orders", Key }));
      expect(Item?.["status"]).toEqual({ S: status });
    }
    await terraform.run("destroy", "second", "-auto-approve");
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
    client.destroy();
  });
});

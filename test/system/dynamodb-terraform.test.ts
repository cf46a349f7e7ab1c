import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, ListTablesCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, onTestFinished, test } from "vitest";
import { startCloud } from "../../engine/testing/cloud.ts";
import { isTerraformMissing, terraformIn } from "./kit/terraform.ts";
import { environmentOf } from "./kit/terraform-folder.ts";

const written = (file: string): string => readFileSync(join(import.meta.dirname, "terraform", file), "utf8");
const resources = written("dynamodb.tf");

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

  test("what stands around a table: apply, empty plan, change, apply, empty plan, import, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), written("dynamodb-around.tf"));
    onTestFinished(() => terraform.remove());
    for (const stage of ["first", "second"]) await terraform.settle(stage);
    for (const [address, id] of [
      ["aws_dynamodb_table.main", "main"],
      ["aws_dynamodb_contributor_insights.main", "name:main/index:/111111111111"],
      ["aws_dynamodb_global_table.older", "older"],
    ] as const) {
      await terraform.run(`state rm ${address}`);
      await terraform.run("import", "second", address, id);
    }
    await terraform.run("plan", "second", "-detailed-exitcode");
    await terraform.run("destroy", "second", "-auto-approve");
    for (const region of ["us-east-1", "eu-west-1", "us-west-2"]) {
      const client = new DynamoDBClient(cloud.aws("111111111111", region));
      expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
      client.destroy();
    }
  });

  test("a table is restored in another region: apply, empty plan, destroy", async () => {
    const cloud = await startCloud();
    onTestFinished(() => cloud.stop());
    const terraform = await terraformIn(environmentOf(cloud.endpoint), written("dynamodb-restored.tf"));
    onTestFinished(() => terraform.remove());
    await terraform.settle("first");
    const away = new DynamoDBClient(cloud.aws("111111111111", "eu-west-1"));
    expect((await away.send(new ScanCommand({ TableName: "restored" }))).Items).toEqual([{ id: { S: "ada" } }]);
    away.destroy();
    await terraform.run("destroy", "first", "-auto-approve");
  });
});

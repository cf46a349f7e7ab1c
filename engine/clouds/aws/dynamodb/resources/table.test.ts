import { describe, expect, test } from "vitest";
import { tables } from "../../../../services/tables/service.ts";
import { awsStacksUnderTest, templateOf } from "../../../../testing/aws-stacks.ts";
import { TEST_SCOPE } from "../../../../testing/stack-engine.ts";

const TYPE = "AWS::DynamoDB::Table";
const BASE = {
  TableName: "orders",
  AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
};

describe("AWS::DynamoDB::Table", () => {
  test("is the table that clients see, and keeps its items through an update", async () => {
    const { deploy, calls, stacks } = awsStacksUnderTest();
    expect((await deploy(templateOf(TYPE, BASE))).status).toBe("deployed");
    await calls.call(tables, "putItem", { table: "orders", item: { id: { S: "1" } } }, TEST_SCOPE);
    await deploy(templateOf(TYPE, { ...BASE, StreamSpecification: { StreamViewType: "NEW_IMAGE" } }));
    const found = await calls.call(tables, "getItem", { table: "orders", key: { id: { S: "1" } } }, TEST_SCOPE);
    expect(found.item).toEqual({ id: { S: "1" } });
    expect((await stacks.get(TEST_SCOPE, "web"))?.resources[0]?.attributes).toMatchObject({
      TableName: "orders",
      Arn: "arn:aws:dynamodb:us-east-1:111111111111:table/orders",
      StreamArn: expect.stringContaining(":table/orders/stream/"),
    });
  });

  test("has another stream when its stream changes, which what uses it learns in the same deployment", async () => {
    const { deploy, plan } = awsStacksUnderTest();
    const withStream = (view: string) =>
      JSON.stringify({
        Resources: {
          Orders: { Type: TYPE, Properties: { ...BASE, StreamSpecification: { StreamViewType: view } } },
          Reader: { Type: "Queue", Properties: { Labels: { stream: { "Fn::GetAtt": ["Orders", "StreamArn"] } } } },
        },
      });
    expect((await deploy(withStream("NEW_IMAGE"))).status).toBe("deployed");
    const { plan: made } = await plan(withStream("OLD_IMAGE"));
    expect(made?.changes).toMatchObject([
      { logicalId: "Orders", action: "update" },
      {
        logicalId: "Reader",
        action: "update",
        properties: [{ path: "Labels.stream", new: { knownAfterApply: "Orders.StreamArn" } }],
      },
    ]);
    expect(await deploy(withStream("OLD_IMAGE"))).toMatchObject({ status: "deployed" });
    expect((await plan(withStream("OLD_IMAGE"))).plan?.isEmpty).toBe(true);
  });

  test("has the limits of its last template, and those of its indexes", async () => {
    const { deploy, plan, calls } = awsStacksUnderTest();
    const withLimits = (own: object | undefined, ofIndex: object | undefined) =>
      templateOf(TYPE, {
        ...BASE,
        ...(own && { OnDemandThroughput: own }),
        GlobalSecondaryIndexes: [
          {
            IndexName: "by-id",
            KeySchema: BASE.KeySchema,
            Projection: { ProjectionType: "ALL" },
            ...(ofIndex && { OnDemandThroughput: ofIndex }),
          },
        ],
      });
    const limits = async () => {
      const { table } = await calls.call(tables, "describeTable", { table: "orders" }, TEST_SCOPE);
      return [table.onDemandLimits, table.indexes[0]?.onDemandLimits];
    };
    const both = { MaxReadRequestUnits: 10, MaxWriteRequestUnits: 5 };
    await deploy(withLimits(both, both));
    expect(await limits()).toEqual([
      { readUnitsMax: 10, writeUnitsMax: 5 },
      { readUnitsMax: 10, writeUnitsMax: 5 },
    ]);
    const less = withLimits({ MaxReadRequestUnits: 20 }, undefined);
    expect((await deploy(less)).status).toBe("deployed");
    expect(await limits()).toEqual([{ readUnitsMax: 20 }, undefined]);
    expect((await plan(less)).plan?.isEmpty).toBe(true);
  });

  test("with another key is another table, which its name stands in the way of", async () => {
    const { deploy, planText } = awsStacksUnderTest();
    await deploy(templateOf(TYPE, BASE));
    const other = {
      AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "other", KeyType: "HASH" }],
    };
    const text = await planText(templateOf(TYPE, { ...BASE, ...other }));
    expect(text).toContain("CS2001");
    expect(text).toContain('It must be replaced but keeps its TableName "orders", which must be unique');
  });

  test("is refused as DynamoDB refuses it", async () => {
    const { deploy } = awsStacksUnderTest();
    const { BillingMode: _, ...provisioned } = BASE;
    const { cause } = await deploy(templateOf(TYPE, provisioned));
    expect(cause).toMatchObject({ logicalId: "It", message: expect.stringMatching(/throughput|units/i) });
  });
});

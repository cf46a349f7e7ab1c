import { UpdateTableCommand, type UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INDEXED_BY_KIND, refusal, startTables, type TestTables } from "../../../testing/dynamodb-tables.ts";

const INVALID = "One or more parameter values were invalid: ";
let tables: TestTables;
let TableName = "";

beforeAll(async () => {
  tables = await startTables();
  TableName = await tables.create(INDEXED_BY_KIND);
});
afterAll(() => tables.stop());

const invalid = (message: string) => ({ name: "ValidationException", message });

describe("a table's update is refused", () => {
  const update = (more: Partial<UpdateTableCommandInput>) =>
    tables.client.send(new UpdateTableCommand({ TableName, ...more }));
  const NOTHING =
    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or "
    + "SSESpecification or ReplicaUpdates is required";

  test.each<[string, Partial<UpdateTableCommandInput>, string]>([
    ["that changes nothing", {}, NOTHING],
    ["with no index updates", { GlobalSecondaryIndexUpdates: [] }, NOTHING],
    [
      "that ends no stream",
      { StreamSpecification: { StreamEnabled: false } },
      "Table already has a disabled stream: TableName: table-1",
    ],
    [
      "that gives a key another type",
      { AttributeDefinitions: [{ AttributeName: "id", AttributeType: "N" }], DeletionProtectionEnabled: false },
      `${INVALID}The type of the key attribute id is S and cannot become N`,
    ],
    [
      "that makes an index whose key it does not define",
      {
        AttributeDefinitions: [{ AttributeName: "other", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-id",
              KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      },
      `${INVALID}Some index key attributes are not defined in AttributeDefinitions. `
        + "Keys: [id], AttributeDefinitions: [other]",
    ],
    [
      "that makes an index again",
      {
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-kind",
              KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      },
      "Attempting to create an index which already exists",
    ],
  ])("%s", async (_, more, message) => {
    expect(await refusal(update(more))).toEqual(invalid(message));
  });

  test("that deletes an index that is not there", async () => {
    const GlobalSecondaryIndexUpdates = [{ Delete: { IndexName: "none" } }];
    expect((await refusal(update({ GlobalSecondaryIndexUpdates }))).name).toBe("ResourceNotFoundException");
  });
});

import { CreateTableCommand, DynamoDBClient, type CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { startCloud, type TestCloud } from "./cloud.ts";

export interface TestTables {
  readonly cloud: TestCloud;
  readonly client: DynamoDBClient;
  /** Makes a table with the text key `id`, unless told otherwise, and returns its name. */
  create(more?: Partial<CreateTableCommandInput>): Promise<string>;
  stop(): Promise<void>;
}

/** A table with an index on the text `kind`. */
export const INDEXED_BY_KIND: Partial<CreateTableCommandInput> = {
  AttributeDefinitions: ["id", "kind"].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
  GlobalSecondaryIndexes: [
    {
      IndexName: "by-kind",
      KeySchema: [{ AttributeName: "kind", KeyType: "HASH" }],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};

/** An engine with a DynamoDB client and tables that are made in one line. */
export async function startTables(parts: Parameters<typeof startCloud>[0] = {}): Promise<TestTables> {
  const cloud = await startCloud(parts);
  const client = new DynamoDBClient(cloud.aws());
  let made = 0;
  return {
    cloud,
    client,
    async create(more = {}) {
      const input: CreateTableCommandInput = {
        TableName: `table-${++made}`,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        ...more,
      };
      await client.send(new CreateTableCommand(input));
      return input.TableName ?? "";
    },
    async stop() {
      client.destroy();
      await cloud.stop();
    },
  };
}

/** What a call failed with; undefined when it did not. */
export const failureOf = (call: Promise<unknown>): Promise<Record<string, unknown> | undefined> =>
  call.then(
    () => undefined,
    (problem: unknown) => problem as Record<string, unknown>,
  );

/** A failure's code and text alone. */
export async function refusal(call: Promise<unknown>): Promise<{ name: unknown; message: unknown }> {
  const failure = await failureOf(call);
  return { name: failure?.["name"], message: failure?.["message"] };
}

import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  paginateScan,
  PutItemCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import { expect } from "vitest";
import type { Random } from "../../../engine/platform/random.ts";
import { bytesOf, clientOptions, Known, randomBelow, type Load } from "./known.ts";

type Item = Record<string, AttributeValue>;
const WRITERS = 3;
const SLOTS = 10;
const TRANSACTORS = 3;

async function allItems(client: DynamoDBClient, TableName: string, IndexName?: string): Promise<Map<string, Item>> {
  const found = new Map<string, Item>();
  const pages = paginateScan({ client }, { TableName, ConsistentRead: !IndexName, ...(IndexName && { IndexName }) });
  for await (const { Items = [] } of pages) for (const item of Items) found.set(item["id"]?.S ?? "", item);
  return found;
}

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: "S" }) as const;
const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" }) as const;
const plainTable = (TableName: string) => ({
  TableName,
  BillingMode: "PAY_PER_REQUEST" as const,
  KeySchema: [hash("id")],
  AttributeDefinitions: [attribute("id")],
});
const BY_SHELF = {
  IndexName: "by-shelf",
  KeySchema: [hash("shelf"), { AttributeName: "id", KeyType: "RANGE" as const }],
  Projection: { ProjectionType: "ALL" as const },
};

async function createTables(client: DynamoDBClient): Promise<void> {
  for (const name of ["left", "right", "counters"]) await client.send(new CreateTableCommand(plainTable(name)));
  const AttributeDefinitions = [attribute("id"), attribute("shelf")];
  const items = { ...plainTable("items"), AttributeDefinitions, GlobalSecondaryIndexes: [BY_SHELF] };
  await client.send(new CreateTableCommand(items));
}

/** Items of an indexed table that are put and deleted, and transactions over three tables. */
export function tableLoad(random: Random): Load {
  const items = new Map<string, Known<Item>>();
  for (let writer = 0; writer < WRITERS; writer++)
    for (let slot = 0; slot < SLOTS; slot++) items.set(`${writer}-${slot}`, new Known());
  const pairs = new Set<string>();
  const unanswered = new Set<string>();
  let count = 0;

  async function putOrDelete(client: DynamoDBClient, writer: number): Promise<void> {
    const id = `${writer}-${randomBelow(random, SLOTS)}`;
    const known = items.get(id) as Known<Item>;
    const TableName = "items";
    if (randomBelow(random, 5) === 0) {
      const command = new DeleteItemCommand({ TableName, Key: { id: { S: id } } });
      return known.change(undefined, () => client.send(command));
    }
    const Item: Item = {
      id: { S: id },
      fill: { S: bytesOf(randomBelow(random, 1e9), randomBelow(random, 3000)).toString("base64") },
      ...(randomBelow(random, 4) > 0 && { shelf: { S: `shelf ${randomBelow(random, 3)}` } }),
    };
    return known.change(Item, () => client.send(new PutItemCommand({ TableName, Item })));
  }

  async function writePair(client: DynamoDBClient, id: string): Promise<void> {
    unanswered.add(id);
    const Item = { id: { S: id } };
    const counted = { TableName: "counters", Key: { id: { S: id.split("-")[0] ?? "" } } };
    await client.send(
      new TransactWriteItemsCommand({
        ClientRequestToken: id,
        TransactItems: [
          { Put: { TableName: "left", Item } },
          { Put: { TableName: "right", Item, ConditionExpression: "attribute_not_exists(id)" } },
          { Update: { ...counted, UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": { N: "1" } } } },
        ],
      }),
    );
    unanswered.delete(id);
    pairs.add(id);
  }

  return {
    async prepare(endpoint) {
      await createTables(new DynamoDBClient(clientOptions(endpoint)));
    },
    clients(endpoint) {
      const client = new DynamoDBClient(clientOptions(endpoint));
      const writers = Array.from({ length: WRITERS }, (_, writer) => () => putOrDelete(client, writer));
      const transactors = Array.from(
        { length: TRANSACTORS },
        (_, number) => () => writePair(client, `${number}-${(count += 1)}`),
      );
      return [...writers, ...transactors];
    },
    async check(endpoint) {
      const client = new DynamoDBClient(clientOptions(endpoint));
      const found = await allItems(client, "items");
      for (const [id, known] of items) {
        expect(known.possible).toContainEqual(found.get(id));
        known.settle(found.get(id));
      }
      const shelved = new Map([...found].filter(([, item]) => item["shelf"]));
      expect(await allItems(client, "items", "by-shelf")).toEqual(shelved);
      // Half of a transaction is refused by its own condition when it is sent again; a whole one counts once.
      const left = await allItems(client, "left");
      expect(await allItems(client, "right")).toEqual(left);
      for (const id of Array.from(unanswered)) await writePair(client, id);
      const whole = await allItems(client, "left");
      expect([...whole.keys()].toSorted()).toEqual([...pairs].toSorted());
      expect(await allItems(client, "right")).toEqual(whole);
      const counters = [...(await allItems(client, "counters")).values()];
      expect(counters.reduce((sum, { n }) => sum + Number(n?.N), 0)).toBe(pairs.size);
      client.destroy();
    },
    counts: () => ({
      items: [...items.values()].reduce((sum, { changes }) => sum + changes, 0),
      transactions: pairs.size,
    }),
  };
}

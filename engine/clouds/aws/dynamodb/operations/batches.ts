import type {
  AttributeValue,
  DynamodbOperations,
  TransactWriteItem,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationInput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import {
  capacityDetail,
  tableNameOf,
  validationFailure,
  wireCollections,
  wireItem,
  wireItems,
  withAllConsumed,
} from "../model.ts";
import { conditionOf, expressedRead } from "./items.ts";

type Action = OperationInput<typeof tables, "transactWriteItems">["actions"][number];

function actionOf(wire: TransactWriteItem): Action {
  const { Put, Update, Delete, ConditionCheck } = wire;
  if ([Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined).length !== 1) {
    throw validationFailure("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  if (Put) return { put: { table: tableNameOf(Put.TableName), item: Put.Item, ...conditionOf(Put) } };
  if (Update) {
    return {
      update: {
        table: tableNameOf(Update.TableName),
        key: Update.Key,
        update: Update.UpdateExpression,
        ...conditionOf(Update),
      },
    };
  }
  if (Delete) return { delete: { table: tableNameOf(Delete.TableName), key: Delete.Key, ...conditionOf(Delete) } };
  const check = ConditionCheck as NonNullable<typeof ConditionCheck>;
  return {
    check: {
      table: tableNameOf(check.TableName),
      key: check.Key,
      ...conditionOf(check),
      condition: check.ConditionExpression,
    },
  };
}

interface WireWrite {
  readonly PutRequest?: { readonly Item: Record<string, AttributeValue> };
  readonly DeleteRequest?: { readonly Key: Record<string, AttributeValue> };
}

function writesOf(TableName: string, requests: readonly WireWrite[]) {
  if (requests.length === 0) {
    throw validationFailure(`The batch write request list for a table cannot be null or empty: ${TableName}`);
  }
  for (const { PutRequest, DeleteRequest } of requests) {
    if ((PutRequest === undefined) !== (DeleteRequest === undefined)) continue;
    throw validationFailure(
      `Supplied AttributeValue ${PutRequest ? "has more than one datatypes set" : "is empty"}, `
        + "must contain exactly one of the supported datatypes",
    );
  }
  return {
    table: tableNameOf(TableName),
    puts: requests.flatMap(({ PutRequest }) => (PutRequest ? [PutRequest.Item] : [])),
    deletes: requests.flatMap(({ DeleteRequest }) => (DeleteRequest ? [DeleteRequest.Key] : [])),
  };
}

export const batches = bind<DynamodbOperations>()(tables, {
  BatchGetItem: {
    to: "batchGetItems",
    in: (wire) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      requests: Object.entries(wire.RequestItems).map(([name, request]) => {
        const { ProjectionExpression, ExpressionAttributeNames } = expressedRead(request);
        return {
          table: tableNameOf(name),
          keys: request.Keys,
          projection: ProjectionExpression,
          names: ExpressionAttributeNames,
          isConsistent: request.ConsistentRead,
        };
      }),
    }),
    out(result, wire) {
      const asked = new Map(
        Object.entries(wire.RequestItems).map(([name, request]) => [tableNameOf(name), { name, request }]),
      );
      const nameOf = (table: string): string => asked.get(table)?.name ?? table;
      return {
        Responses: Object.fromEntries(result.responses.map(({ table, items }) => [nameOf(table), wireItems(items)])),
        UnprocessedKeys: Object.fromEntries(
          result.unprocessed.map(({ table, keys }) => [
            nameOf(table),
            { ...asked.get(table)?.request, Keys: wireItems(keys) },
          ]),
        ),
        ...withAllConsumed(result),
      };
    },
  },
  BatchWriteItem: {
    to: "batchWriteItems",
    in: (wire) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
      requests: Object.entries(wire.RequestItems).map(([name, requests]) => writesOf(name, requests)),
    }),
    out: (result) => ({ UnprocessedItems: {}, ...withAllConsumed(result), ...wireCollections(result.collections) }),
  },
  TransactWriteItems: {
    to: "transactWriteItems",
    in: (wire) => ({
      actions: wire.TransactItems.map(actionOf),
      token: wire.ClientRequestToken,
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
    }),
    out: (result) => ({ ...withAllConsumed(result), ...wireCollections(result.collections) }),
  },
  TransactGetItems: {
    to: "transactGetItems",
    in: (wire) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      gets: wire.TransactItems.map(({ Get }) => ({
        table: tableNameOf(Get.TableName),
        key: Get.Key,
        projection: Get.ProjectionExpression,
        names: Get.ExpressionAttributeNames,
      })),
    }),
    out: (result) => ({
      Responses: result.items.map(({ item }) => (item ? { Item: wireItem(item) } : {})),
      ...withAllConsumed(result),
    }),
  },
});

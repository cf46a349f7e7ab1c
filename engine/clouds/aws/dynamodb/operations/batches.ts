import type {
  AttributeValue,
  DynamodbOperations,
  TransactWriteItem,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationInput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import {
  capacityDetail,
  validationFailure,
  wireCollections,
  wireItem,
  wireItems,
  withAllConsumed,
} from "../model.ts";
import { conditionOf, expressedRead } from "./items.ts";

type Action = OperationInput<typeof tables, "transactWriteItems">["actions"][number];

function actionOf(wire: TransactWriteItem, call: WireCall): Action {
  const { Put, Update, Delete, ConditionCheck } = wire;
  if ([Put, Update, Delete, ConditionCheck].filter((one) => one !== undefined).length !== 1) {
    throw validationFailure("TransactItems can only contain one of Check, Put, Update or Delete");
  }
  if (Put) return { put: { table: tableNameOf(Put.TableName, call), item: Put.Item, ...conditionOf(Put) } };
  if (Update) {
    return {
      update: {
        table: tableNameOf(Update.TableName, call),
        key: Update.Key,
        update: Update.UpdateExpression,
        ...conditionOf(Update),
      },
    };
  }
  if (Delete) {
    return { delete: { table: tableNameOf(Delete.TableName, call), key: Delete.Key, ...conditionOf(Delete) } };
  }
  const check = ConditionCheck as NonNullable<typeof ConditionCheck>;
  return {
    check: {
      table: tableNameOf(check.TableName, call),
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

function writesOf(TableName: string, requests: readonly WireWrite[], call: WireCall) {
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
    table: tableNameOf(TableName, call),
    puts: requests.flatMap(({ PutRequest }) => (PutRequest ? [PutRequest.Item] : [])),
    deletes: requests.flatMap(({ DeleteRequest }) => (DeleteRequest ? [DeleteRequest.Key] : [])),
  };
}

export const batches = bind<DynamodbOperations>()(tables, {
  BatchGetItem: {
    to: "batchGetItems",
    in: (wire, call) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      requests: Object.entries(wire.RequestItems).map(([name, request]) => {
        const { ProjectionExpression, ExpressionAttributeNames } = expressedRead(request);
        return {
          table: tableNameOf(name, call),
          keys: request.Keys,
          projection: ProjectionExpression,
          names: ExpressionAttributeNames,
          isConsistent: request.ConsistentRead,
        };
      }),
    }),
    out(result, wire) {
      // A table answers to what the request called it: its name or its ARN.
      const asked = Object.entries(wire.RequestItems);
      return {
        Responses: Object.fromEntries(
          asked.map(([name], index) => [name, wireItems(result.responses[index]?.items ?? [])]),
        ),
        UnprocessedKeys: Object.fromEntries(
          asked.flatMap(([name, request], index) => {
            const left = result.responses[index]?.unprocessed;
            return left ? [[name, { ...request, Keys: wireItems(left) }]] : [];
          }),
        ),
        ...withAllConsumed(result),
      };
    },
  },
  BatchWriteItem: {
    to: "batchWriteItems",
    in: (wire, call) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
      requests: Object.entries(wire.RequestItems).map(([name, requests]) => writesOf(name, requests, call)),
    }),
    out: (result) => ({ UnprocessedItems: {}, ...withAllConsumed(result), ...wireCollections(result.collections) }),
  },
  TransactWriteItems: {
    to: "transactWriteItems",
    in: (wire, call) => ({
      actions: wire.TransactItems.map((item) => actionOf(item, call)),
      token: wire.ClientRequestToken,
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
    }),
    out: (result) => ({ ...withAllConsumed(result), ...wireCollections(result.collections) }),
  },
  TransactGetItems: {
    to: "transactGetItems",
    in: (wire, call) => ({
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
      gets: wire.TransactItems.map(({ Get }) => ({
        table: tableNameOf(Get.TableName, call),
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

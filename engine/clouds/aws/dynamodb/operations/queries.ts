import type { DynamodbOperations, QueryInput, ScanInput } from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import {
  capacityDetail,
  refuseInput,
  tableNameOf,
  validationFailure,
  wireItem,
  wireItems,
  withConsumed,
} from "../model.ts";

const SELECTS = {
  ALL_ATTRIBUTES: "all",
  ALL_PROJECTED_ATTRIBUTES: "allProjected",
  SPECIFIC_ATTRIBUTES: "specific",
  COUNT: "count",
} as const;

const readOf = (wire: QueryInput | ScanInput) => ({
  table: tableNameOf(wire.TableName),
  index: wire.IndexName,
  filter: wire.FilterExpression,
  projection: wire.ProjectionExpression,
  names: wire.ExpressionAttributeNames,
  values: wire.ExpressionAttributeValues,
  select: SELECTS[wire.Select as keyof typeof SELECTS],
  limit: wire.Limit,
  startKey: wire.ExclusiveStartKey,
  isConsistent: wire.ConsistentRead,
  capacity: capacityDetail(wire.ReturnConsumedCapacity),
});

const page = (result: OperationOutput<typeof tables, "query">) => ({
  ...(result.items && { Items: wireItems(result.items) }),
  Count: result.count,
  ScannedCount: result.scannedCount,
  ...(result.lastKey && { LastEvaluatedKey: wireItem(result.lastKey) }),
  ...withConsumed(result),
});

export const queries = bind<DynamodbOperations>()(tables, {
  Query: {
    to: "query",
    in(wire) {
      refuseInput(wire, {
        KeyConditions: "KeyConditionExpression",
        QueryFilter: "FilterExpression",
        ConditionalOperator: "FilterExpression",
        AttributesToGet: "ProjectionExpression",
      });
      if (wire.KeyConditionExpression === undefined) {
        throw validationFailure(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        );
      }
      return { ...readOf(wire), keyCondition: wire.KeyConditionExpression, isForward: wire.ScanIndexForward };
    },
    out: page,
  },
  Scan: {
    to: "scan",
    in(wire) {
      refuseInput(wire, {
        ScanFilter: "FilterExpression",
        ConditionalOperator: "FilterExpression",
        AttributesToGet: "ProjectionExpression",
      });
      return { ...readOf(wire), segment: wire.Segment, totalSegments: wire.TotalSegments };
    },
    out: page,
  },
});

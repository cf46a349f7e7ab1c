import type { DynamodbOperations, QueryInput, ScanInput } from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind, type WireCall } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import { conditionsOf, keyConditionsOf } from "../legacy/conditions.ts";
import { isLegacy, projectionOf, Terms } from "../legacy/terms.ts";
import {
  capacityDetail,
  validationFailure,
  wireItem,
  wireItems,
  withConsumed,
  writtenItems,
} from "../model.ts";

const SELECTS = {
  ALL_ATTRIBUTES: "all",
  ALL_PROJECTED_ATTRIBUTES: "allProjected",
  SPECIFIC_ATTRIBUTES: "specific",
  COUNT: "count",
} as const;

const LEGACY = ["AttributesToGet", "QueryFilter", "ScanFilter", "ConditionalOperator", "KeyConditions"];
const EXPRESSIONS = ["ProjectionExpression", "FilterExpression", "KeyConditionExpression"];
const SCAN_EXPRESSIONS = ["ProjectionExpression", "FilterExpression"];

/** What a query or a scan says in expressions, its own or those that its older parameters mean. */
function expressionsOf(wire: QueryInput & ScanInput, possible: readonly string[]) {
  if (!isLegacy(wire, LEGACY, possible)) {
    return {
      projection: wire.ProjectionExpression,
      filter: wire.FilterExpression,
      keyCondition: wire.KeyConditionExpression,
      names: wire.ExpressionAttributeNames,
      values: wire.ExpressionAttributeValues,
    };
  }
  const terms = new Terms();
  const projection = projectionOf(wire.AttributesToGet, terms);
  const filter = conditionsOf(wire.QueryFilter ?? wire.ScanFilter, wire.ConditionalOperator, terms);
  const keyCondition = wire.KeyConditions && keyConditionsOf(wire.KeyConditions, terms);
  return { projection, filter, keyCondition, ...terms.placeholders };
}

const readOf = (wire: QueryInput | ScanInput, call: WireCall) => ({
  table: tableNameOf(wire.TableName, call),
  index: wire.IndexName,
  select: SELECTS[wire.Select as keyof typeof SELECTS],
  limit: wire.Limit,
  startKey: wire.ExclusiveStartKey,
  isConsistent: wire.ConsistentRead,
  capacity: capacityDetail(wire.ReturnConsumedCapacity),
  asText: true,
});

const page = (result: OperationOutput<typeof tables, "query">) => ({
  ...(result.items && { Items: wireItems(result.items) }),
  ...(result.itemsText !== undefined && { Items: writtenItems(result.itemsText) }),
  Count: result.count,
  ScannedCount: result.scannedCount,
  ...(result.lastKey && { LastEvaluatedKey: wireItem(result.lastKey) }),
  ...withConsumed(result),
});

export const queries = bind<DynamodbOperations>()(tables, {
  Query: {
    to: "query",
    in(wire, call) {
      const { keyCondition, ...expressions } = expressionsOf(wire, EXPRESSIONS);
      if (keyCondition === undefined) {
        throw validationFailure(
          "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
        );
      }
      return { ...readOf(wire, call), ...expressions, keyCondition, isForward: wire.ScanIndexForward };
    },
    out: page,
  },
  Scan: {
    to: "scan",
    in(wire, call) {
      const { keyCondition: _, ...expressions } = expressionsOf(wire, SCAN_EXPRESSIONS);
      return { ...readOf(wire, call), ...expressions, segment: wire.Segment, totalSegments: wire.TotalSegments };
    },
    out: page,
  },
});

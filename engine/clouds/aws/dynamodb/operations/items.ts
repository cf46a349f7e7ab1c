import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { updateOf } from "../legacy-updates.ts";
import { capacityDetail, refuseInput, tableNameOf, validationFailure, wireItem, withConsumed } from "../model.ts";

const LEGACY_WRITE = { Expected: "ConditionExpression", ConditionalOperator: "ConditionExpression" } as const;
const METRICS = ["ReturnItemCollectionMetrics"] as const;

interface WireCondition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, object>;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** What every conditional write says. */
export const conditionOf = (wire: WireCondition) => ({
  condition: wire.ConditionExpression,
  names: wire.ExpressionAttributeNames,
  values: wire.ExpressionAttributeValues,
  returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
});

function oldOrNone(wanted: string | undefined): "none" | "allOld" {
  if (wanted === undefined || wanted === "NONE") return "none";
  if (wanted === "ALL_OLD") return "allOld";
  throw validationFailure("ReturnValues can only be ALL_OLD or NONE");
}

const RETURN_VALUES = {
  NONE: "none",
  ALL_OLD: "allOld",
  UPDATED_OLD: "updatedOld",
  ALL_NEW: "allNew",
  UPDATED_NEW: "updatedNew",
} as const;

type Written = Parameters<typeof withConsumed>[0] & { readonly attributes?: Parameters<typeof wireItem>[0] };
const written = (result: Written) => ({
  ...(result.attributes && { Attributes: wireItem(result.attributes) }),
  ...withConsumed(result),
});

export const items = bind<DynamodbOperations>()(tables, {
  PutItem: {
    to: "putItem",
    in(wire) {
      refuseInput(wire, LEGACY_WRITE);
      return {
        table: tableNameOf(wire.TableName),
        item: wire.Item,
        returnValues: oldOrNone(wire.ReturnValues),
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        ...conditionOf(wire),
      };
    },
    out: written,
    accepted: METRICS,
  },
  GetItem: {
    to: "getItem",
    in(wire) {
      refuseInput(wire, { AttributesToGet: "ProjectionExpression" });
      return {
        table: tableNameOf(wire.TableName),
        key: wire.Key,
        projection: wire.ProjectionExpression,
        names: wire.ExpressionAttributeNames,
        isConsistent: wire.ConsistentRead,
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
      };
    },
    out: (result) => ({ ...(result.item && { Item: wireItem(result.item) }), ...withConsumed(result) }),
  },
  UpdateItem: {
    to: "updateItem",
    in(wire) {
      refuseInput(wire, LEGACY_WRITE);
      return {
        table: tableNameOf(wire.TableName),
        key: wire.Key,
        returnValues: RETURN_VALUES[wire.ReturnValues as keyof typeof RETURN_VALUES],
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        ...conditionOf(wire),
        ...updateOf(wire),
      };
    },
    out: written,
    accepted: METRICS,
  },
  DeleteItem: {
    to: "deleteItem",
    in(wire) {
      refuseInput(wire, LEGACY_WRITE);
      return {
        table: tableNameOf(wire.TableName),
        key: wire.Key,
        returnValues: oldOrNone(wire.ReturnValues),
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        ...conditionOf(wire),
      };
    },
    out: written,
    accepted: METRICS,
  },
});

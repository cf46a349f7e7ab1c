import type {
  DeleteItemInput,
  DynamodbOperations,
  PutItemInput,
  UpdateItemInput,
} from "../../../../models/aws/dynamodb.generated.ts";
import type { OperationOutput } from "../../../../services/manifest.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { tableNameOf } from "../../table-arn.ts";
import { expectedOf } from "../legacy/conditions.ts";
import { isLegacy, projectionOf, Terms } from "../legacy/terms.ts";
import { updateOf } from "../legacy/updates.ts";
import {
  capacityDetail,
  validationFailure,
  wireCollection,
  wireConsumed,
  wireItem,
  writtenItem,
} from "../model.ts";

interface WireCondition {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, object>;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

/** What every conditional write of a transaction says. */
export const conditionOf = (wire: WireCondition) => ({
  condition: wire.ConditionExpression,
  names: wire.ExpressionAttributeNames,
  values: wire.ExpressionAttributeValues,
  returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
});

const LEGACY_WRITE = ["AttributeUpdates", "Expected", "ConditionalOperator"];
const WRITE_EXPRESSIONS = ["UpdateExpression", "ConditionExpression"];
const CONDITION_EXPRESSION = ["ConditionExpression"];
const LEGACY_READ = ["AttributesToGet"];
const READ_EXPRESSIONS = ["ProjectionExpression"];

/** The condition of a put or a delete as expressions; the request itself when it has no older parameter. */
function expressed<W extends PutItemInput | DeleteItemInput>(wire: W): W {
  if (wire.Expected === undefined && wire.ConditionalOperator === undefined) return wire;
  isLegacy(wire, LEGACY_WRITE, CONDITION_EXPRESSION);
  const terms = new Terms();
  const ConditionExpression = expectedOf(wire.Expected, wire.ConditionalOperator, terms);
  return { ...wire, ...translated(terms), ...(ConditionExpression !== undefined && { ConditionExpression }) };
}

function expressedUpdate(wire: UpdateItemInput): UpdateItemInput {
  if (!isLegacy(wire, LEGACY_WRITE, WRITE_EXPRESSIONS)) return wire;
  const terms = new Terms();
  const ConditionExpression = expectedOf(wire.Expected, wire.ConditionalOperator, terms);
  const UpdateExpression = updateOf(wire.AttributeUpdates, terms);
  return {
    ...wire,
    ...translated(terms),
    ...(ConditionExpression !== undefined && { ConditionExpression }),
    ...(UpdateExpression !== undefined && { UpdateExpression }),
  };
}

interface Projecting {
  readonly AttributesToGet?: string[];
  readonly ProjectionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
}

export function expressedRead<W extends Projecting>(wire: W): W {
  if (!isLegacy(wire, LEGACY_READ, READ_EXPRESSIONS)) return wire;
  const terms = new Terms();
  const ProjectionExpression = projectionOf(wire.AttributesToGet, terms) as string;
  return { ...wire, ...translated(terms), ProjectionExpression };
}

function translated(terms: Terms) {
  const { names, values } = terms.placeholders;
  return {
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: values }),
  };
}

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

type Written = DynamodbOperations["UpdateItem"]["output"];

function written(result: OperationOutput<typeof tables, "updateItem">): Written {
  const output: Written = {};
  if (result.attributes !== undefined) output.Attributes = wireItem(result.attributes);
  if (result.consumed !== undefined) output.ConsumedCapacity = wireConsumed(result.consumed);
  if (result.collection !== undefined) output.ItemCollectionMetrics = wireCollection(result.collection);
  return output;
}

export const items = bind<DynamodbOperations>()(tables, {
  PutItem: {
    to: "putItem",
    in(given, call) {
      const wire = expressed(given);
      return {
        table: tableNameOf(wire.TableName, call),
        item: wire.Item,
        condition: wire.ConditionExpression,
        names: wire.ExpressionAttributeNames,
        values: wire.ExpressionAttributeValues,
        returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
        returnValues: oldOrNone(wire.ReturnValues),
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
      };
    },
    out: written,
  },
  GetItem: {
    to: "getItem",
    in(given, call) {
      const wire = given.AttributesToGet === undefined ? given : expressedRead(given);
      return {
        table: tableNameOf(wire.TableName, call),
        key: wire.Key,
        projection: wire.ProjectionExpression,
        names: wire.ExpressionAttributeNames,
        isConsistent: wire.ConsistentRead,
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        asText: true,
      };
    },
    out(result) {
      const output: DynamodbOperations["GetItem"]["output"] = {};
      if (result.itemText !== undefined) output.Item = writtenItem(result.itemText);
      else if (result.item !== undefined) output.Item = wireItem(result.item);
      if (result.consumed !== undefined) output.ConsumedCapacity = wireConsumed(result.consumed);
      return output;
    },
  },
  UpdateItem: {
    to: "updateItem",
    in(given, call) {
      const wire = expressedUpdate(given);
      return {
        table: tableNameOf(wire.TableName, call),
        key: wire.Key,
        update: wire.UpdateExpression,
        condition: wire.ConditionExpression,
        names: wire.ExpressionAttributeNames,
        values: wire.ExpressionAttributeValues,
        returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
        returnValues: RETURN_VALUES[wire.ReturnValues as keyof typeof RETURN_VALUES],
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
      };
    },
    out: written,
  },
  DeleteItem: {
    to: "deleteItem",
    in(given, call) {
      const wire = expressed(given);
      return {
        table: tableNameOf(wire.TableName, call),
        key: wire.Key,
        condition: wire.ConditionExpression,
        names: wire.ExpressionAttributeNames,
        values: wire.ExpressionAttributeValues,
        returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
        returnValues: oldOrNone(wire.ReturnValues),
        capacity: capacityDetail(wire.ReturnConsumedCapacity),
        wantsCollections: wire.ReturnItemCollectionMetrics === "SIZE",
      };
    },
    out: written,
  },
});

import type { DynamodbOperations } from "../../../../models/aws/dynamodb.generated.ts";
import { tables } from "../../../../services/tables/service.ts";
import { bind } from "../../binding.ts";
import { capacityDetail, wireConsumed, wireItem, wireItems, withAllConsumed } from "../model.ts";

/** How statements that fail in a batch look; every other failure says that the statement itself is wrong. */
const FAILURES: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  ConditionFailed: { code: "ConditionalCheckFailed", message: "The conditional request failed" },
  DuplicateItem: { code: "DuplicateItem", message: "Duplicate primary key exists in table" },
  TableNotFound: { code: "ResourceNotFound", message: "Requested resource not found" },
};

interface WireStatement {
  readonly Statement: string;
  readonly Parameters?: object[];
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

const statementOf = (wire: WireStatement) => ({
  statement: wire.Statement,
  parameters: wire.Parameters,
  returnOnFailure: wire.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
});

export const statements = bind<DynamodbOperations>()(tables, {
  ExecuteStatement: {
    to: "executeStatement",
    in: (wire) => ({
      ...statementOf(wire),
      isConsistent: wire.ConsistentRead,
      limit: wire.Limit,
      next: wire.NextToken,
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
    }),
    out: ({ items, next, lastKey, consumed }) => ({
      Items: wireItems(items),
      ...(next !== undefined && { NextToken: next }),
      ...(lastKey && { LastEvaluatedKey: wireItem(lastKey) }),
      ...(consumed && { ConsumedCapacity: wireConsumed(consumed) }),
    }),
  },
  BatchExecuteStatement: {
    to: "executeStatements",
    in: (wire) => ({
      statements: wire.Statements.map((one) => ({ ...statementOf(one), isConsistent: one.ConsistentRead })),
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
    }),
    out: (result) => ({
      Responses: result.responses.map(({ table, item, failure }) => ({
        ...(table !== undefined && { TableName: table }),
        ...(item && { Item: wireItem(item) }),
        ...(failure && {
          Error: {
            Code: FAILURES[failure.code]?.code ?? "ValidationError",
            Message: FAILURES[failure.code]?.message ?? failure.message,
            ...(failure.item && { Item: wireItem(failure.item) }),
          },
        }),
      })),
      ...withAllConsumed(result),
    }),
  },
  ExecuteTransaction: {
    to: "executeTransaction",
    in: (wire) => ({
      statements: wire.TransactStatements.map(statementOf),
      token: wire.ClientRequestToken,
      capacity: capacityDetail(wire.ReturnConsumedCapacity),
    }),
    out: (result) => ({
      Responses: result.responses.map(({ item }) => (item ? { Item: wireItem(item) } : {})),
      ...withAllConsumed(result),
    }),
  },
});

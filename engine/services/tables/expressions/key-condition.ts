import { errors } from "../errors.ts";
import { refuseLong } from "../storage/item-keys.ts";
import { kindOf, type AttributeValue } from "../values/attribute-value.ts";
import { bindCondition, type BoundCondition } from "./condition.ts";
import type { Placeholders } from "./placeholders.ts";
import type { Comparator, Operand } from "./tree.ts";

/** What a query asks of the sort key. */
export type SortCondition =
  | { readonly operator: Exclude<Comparator, "<>"> | "beginsWith"; readonly value: AttributeValue }
  | { readonly operator: "between"; readonly value: AttributeValue; readonly high: AttributeValue };

export interface KeyCondition {
  readonly partition: AttributeValue;
  readonly sort?: SortCondition;
}
interface KeyAttribute {
  readonly name: string;
  readonly type: string;
}

const refused = (reason: string) => errors.InvalidExpression({ expression: "keyCondition", reason });
const MIRRORED: Readonly<Record<string, Comparator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=" };

export interface KeyConditionPart {
  readonly attribute: string;
  readonly condition: SortCondition;
}

function attributeOf(operand: Operand | undefined): string {
  if (operand?.type !== "path")
    throw refused("Invalid condition in KeyConditionExpression: No key attribute specified");
  if (operand.path.length > 1) throw refused("KeyConditionExpressions cannot have conditions on nested attributes");
  return operand.path[0] as string;
}

function constantOf(operand: Operand | undefined): AttributeValue {
  if (operand?.type === "constant") return operand.value;
  throw refused(
    operand?.type === "path"
      ? "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"
      : "KeyConditionExpressions cannot contain nested operations",
  );
}

function partOf(condition: BoundCondition): KeyConditionPart {
  switch (condition.type) {
    case "compare": {
      const isMirrored = condition.right.type === "path" && condition.left.type === "constant";
      const [path, value] = isMirrored ? [condition.right, condition.left] : [condition.left, condition.right];
      const operator = isMirrored ? MIRRORED[condition.comparator] : condition.comparator;
      if (operator === undefined || operator === "<>")
        throw refused("Invalid operator used in KeyConditionExpression: <>");
      return { attribute: attributeOf(path), condition: { operator, value: constantOf(value) } };
    }
    case "between":
      return {
        attribute: attributeOf(condition.operand),
        condition: { operator: "between", value: constantOf(condition.low), high: constantOf(condition.high) },
      };
    case "test":
      if (condition.name !== "begins_with")
        throw refused(`Invalid operator used in KeyConditionExpression: ${condition.name}`);
      return {
        attribute: attributeOf(condition.operands[0]),
        condition: { operator: "beginsWith", value: constantOf(condition.operands[1]) },
      };
    default:
      throw refused(`Invalid operator used in KeyConditionExpression: ${condition.type.toUpperCase()}`);
  }
}

function partsOf(condition: BoundCondition): KeyConditionPart[] {
  if (condition.type === "and") return condition.conditions.flatMap(partsOf);
  return [partOf(condition)];
}

const badRequest = (reason: string) => errors.InvalidRequest({ reason });

function checkType(condition: SortCondition, key: KeyAttribute, isPartition: boolean): void {
  const values = condition.operator === "between" ? [condition.value, condition.high] : [condition.value];
  for (const value of values) {
    if (kindOf(value) !== key.type) {
      throw badRequest(
        "One or more parameter values were invalid: Condition parameter type does not match schema type",
      );
    }
    if (value.S === "" || value.B?.byteLength === 0) {
      throw badRequest(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty "
          + `${value.S === "" ? "string" : "binary"} value. Key: ${key.name}`,
      );
    }
    refuseLong(value, isPartition);
  }
}

/** What a key condition says of each attribute; which of them are keys is not known yet. Errors: `InvalidExpression` */
export function keyConditionParts(text: string, placeholders: Placeholders): readonly KeyConditionPart[] {
  const parts = partsOf(bindCondition("keyCondition", text, placeholders));
  if (new Set(parts.map((part) => part.attribute)).size < parts.length) {
    throw refused("KeyConditionExpressions must only contain one condition per key");
  }
  if (parts.length > 2) throw badRequest("Conditions can be of length 1 or 2 only");
  return parts;
}

/**
 * A key condition in the form a query needs: the partition's value and at most one condition on the sort key.
 * Errors: `InvalidRequest`, `InvalidKey`
 */
export function keyConditionOn(
  parts: readonly KeyConditionPart[],
  hash: KeyAttribute,
  range?: KeyAttribute,
): KeyCondition {
  const partition = parts.find((part) => part.attribute === hash.name);
  if (partition === undefined) throw badRequest(`Query condition missed key schema element: ${hash.name}`);
  if (partition.condition.operator !== "=") throw badRequest("Query key condition not supported");
  checkType(partition.condition, hash, true);
  const sort = parts.find((part) => part !== partition);
  if (sort === undefined) return { partition: partition.condition.value };
  if (range === undefined || sort.attribute !== range.name) {
    throw badRequest(
      range ? `Query condition missed key schema element: ${range.name}` : "Query key condition not supported",
    );
  }
  checkType(sort.condition, range, false);
  return { partition: partition.condition.value, sort: sort.condition };
}

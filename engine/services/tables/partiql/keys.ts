import type { BoundCondition } from "../expressions/condition.ts";
import type { SortCondition } from "../expressions/key-condition.ts";
import { errors } from "../errors.ts";
import { keyAttributes, type KeyAttribute, type KeySchema, type TableRecord } from "../model.ts";
import type { AttributeValue, Item } from "../values/attribute-value.ts";
import { allOf, conjuncts } from "./statement.ts";

/** The value that a condition of the form `attribute = value` asks for. */
function equalTo(condition: BoundCondition, attribute: KeyAttribute): AttributeValue | undefined {
  if (condition.type !== "compare" || condition.comparator !== "=") return undefined;
  for (const [path, value] of [
    [condition.left, condition.right],
    [condition.right, condition.left],
  ] as const) {
    if (path.type !== "path" || value.type !== "constant" || path.path.length !== 1) continue;
    if (path.path[0] === attribute.name && value.value[attribute.type] !== undefined) return value.value;
  }
  return undefined;
}

export interface NamedItem {
  readonly key: Item;
  /** What else must hold. */
  readonly rest: BoundCondition | undefined;
}

/** The one item that a `WHERE` names by its whole key; undefined when it names none. */
function namedItem(table: TableRecord, where: BoundCondition | undefined): NamedItem | undefined {
  const conditions = [...conjuncts(where)];
  const key: Record<string, AttributeValue> = {};
  for (const attribute of keyAttributes(table)) {
    const at = conditions.findIndex((condition) => equalTo(condition, attribute) !== undefined);
    if (at < 0) return undefined;
    key[attribute.name] = equalTo(conditions[at] as BoundCondition, attribute) as AttributeValue;
    conditions.splice(at, 1);
  }
  return { key, rest: allOf(conditions) };
}

/** Errors: `InvalidStatement` */
export function requireNamedItem(table: TableRecord, where: BoundCondition | undefined): NamedItem {
  const named = namedItem(table, where);
  if (named) return named;
  throw errors.InvalidStatement({
    reason: "Where clause does not contain a mandatory equality on all key attributes",
  });
}

/** The partitions that a `WHERE` confines a read to: one with `=`, several with `IN`; undefined for all of them. */
export function namedPartitions(
  schema: KeySchema,
  where: BoundCondition | undefined,
): readonly AttributeValue[] | undefined {
  const { partitionKey } = schema;
  for (const condition of conjuncts(where)) {
    const value = equalTo(condition, partitionKey);
    if (value) return [value];
    if (condition.type !== "in" || condition.operand.type !== "path") continue;
    if (condition.operand.path.length !== 1 || condition.operand.path[0] !== partitionKey.name) continue;
    const values = condition.list.flatMap((operand) => (operand.type === "constant" ? [operand.value] : []));
    if (values.length === condition.list.length && values.every((one) => one[partitionKey.type] !== undefined)) {
      return values;
    }
  }
  return undefined;
}

/** The first condition on the sort key that narrows a partition to a range. */
export function sortRange(schema: KeySchema, where: BoundCondition | undefined): SortCondition | undefined {
  const { sortKey } = schema;
  if (!sortKey) return undefined;
  for (const condition of conjuncts(where)) {
    const found = sortCondition(condition, sortKey);
    if (found) return found;
  }
  return undefined;
}

function sortCondition(condition: BoundCondition, key: KeyAttribute): SortCondition | undefined {
  const equal = equalTo(condition, key);
  if (equal) return { operator: "=", value: equal };
  const isKey = (operand: { readonly type: string; readonly path?: readonly unknown[] }) =>
    operand.type === "path" && operand.path?.length === 1 && operand.path[0] === key.name;
  if (condition.type === "compare" && isKey(condition.left) && condition.right.type === "constant") {
    const { comparator, right } = condition;
    if (comparator === "=" || comparator === "<>" || right.value[key.type] === undefined) return undefined;
    return { operator: comparator, value: right.value };
  }
  if (condition.type === "between" && isKey(condition.operand)) {
    const { low, high } = condition;
    if (low.type !== "constant" || high.type !== "constant") return undefined;
    if (low.value[key.type] === undefined || high.value[key.type] === undefined) return undefined;
    return { operator: "between", value: low.value, high: high.value };
  }
  if (condition.type !== "test" || condition.name !== "begins_with") return undefined;
  const [path, prefix] = condition.operands;
  if (!path || !isKey(path) || prefix?.type !== "constant" || key.type === "N") return undefined;
  return prefix.value[key.type] === undefined ? undefined : { operator: "beginsWith", value: prefix.value };
}

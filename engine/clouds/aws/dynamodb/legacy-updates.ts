import type { AttributeValue, UpdateItemInput } from "../../../models/aws/dynamodb.generated.ts";
import { validationFailure } from "./model.ts";

/** An update with the placeholders it needs. */
export interface TranslatedUpdate {
  readonly update?: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, AttributeValue>;
}

const EXPRESSION_PARAMETERS = ["UpdateExpression", "ConditionExpression"] as const;

/**
 * `AttributeUpdates`, the form before expressions, as an update expression. Terraform's provider still sends it.
 * Source: DynamoDB Developer Guide, "AttributeUpdates"
 */
export function updateOf(wire: UpdateItemInput): TranslatedUpdate {
  const { AttributeUpdates } = wire;
  if (AttributeUpdates === undefined) {
    return {
      ...(wire.UpdateExpression !== undefined && { update: wire.UpdateExpression }),
      ...(wire.ExpressionAttributeNames && { names: wire.ExpressionAttributeNames }),
      ...(wire.ExpressionAttributeValues && { values: wire.ExpressionAttributeValues }),
    };
  }
  const mixed = EXPRESSION_PARAMETERS.filter((parameter) => wire[parameter] !== undefined);
  if (mixed.length > 0) {
    throw validationFailure(
      "Can not use both expression and non-expression parameters in the same request: "
        + `Non-expression parameters: {AttributeUpdates} Expression parameters: {${mixed.join(", ")}}`,
    );
  }
  const sections: Record<"SET" | "REMOVE" | "ADD" | "DELETE", string[]> = { SET: [], REMOVE: [], ADD: [], DELETE: [] };
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  for (const [position, [attribute, { Action = "PUT", Value }]] of Object.entries(AttributeUpdates).entries()) {
    const [name, value] = [`#u${position}`, `:u${position}`];
    names[name] = attribute;
    if (Value !== undefined) values[value] = Value;
    else if (Action !== "DELETE") {
      throw validationFailure(
        "One or more parameter values were invalid: "
          + `Only DELETE action is allowed when no attribute value is specified`,
      );
    }
    if (Action === "PUT") sections.SET.push(`${name} = ${value}`);
    else if (Action === "ADD") sections.ADD.push(`${name} ${value}`);
    else if (Value !== undefined) sections.DELETE.push(`${name} ${value}`);
    else sections.REMOVE.push(name);
  }
  const update = Object.entries(sections)
    .filter(([, list]) => list.length > 0)
    .map(([section, list]) => `${section} ${list.join(", ")}`)
    .join(" ");
  if (update === "") return {};
  return { update, names, ...(Object.keys(values).length > 0 && { values }) };
}

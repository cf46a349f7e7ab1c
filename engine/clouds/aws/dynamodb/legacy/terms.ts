import type { AttributeValue } from "../../../../models/aws/dynamodb.generated.ts";
import { validationFailure } from "../model.ts";

/** The placeholders of a request that is translated into expressions. */
export class Terms {
  readonly names: Record<string, string> = {};
  readonly values: Record<string, AttributeValue> = {};
  private count = 0;

  name(attribute: string): string {
    const key = `#t${++this.count}`;
    this.names[key] = attribute;
    return key;
  }
  value(value: AttributeValue): string {
    const key = `:t${++this.count}`;
    this.values[key] = value;
    return key;
  }

  /** Both, as a service's input takes them: absent where there are none. */
  get placeholders(): { names?: Record<string, string>; values?: Record<string, AttributeValue> } {
    return {
      ...(Object.keys(this.names).length > 0 && { names: this.names }),
      ...(Object.keys(this.values).length > 0 && { values: this.values }),
    };
  }
}

const isGiven = (wire: object, parameter: string): boolean =>
  (wire as Record<string, unknown>)[parameter] !== undefined;

/**
 * Whether a request uses the parameters from before expressions; both kinds at once are refused.
 * Source: DynamoDB Developer Guide, "Legacy conditional parameters"
 */
export function isLegacy(wire: object, legacy: readonly string[], expressions: readonly string[]): boolean {
  const old = legacy.filter((parameter) => isGiven(wire, parameter));
  if (old.length === 0) return false;
  const mixed = expressions.filter((parameter) => isGiven(wire, parameter));
  if (mixed.length > 0) {
    throw validationFailure(
      "Can not use both expression and non-expression parameters in the same request: "
        + `Non-expression parameters: {${old.join(", ")}} Expression parameters: {${mixed.join(", ")}}`,
    );
  }
  if (isGiven(wire, "ExpressionAttributeNames")) {
    throw validationFailure("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (isGiven(wire, "ExpressionAttributeValues")) {
    const missing = expressions.filter((parameter) => parameter !== "ProjectionExpression");
    throw validationFailure(
      "ExpressionAttributeValues can only be specified when using expressions: "
        + `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} null`,
    );
  }
  return true;
}

/** `AttributesToGet` as a projection. */
export function projectionOf(attributes: readonly string[] | undefined, terms: Terms): string | undefined {
  if (attributes === undefined) return undefined;
  const repeated = attributes.find((attribute, position) => attributes.indexOf(attribute) !== position);
  if (repeated !== undefined) {
    throw validationFailure(
      `One or more parameter values were invalid: Duplicate value in attribute name: ${repeated}`,
    );
  }
  return attributes.map((attribute) => terms.name(attribute)).join(", ");
}

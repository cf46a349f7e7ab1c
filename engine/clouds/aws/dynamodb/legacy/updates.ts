import type { AttributeValueUpdate } from "../../../../models/aws/dynamodb.generated.ts";
import { validationFailure } from "../model.ts";
import type { Terms } from "./terms.ts";

const refused = (reason: string) => validationFailure(`One or more parameter values were invalid: ${reason}`);
const ADDABLE = new Set(["N", "SS", "NS", "BS", "L"]);
const SETS = new Set(["SS", "NS", "BS"]);

/**
 * `AttributeUpdates`, the form before expressions, as an update expression. Terraform's provider still sends it.
 * Source: DynamoDB Developer Guide, "AttributeUpdates"
 */
export function updateOf(
  updates: Readonly<Record<string, AttributeValueUpdate>> | undefined,
  terms: Terms,
): string | undefined {
  const sections: Record<"SET" | "REMOVE" | "ADD" | "DELETE", string[]> = { SET: [], REMOVE: [], ADD: [], DELETE: [] };
  for (const [attribute, { Action = "PUT", Value }] of Object.entries(updates ?? {})) {
    const kind = Value && (Object.keys(Value)[0] ?? "");
    if (Value === undefined && Action !== "DELETE") {
      throw refused("Only DELETE action is allowed when no attribute value is specified");
    }
    if (Value === undefined) {
      sections.REMOVE.push(terms.name(attribute));
      continue;
    }
    if (Action === "DELETE" && !SETS.has(kind ?? "")) {
      throw refused(`DELETE action with value is not supported for the type ${kind}`);
    }
    if (Action === "ADD" && !ADDABLE.has(kind ?? "")) {
      throw refused(`ADD action is not supported for the type ${kind}`);
    }
    const name = terms.name(attribute);
    const value = terms.value(Value);
    if (Action === "PUT") sections.SET.push(`${name} = ${value}`);
    else if (Action === "DELETE") sections.DELETE.push(`${name} ${value}`);
    else if (kind === "L") sections.SET.push(appended(name, value, terms));
    else sections.ADD.push(`${name} ${value}`);
  }
  const update = Object.entries(sections)
    .filter(([, list]) => list.length > 0)
    .map(([section, list]) => `${section} ${list.join(", ")}`)
    .join(" ");
  return update === "" ? undefined : update;
}

/** Adding a list appends its elements; expressions say it with a function. */
function appended(name: string, value: string, terms: Terms): string {
  const none = terms.value({ L: [] });
  return `${name} = list_append(if_not_exists(${name}, ${none}), ${value})`;
}

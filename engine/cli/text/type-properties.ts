import type { PropertyDescription } from "../../services/describe-type.ts";
import type { Output } from "../output.ts";
import { alignColumns } from "./table.ts";

/** What a change of a property does to its resource. */
export function replacementText({ replaces }: PropertyDescription): string {
  if (replaces === "always") return "replaces the resource";
  return replaces === "sometimes" ? "may replace the resource" : "is made in place";
}

/** A property a line, deeper ones indented; `prefix` is the path they all begin with. */
export function propertyRows(
  { colors }: Output,
  properties: readonly PropertyDescription[],
  prefix: string,
): string[] {
  return alignColumns(
    properties.map((property) => {
      const steps = property.path.slice(prefix.length).split(".").filter((step) => step !== "*");
      const name = "  ".repeat(steps.length - 1) + (steps.at(-1) ?? "");
      return [property.isRequired ? colors.bold(name) : name, property.type, remarks(property)];
    }),
    "  ",
  );
}

const ALLOWED_MAX = 6;

function remarks(property: PropertyDescription): string {
  const { allowed = [] } = property;
  const values = allowed.length > ALLOWED_MAX ? [...allowed.slice(0, ALLOWED_MAX), "..."] : allowed;
  return [
    property.isRequired && "required",
    property.default !== undefined && `default ${JSON.stringify(property.default)}`,
    property.replaces !== "never" && replacementText(property),
    property.isRecordedOnly && "recorded only",
    property.isWriteOnly && "never read back",
    property.isSensitive && "secret",
    property.isRefused && "refused",
    property.refersTo !== undefined && `Ref of ${property.refersTo}`,
    values.length > 0 && values.map(String).join(" | "),
    property.description,
  ]
    .filter((remark) => typeof remark === "string")
    .join("; ");
}

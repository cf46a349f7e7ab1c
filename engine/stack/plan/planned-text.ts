import type { PlannedValue } from "./plan.ts";
import { MASK } from "./sensitive.ts";

type Piece = string | { readonly knownAfterApply: string };

/**
 * A planned value on one line: JSON, `(known after apply: Net)` for what is not known yet, and of a text that is known
 * in part what is known: `"vpc/${Net}" (known after apply)`.
 */
export function plannedText(value: PlannedValue): string {
  if (value === undefined) return "(absent)";
  if (value === MASK) return MASK;
  if (Array.isArray(value)) return `[${value.map(plannedText).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const unknown = unknownOf(value);
  if (unknown?.pieces) {
    const text = unknown.pieces.map((piece) => (typeof piece === "string" ? piece : `\${${piece.knownAfterApply}}`));
    return `${JSON.stringify(text.join(""))} (known after apply)`;
  }
  if (unknown) return `(known after apply: ${unknown.knownAfterApply})`;
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}: ${plannedText(inner)}`)
    .join(", ")}}`;
}

interface PlannedUnknown {
  readonly knownAfterApply: string;
  readonly pieces?: readonly Piece[];
}

function unknownOf(value: object): PlannedUnknown | undefined {
  const isUnknown = "knownAfterApply" in value && typeof value.knownAfterApply === "string";
  return isUnknown ? (value as PlannedUnknown) : undefined;
}

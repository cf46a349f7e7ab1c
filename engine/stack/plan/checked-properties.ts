import { ServiceError } from "../../services/errors.ts";
import type { AnyResourceType } from "../../services/resource-type.ts";
import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { firstUnknown, type Value } from "../expressions/value.ts";
import { isStored } from "../parameters/resolve-stored.ts";
import { checkProperties } from "../registry/check-properties.ts";

type SpanOf = (path: readonly (string | number)[], wanted: "key" | "value") => Span;

/** Properties held against their type's schema and, of the values that are known, against the service's own checks. */
export function checkedProperties(
  type: AnyResourceType,
  value: Value,
  spanOf: SpanOf,
  problems: Problem[],
): { readonly [name: string]: Value } {
  const before = problems.length;
  const desired = checkProperties(type.name, type.properties, value, spanOf, problems);
  // A value that does not fit the schema is not shown to the service as well.
  if (problems.length === before) problems.push(...refusals(type, desired, spanOf));
  return desired;
}

/** What the service would refuse, of the values that are known. */
function refusals(type: AnyResourceType, desired: { readonly [name: string]: Value }, spanOf: SpanOf): Problem[] {
  return Object.entries(type.checks ?? {}).flatMap(([property, check]) => {
    const value = desired[property];
    if (value === undefined || firstUnknown(value) || isStored(value)) return [];
    try {
      (check as (value: Value) => unknown)(value);
      return [];
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return [problem("CS1210", `${property} of ${type.name}: ${error.message}`, spanOf([property], "value"))];
    }
  });
}

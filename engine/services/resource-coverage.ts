import type { AnyResourceType } from "./resource-type.ts";

/** What a template can say about one property, and what becomes of it. */
export interface PropertyCoverage {
  readonly name: string;
  readonly isRequired: boolean;
  /** A change replaces the resource. */
  readonly isCreateOnly: boolean;
  readonly isWriteOnly: boolean;
  /** Kept, but nothing acts on it yet. */
  readonly isRecordedOnly: boolean;
}

export interface ResourceTypeCoverage {
  readonly name: string;
  readonly summary: string;
  readonly properties: readonly PropertyCoverage[];
  readonly attributes: readonly string[];
  /** The attribute that `Ref` gives. */
  readonly ref: string;
}

const isAmong = (names: readonly string[] | undefined, name: string) => names?.includes(name) ?? false;

/** What one resource type covers, from its row alone. Shape: properties in the order of the row. */
export function resourceTypeCoverage(type: AnyResourceType): ResourceTypeCoverage {
  const { properties, required = [] } = type.properties as {
    properties: Record<string, unknown>;
    required?: readonly string[];
  };
  return {
    name: type.name,
    summary: type.summary,
    properties: Object.keys(properties).map((name) => ({
      name,
      isRequired: required.includes(name),
      isCreateOnly: isAmong(type.createOnly, name),
      isWriteOnly: isAmong(type.writeOnly, name),
      isRecordedOnly: isAmong(type.recordedOnly, name),
    })),
    attributes: Object.keys((type.attributes as { properties: Record<string, unknown> }).properties),
    ref: type.ref,
  };
}

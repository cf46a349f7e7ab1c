import { equalValues } from "../../stack/expressions/value.ts";
import { isReadBack } from "../../stack/plan/differences.ts";
import type { LiveState } from "../../stack/plan/live-state.ts";
import { isUnknownCty, type CtyObject, type CtyValue } from "../../protocols/terraform/cty-value.ts";
import { ctyOf } from "./form.ts";
import { ID, versionOf, type Mapping } from "./mapping.ts";
import type { Memory } from "./memory.ts";

const isSame = (a: unknown, b: unknown) => (a === undefined || b === undefined ? a === b : equalValues(a, b));

/** Everything about a resource as it is. */
export function liveCty({ fields, outputs }: Mapping, live: LiveState): CtyObject {
  const declared = Object.entries(fields).map(([name, { property, shape }]): [string, CtyValue] => [
    name,
    ctyOf(shape, live.properties[property]),
  ]);
  const told = Object.entries(outputs).map(([name, { property, shape }]): [string, CtyValue] => [
    name,
    ctyOf(shape, live.attributes[property]),
  ]);
  return { ...Object.fromEntries([...declared, ...told]), [ID]: live.id };
}

/**
 * The state after another look. What was declared and is as it was recorded stays in the words of its configuration;
 * what was changed behind Terraform's back is shown as it is.
 */
export function refreshedCty(mapping: Mapping, current: CtyObject, memory: Memory, live: LiveState): CtyObject {
  const { type, fields, secrets } = mapping;
  const kept = Object.entries(fields).flatMap(([name, { property }]): [string, CtyValue][] => {
    const isDeclared = memory.declared[property] !== undefined;
    const isAsRecorded = isDeclared && isSame(memory.recorded[property], live.properties[property]);
    return !isReadBack(type, property) || isAsRecorded ? [[name, current[name] ?? null]] : [];
  });
  return { ...liveCty(mapping, live), ...Object.fromEntries(kept), ...versions(secrets, current) };
}

/** The state after apply: what was planned, and what only apply could tell. */
export function appliedCty(mapping: Mapping, planned: CtyObject, live: LiveState): CtyObject {
  const actual = liveCty(mapping, live);
  const names = Object.keys(mapping.schema.attributes);
  return Object.fromEntries(
    names.map((name) => {
      const value = planned[name] ?? null;
      return [name, isUnknownCty(value) ? (actual[name] ?? null) : value];
    }),
  );
}

const versions = (secrets: readonly string[], current: CtyObject): CtyObject =>
  Object.fromEntries(secrets.map((name) => [versionOf(name), current[versionOf(name)] ?? null]));

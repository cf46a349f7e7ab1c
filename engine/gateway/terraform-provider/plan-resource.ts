import { differencesOf, type Difference } from "../../stack/plan/differences.ts";
import { sameCty, UNKNOWN, type CtyObject, type CtyValue } from "../../protocols/terraform/cty-value.ts";
import type { PathStep, PlannedChange, ResourceChange } from "../../protocols/terraform/provider.ts";
import { ctyOf, pathOf, plannedCty, type Values } from "./form.ts";
import { ID, versionOf, type Mapping } from "./mapping.ts";
import { liveOf, memoryOfState, readMemory, recordOf, withoutSecrets, writeMemory, type Memory } from "./memory.ts";
import { checkedConfig, isRefused } from "./told.ts";

/** What a configuration changes of a resource that is there: worked out by the planner of stacks. */
export interface Changes {
  readonly differences: readonly Difference[];
  /** What nobody declares and somebody changed, as it is to be again. */
  readonly restored: Values;
  /** Secrets whose version was changed. */
  readonly resent: readonly string[];
}

export function changesOf(mapping: Mapping, desired: Values, memory: Memory, change: ResourceChange): Changes {
  const { prior, config } = change;
  const id = String(prior?.[ID] ?? "");
  const declared = withoutSecrets(mapping, desired);
  const found = differencesOf(mapping.type, declared, recordOf(mapping, id, memory), liveOf(id, memory));
  const isResent = (name: string) => !sameCty(prior?.[versionOf(name)] ?? null, config?.[versionOf(name)] ?? null);
  return { ...found, resent: mapping.secrets.filter(isResent) };
}

/** What apply would do, told before it is done. Touches nothing, and reads nothing but what Terraform brings along. */
export function planResource(mapping: Mapping, change: ResourceChange): PlannedChange {
  const { prior, config } = change;
  if (!config) return { planned: null, private: change.private };
  const { desired, diagnostics } = checkedConfig(mapping, config);
  if (isRefused(diagnostics)) return { planned: prior, private: change.private, diagnostics };
  if (!prior) return { planned: plannedCreation(mapping, config, desired), diagnostics };
  const memory = readMemory(change.private) ?? memoryOfState(mapping, prior);
  const changes = changesOf(mapping, desired, memory, change);
  const forcing = changes.differences.filter(({ forcesReplacement }) => forcesReplacement);
  return {
    planned: plannedUpdate(mapping, { prior, config, desired, changes }),
    private: writeMemory(memory),
    requiresReplace: distinct(forcing.map(({ path }) => pathOf(mapping.fields, path))),
    diagnostics,
  };
}

function distinct(paths: readonly (readonly PathStep[])[]): readonly (readonly PathStep[])[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}

const versionsIn = ({ secrets }: Mapping, config: CtyObject): CtyObject =>
  Object.fromEntries(secrets.flatMap((name) => [[name, null], [versionOf(name), config[versionOf(name)] ?? null]]));

function plannedCreation(mapping: Mapping, config: CtyObject, desired: Values): CtyObject {
  const { fields, outputs, schema } = mapping;
  const declared = Object.entries(fields).map(([name, { property, shape }]): [string, CtyValue] => {
    const planned = plannedCty(shape, config[name] ?? null, desired[property], null);
    return [name, planned === null && isComputed(mapping, name) ? UNKNOWN : planned];
  });
  const told = [...Object.keys(outputs), ID].map((name): [string, CtyValue] => [name, UNKNOWN]);
  return withAll(schema.attributes, {
    ...Object.fromEntries([...declared, ...told]),
    ...versionsIn(mapping, config),
  });
}

interface Update {
  readonly prior: CtyObject;
  readonly config: CtyObject;
  readonly desired: Values;
  readonly changes: Changes;
}

function plannedUpdate(mapping: Mapping, { prior, config, desired, changes }: Update): CtyObject {
  const { type, fields, outputs, schema } = mapping;
  const changed = new Set(changes.differences.map(({ path }) => path[0]));
  const declared = Object.entries(fields).map(([name, { property, shape }]): [string, CtyValue] => {
    const [before, wanted] = [prior[name] ?? null, config[name] ?? null];
    // What means the same stays in the words it had.
    if (!changed.has(property) && (before !== null || wanted === null)) return [name, before];
    const planned = plannedCty(shape, wanted, desired[property], before);
    if (planned !== null || wanted !== null) return [name, planned];
    const restored = changes.restored[property];
    if (restored !== undefined) return [name, ctyOf(shape, restored)];
    return [name, isComputed(mapping, name) ? UNKNOWN : null];
  });
  const derived = (type.derivedAttributes ?? {}) as Readonly<Record<string, readonly string[]>>;
  const told = Object.entries(outputs).map(([name, { property }]): [string, CtyValue] => {
    const follows = derived[property]?.some((each) => changed.has(each)) ?? false;
    return [name, follows ? UNKNOWN : (prior[name] ?? null)];
  });
  return withAll(schema.attributes, {
    ...Object.fromEntries([...declared, ...told]),
    ...versionsIn(mapping, config),
    [ID]: prior[ID] ?? null,
  });
}

const isComputed = ({ schema }: Mapping, name: string) => schema.attributes[name]?.use === "optional-computed";

const withAll = (attributes: Readonly<Record<string, unknown>>, values: CtyObject): CtyObject =>
  Object.fromEntries(Object.keys(attributes).map((name) => [name, values[name] ?? null]));

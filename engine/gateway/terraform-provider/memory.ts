import type { Private } from "../../protocols/terraform/provider.ts";
import { equalValues, withoutUndefined } from "../../stack/expressions/value.ts";
import type { LiveState } from "../../stack/plan/live-state.ts";
import type { Properties, ResourceRecord } from "../../stack/state/model.ts";
import type { CtyObject } from "../../protocols/terraform/cty-value.ts";
import { valuesOf } from "./form.ts";
import { ID, type Mapping } from "./mapping.ts";

/**
 * What a stack's record would say of a resource, kept by Terraform beside its state: by it the planner tells what is
 * declared anew from what was changed behind Terraform's back.
 */
export interface Memory {
  readonly version: 1;
  /** The properties as they were declared, with the schema's defaults; secrets are not among them. */
  readonly declared: Properties;
  /** As the handler reported them when they were applied. */
  readonly recorded: Properties;
  /** As they were when they were last read, where that is not the same. */
  readonly live?: Properties;
}

export const readMemory = (bytes: Private): Memory | undefined =>
  bytes && bytes.length > 0 ? (JSON.parse(bytes.toString("utf8")) as Memory) : undefined;

export const writeMemory = (memory: Memory): Buffer => Buffer.from(JSON.stringify(memory), "utf8");

/** Memory of what was just applied. */
export const memoryOf = (mapping: Mapping, declared: Properties, live: LiveState): Memory => ({
  version: 1,
  declared: withoutSecrets(mapping, declared),
  recorded: plain(live.properties),
});

/** Memory of what is there already: nothing declared, all of it as it is. */
export const memoryOfImport = (live: LiveState): Memory => ({
  version: 1,
  declared: {},
  recorded: plain(live.properties),
});

/** Memory of a state that somebody wrote without one. */
export const memoryOfState = ({ fields }: Mapping, state: CtyObject): Memory => ({
  version: 1,
  declared: {},
  recorded: valuesOf(fields, state),
});

/** The same memory after another look at the resource. */
export function remembering({ declared, recorded }: Memory, live: LiveState): Memory {
  const now = plain(live.properties);
  return { version: 1, declared, recorded, ...(!equalValues(now, recorded) && { live: now }) };
}

/** Exactly what reading the JSON again will give, so that nothing seems to have changed. */
const plain = (values: Properties): Properties => JSON.parse(JSON.stringify(withoutUndefined(values))) as Properties;

export function withoutSecrets({ fields, secrets }: Mapping, values: Properties): Properties {
  const hidden = new Set(secrets.map((name) => fields[name]?.property));
  return Object.fromEntries(Object.entries(values).filter(([property]) => !hidden.has(property)));
}

/** As a stack would have recorded it. */
export const recordOf = ({ type }: Mapping, id: string, memory: Memory): ResourceRecord => ({
  version: 1,
  logicalId: ID,
  type: type.name,
  id,
  properties: memory.declared,
  live: memory.recorded,
  attributes: {},
  sensitive: [],
  dependencies: [],
  deletionPolicy: "Delete",
  updateReplacePolicy: "Delete",
});

/** The live state that a plan is made against. */
export const liveOf = (id: string, { live, recorded }: Memory): LiveState => ({
  id,
  properties: live ?? recorded,
  attributes: {},
});


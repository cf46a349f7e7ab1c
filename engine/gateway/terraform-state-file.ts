import { AWS_TERRAFORM_TYPES } from "../clouds/aws/terraform-types.ts";
import { defineErrors } from "../services/errors.ts";
import type { Adoptable } from "../stack/export/adopted-stack.ts";
import { freeName } from "../stack/export/free-name.ts";
import type { TerraformType } from "../stack/export/terraform/terraform-type.ts";
import type { Registry } from "../stack/registry/registry.ts";
import { logicalIdFrom } from "./logical-id.ts";
import { ownTerraformType } from "./own-terraform-type.ts";

const errors = defineErrors({
  UnreadableState: {
    kind: "invalidInput",
    message: ({ reason }: { reason: string }) => `This is not a state of Terraform: ${reason}.`,
  },
});
const STATE_VERSION = 4;

/** What is not taken over, and why, without a full stop. */
export interface LeftOut {
  readonly address: string;
  readonly reason: string;
}

interface State {
  readonly version?: number;
  readonly resources?: readonly StateResource[];
}
interface StateResource {
  readonly module?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly attributes?: Readonly<Record<string, unknown>>;
    readonly dependencies?: readonly string[];
  }[];
}
interface Instance {
  readonly address: string;
  /** Without the index: what dependencies name. */
  readonly resource: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
}

/**
 * What a state holds that this engine has types for, and what it holds besides.
 * Errors: `UnreadableState`
 */
export function readTerraformState(
  text: string,
  registry: Registry,
): { readonly adoptables: readonly Adoptable[]; readonly left: readonly LeftOut[] } {
  const types = typesByResource(registry);
  const parts = partsByResource();
  const left: LeftOut[] = [];
  const names = new Map<string, string[]>();
  const taken = new Set<string>();
  const instances = instancesIn(parsed(text));
  const adopted = instances.flatMap((instance) => {
    const { address, resource, type, attributes } = instance;
    const known = types.get(type);
    const id = known && attributes[known.idAttribute];
    if (!known || typeof id !== "string") {
      left.push({ address, reason: reasonFor(type, parts, instances) });
      return [];
    }
    const logicalId = freeName(logicalIdFrom(address.replace(type, "")), taken);
    taken.add(logicalId);
    names.set(resource, [...(names.get(resource) ?? []), logicalId]);
    return [{ instance, logicalId, type: known.type, id }];
  });
  const adoptables = adopted.map(({ instance, ...each }) => ({
    ...each,
    dependencies: instance.dependencies.flatMap((resource) => names.get(resource) ?? []),
  }));
  return { adoptables, left };
}

function parsed(text: string): State {
  let state: State;
  try {
    state = JSON.parse(text) as State;
  } catch (cause) {
    throw errors.UnreadableState({ reason: `it is not JSON (${cause instanceof Error ? cause.message : ""})` });
  }
  if (state?.version === STATE_VERSION && Array.isArray(state.resources)) return state;
  throw errors.UnreadableState({ reason: `its version is ${String(state?.version)}, and ${STATE_VERSION} is read` });
}

const instancesIn = ({ resources = [] }: State): readonly Instance[] =>
  resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ module, type, name, instances }) =>
      instances.map(({ index_key: index, attributes = {}, dependencies = [] }) => {
        const resource = [...(module === undefined ? [] : [module]), type, name].join(".");
        const address = index === undefined ? resource : `${resource}[${JSON.stringify(index)}]`;
        return { address, resource, type, attributes, dependencies };
      }),
    );

interface Known {
  readonly type: string;
  readonly idAttribute: string;
}

/** Types of this engine by the resources that Terraform has for them. */
function typesByResource(registry: Registry): ReadonlyMap<string, Known> {
  const found = new Map<string, Known>();
  const add = (type: string, { resource, idAttribute }: TerraformType) => {
    if (idAttribute !== undefined) found.set(resource, { type, idAttribute });
  };
  for (const type of registry.names) {
    const registered = registry.get(type);
    const own = registered && ownTerraformType(registered);
    if (own) add(type, own);
  }
  for (const [type, row] of Object.entries(AWS_TERRAFORM_TYPES)) add(type, row);
  return found;
}

/** The resource that another one is a part of: `aws_s3_bucket` for `aws_s3_bucket_versioning`. */
const partsByResource = (): ReadonlyMap<string, string> =>
  new Map(
    Object.values(AWS_TERRAFORM_TYPES).flatMap(({ resource, parts = [] }) => parts.map((part) => [part, resource])),
  );

function reasonFor(type: string, parts: ReadonlyMap<string, string>, instances: readonly Instance[]): string {
  const whole = parts.get(type);
  if (whole === undefined) return `CloudStacks has no type for ${type}`;
  return instances.some((each) => each.type === whole)
    ? `it is a part of its ${whole} and comes with it`
    : `it is a part of an ${whole} that the state does not have`;
}

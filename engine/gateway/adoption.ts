import type { Scope } from "../services/context.ts";
import { defineErrors } from "../services/errors.ts";
import type { Adoptable } from "../stack/export/adopted-stack.ts";
import { freeName } from "../stack/export/free-name.ts";
import { writeYaml } from "../stack/export/write-yaml.ts";
import { resourceOwners } from "../stack/state/read-state.ts";
import type { Engine } from "./engine.ts";
import { listResources } from "./list-resources.ts";
import { logicalIdFrom } from "./logical-id.ts";
import { readTerraformState, type LeftOut } from "./terraform-state-file.ts";

const errors = defineErrors({
  NothingToAdopt: {
    kind: "notFound",
    message: ({ left }: { left: readonly LeftOut[] }) =>
      ["There is nothing to take over.", ...left.map((each) => `${each.address}: ${each.reason}.`)].join("\n  "),
  },
  StackHasMore: {
    kind: "failedPrecondition",
    message: ({ stack, names }: { stack: string; names: readonly string[] }) =>
      `The stack ${stack} has ${names.join(", ")} beside what is to be taken over: choose another name.`,
  },
});

/** What exists already, from where it is told. */
export interface AdoptionInput {
  readonly stack: string;
  /** The text of a state of Terraform; without it, what is there and belongs to no stack. */
  readonly state?: string | undefined;
}

/** The template that takes it over, and what that leaves out. */
export interface Adoption {
  readonly file: string;
  readonly text: string;
  readonly left: readonly LeftOut[];
}

/**
 * Says how things that exist become a stack. Touches nothing: to plan and deploy the template is what does it.
 * Errors: `NothingToAdopt`, `StackHasMore`, `UnreadableState`
 */
export async function adopt(engine: Engine, scope: Scope, { stack, state }: AdoptionInput): Promise<Adoption> {
  const { adoptables, left } =
    state === undefined
      ? { adoptables: await unmanaged(engine, scope, stack), left: [] }
      : readTerraformState(state, engine.registry);
  const adopted = await engine.stacks.adoption({ scope, stack }, adoptables);
  const missing = adopted.missing.map(({ logicalId, type, id }) => ({
    address: logicalId,
    reason: `this engine has no ${type} with the id ${id}`,
  }));
  const all = [...left, ...missing];
  if (adopted.stack.resources.length === 0) throw errors.NothingToAdopt({ left: all });
  const names = new Set(adopted.stack.resources.map((each) => each.logicalId));
  const there = (await engine.stacks.get(scope, stack))?.resources ?? [];
  const more = there.map(({ logicalId }) => logicalId).filter((each) => !names.has(each));
  if (more.length > 0) throw errors.StackHasMore({ stack, names: more });
  const file = `${stack}.yaml`;
  return { file, text: writeYaml(adopted.stack).files[file] ?? "", left: all };
}

/** What belongs to no stack, or to this one already. */
async function unmanaged(engine: Engine, scope: Scope, stack: string): Promise<readonly Adoptable[]> {
  const { registry } = engine;
  const owners = await engine.store.read((tx) => resourceOwners(tx, scope));
  const taken = new Set<string>();
  return (await listResources(engine, scope)).flatMap(({ type, id }): Adoptable[] => {
    const twins = registry.twinsOf(type).map((name) => {
      const twin = registry.get(name)?.type;
      return owners(name, twin?.idOfTwin?.(id, scope) ?? id);
    });
    const owner = [owners(type, id), ...twins].find((each) => each !== undefined);
    if (owner && owner.stack !== stack) return [];
    const logicalId = owner?.logicalId ?? freeName(logicalIdFrom(id.split(/[:/]/).at(-1) ?? id), taken);
    taken.add(logicalId);
    return [{ logicalId, type, id, dependencies: [] }];
  });
}

import type { Plan, PlannedValue, ResourceChange } from "../../stack/plan/plan.ts";

const NAMED_MAX = 3;

type Changes = Pick<Plan, "changes">;

/**
 * What follows for others from a resource that is made anew: whose properties are known only after apply because of
 * it. `replaces what Web depends on: Web's SubnetID is known after apply`.
 */
export function consequencesOf(change: ResourceChange, plan: Changes): readonly string[] {
  if (change.action !== "replace") return [];
  const found = followersOf(plan).get(change.logicalId) ?? [];
  if (found.length === 0) return [];
  const names = [...new Set(found.map(({ logicalId }) => logicalId))];
  const properties = found.map(({ logicalId, path }) => `${logicalId}'s ${path}`);
  const verb = names.length === 1 ? "depends" : "depend";
  const are = properties.length === 1 ? "is" : "are";
  return [`replaces what ${listed(names)} ${verb} on: ${listed(properties)} ${are} known after apply`];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, NAMED_MAX);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return shown.length < 2 ? shown.join("") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

type Followers = ReadonlyMap<string, readonly { readonly logicalId: string; readonly path: string }[]>;
const followers = new WeakMap<Changes, Followers>();

/** By logical id: the properties of existing resources that wait for it. Worked out once for a plan. */
function followersOf(plan: Changes): Followers {
  const known = followers.get(plan);
  if (known) return known;
  const found = new Map<string, { logicalId: string; path: string }[]>();
  for (const { action, logicalId, properties } of plan.changes) {
    if (action !== "update" && action !== "replace") continue;
    for (const { path, new: value, isKnownAfterApply } of properties) {
      if (!isKnownAfterApply) continue;
      for (const source of new Set(sourcesOf(value))) {
        const each = { logicalId, path };
        const already = found.get(source);
        if (already) already.push(each);
        else found.set(source, [each]);
      }
    }
  }
  followers.set(plan, found);
  return found;
}

/** The logical ids that a planned value waits for. */
function sourcesOf(value: PlannedValue): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = "knownAfterApply" in value ? [String(value.knownAfterApply).split(".")[0] ?? ""] : [];
  return [...own, ...Object.values(value).flatMap(sourcesOf)];
}

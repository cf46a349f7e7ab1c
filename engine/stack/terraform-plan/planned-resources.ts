import { isObject } from "../../platform/is-object.ts";
import type { PlannedProperties, PlannedResource } from "../plan/planned-resource.ts";
import type { LikenessOf, Sides } from "./likeness.ts";
import { likeAws } from "./aws-likeness.ts";
import { dependenciesOf } from "./dependencies.ts";
import type { TerraformPlanJson, TerraformResourceChange } from "./plan-json.ts";
import { actionOf, type PlaceOf } from "./planned-changes.ts";

interface Asked {
  readonly stack: string;
  readonly region: string;
  readonly placeOf: PlaceOf;
  /** Of the types of our own provider. */
  readonly ownLikeness?: LikenessOf;
}

/**
 * The resources of a plan of Terraform's, as prices and policies read them: addresses as logical ids, attributes as
 * properties; what AWS or this engine has is told in the words of templates, too. Pure.
 */
export function terraformResources(json: TerraformPlanJson, asked: Asked): readonly PlannedResource[] {
  const changes = (json.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  const dependencies = dependenciesOf(json);
  const all = changes.map(sidesOf);
  return changes.map((change, index): PlannedResource => {
    const sides = all[index] as Sides;
    const { address, type, before, after } = sides;
    const like = asked.ownLikeness?.(type, before, after) ?? likeAws(sides, all, dependencies);
    const range = asked.placeOf(address);
    const { tags = tagsIn(after), ...words } = like ?? {};
    return {
      stack: asked.stack,
      region: asked.region,
      logicalId: address,
      type,
      action: actionOf(change),
      ...(before && { before }),
      ...(after && { after }),
      ...(tags && { tags }),
      ...("type" in words && { like: words }),
      ...(range && { range, ...(range.program !== undefined && { file: range.program }) }),
    };
  });
}

function sidesOf({ address, type, change }: TerraformResourceChange): Sides {
  const { before, after } = change;
  const isGone = after === null || after === undefined || change.actions.includes("forget");
  return {
    address,
    type,
    before: isObject(before) ? (shown(before, undefined, change.before_sensitive, "") as PlannedProperties) : undefined,
    after: isGone ? undefined : (shown(after, change.after_unknown, change.after_sensitive, "") as PlannedProperties),
  };
}

const MASK = "****";

/** A value with the marks that Terraform keeps beside it; what a provider left out is left out. */
function shown(value: unknown, unknown: unknown, sensitive: unknown, path: string): unknown {
  if (sensitive === true) return MASK;
  if (unknown === true) return { knownAfterApply: path };
  const below = (key: string, inner: unknown) =>
    shown(inner, partOf(unknown, key), partOf(sensitive, key), path === "" ? key : `${path}.${key}`);
  if (Array.isArray(value)) return value.map((each, index) => below(String(index), each));
  if (!isObject(value)) return value;
  const keys = new Set([...Object.keys(value), ...(isObject(unknown) ? Object.keys(unknown) : [])]);
  const parts = [...keys].map((key) => [key, below(key, value[key])] as const);
  return Object.fromEntries(parts.filter(([, each]) => each !== undefined && each !== null));
}

const partOf = (marks: unknown, key: string): unknown =>
  typeof marks === "object" && marks !== null ? (marks as Readonly<Record<string, unknown>>)[key] : undefined;

/** Providers that have tags call them so; `tags_all` has those of the provider's own settings as well. */
function tagsIn(after: PlannedProperties | undefined): PlannedResource["tags"] {
  const tags = after?.["tags_all"] ?? after?.["tags"];
  return isObject(tags) && !Object.hasOwn(tags, "knownAfterApply") ? tags : undefined;
}

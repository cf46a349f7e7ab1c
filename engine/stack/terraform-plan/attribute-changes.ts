import { isDeepStrictEqual } from "node:util";
import type { PropertyChange } from "../plan/plan.ts";
import type { TerraformChange } from "./plan-json.ts";

type Path = readonly (string | number)[];

/** One attribute before and after, with the marks that Terraform keeps beside it. */
interface Sides {
  readonly before: unknown;
  readonly after: unknown;
  readonly unknown: unknown;
  readonly beforeSensitive: unknown;
  readonly afterSensitive: unknown;
}

const MASK = "****";

/**
 * The attributes that differ, as deep as the difference goes. Of a replacement those that are only known after it are
 * left out, unless they force it: everything that a provider computes is then made anew.
 */
export function attributeChanges(change: TerraformChange, isReplacement: boolean): PropertyChange[] {
  const forcing = (change.replace_paths ?? []).map((path) => path.join("."));
  const sides: Sides = {
    before: change.before,
    after: change.after,
    unknown: change.after_unknown,
    beforeSensitive: change.before_sensitive,
    afterSensitive: change.after_sensitive,
  };
  const forces = (path: string) => forcing.some((each) => isWithin(each, path) || isWithin(path, each));
  return differences(sides, [])
    .map((each) => ({ ...each, forcesReplacement: forces(each.path) }))
    .filter((each) => !isReplacement || !each.isKnownAfterApply || each.forcesReplacement);
}

const isWithin = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}.`);

const isTree = (value: unknown): value is object => typeof value === "object" && value !== null;
/** Providers write what is absent as null in one place, and as an empty value in another. */
const isAbsent = (value: unknown): boolean =>
  value === null || value === undefined || value === "" || (isTree(value) && Object.keys(value).length === 0);
const at = (value: unknown, key: string): unknown => (isTree(value) ? (value as Record<string, unknown>)[key] : value);

function differences(sides: Sides, path: Path): Omit<PropertyChange, "forcesReplacement">[] {
  const { before, after, unknown } = sides;
  const isSensitive = sides.beforeSensitive === true || sides.afterSensitive === true;
  if (unknown !== true && !isSensitive) {
    if (isAbsent(before) && isAbsent(after) && !holdsTrue(unknown)) return [];
    if (isDeepStrictEqual(before, after) && !holdsTrue(unknown)) return [];
    if (goesDeeper(before, after)) return parts(sides).flatMap(([key, each]) => differences(each, [...path, key]));
  }
  if (isSensitive && unknown !== true && isDeepStrictEqual(before, after)) return [];
  const isKnownAfterApply = unknown === true || (holdsTrue(unknown) && isAbsent(after));
  const shown = (value: unknown) => (isSensitive ? MASK : value);
  return [
    {
      path: path.join("."),
      ...(!isAbsent(before) && { old: shown(before) }),
      ...(isKnownAfterApply
        ? { new: { knownAfterApply: path.join(".") } }
        : !isAbsent(after) && { new: shown(after) }),
      cause: "template",
      isKnownAfterApply,
      isSensitive,
    },
  ];
}

/** Lists of another length and values of another kind are shown whole. */
function goesDeeper(before: unknown, after: unknown): boolean {
  if (!isTree(before) || !isTree(after)) return false;
  if (Array.isArray(before) || Array.isArray(after))
    return Array.isArray(before) && Array.isArray(after) && before.length === after.length;
  return true;
}

function parts(sides: Sides): (readonly [string, Sides])[] {
  const trees = [sides.before, sides.after, sides.unknown].filter(isTree);
  const keys = new Set(trees.flatMap((tree) => Object.keys(tree)));
  return [...keys].map((key) => [
    key,
    {
      before: at(sides.before, key),
      after: at(sides.after, key),
      unknown: at(sides.unknown, key),
      beforeSensitive: at(sides.beforeSensitive, key),
      afterSensitive: at(sides.afterSensitive, key),
    },
  ]);
}

const holdsTrue = (marks: unknown): boolean =>
  marks === true || (isTree(marks) && Object.values(marks).some(holdsTrue));

import type { AnyResourceType, Replacement } from "../../services/resource-type.ts";
import { equalValues, firstUnknown, isList, isMap, type Value } from "../expressions/value.ts";

type Values = Value | undefined;
type Path = readonly string[];
const EACH = "*";

/**
 * The paths, within a property whose value changes, that the change cannot be made in place for. Empty when it can.
 * What is known only after apply may be anything, so that a rule about it counts as met: a plan never finds out later.
 */
export function forcingPaths(type: AnyResourceType, property: string, before: Values, after: Values): readonly Path[] {
  const rules = Object.entries(type.replacement as Readonly<Record<string, Replacement>>);
  return rules.flatMap(([name, rule]) => {
    const path = name.split(".");
    if (path[0] !== property) return [];
    const [from, to] = [valueAt(before, path.slice(1)), valueAt(after, path.slice(1))];
    if (isSame(from, to)) return [];
    return rule === "always" || firstUnknown(from) || firstUnknown(to) || rule(from, to) ? [path] : [];
  });
}

/** Whether a difference at `path` is, contains or belongs to one of these. */
export const isForced = (forcing: readonly Path[], path: Path): boolean =>
  forcing.some((each) => {
    const depth = Math.min(each.length, path.length);
    return each.slice(0, depth).every((step, i) => step === EACH || step === path[i]);
  });

const isSame = (a: Values, b: Values) => (a === undefined ? b === undefined : equalValues(a, b));

/** What stands at a path; below `*` the values of every element, in order. */
function valueAt(value: Values, path: Path): Values {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined || firstUnknown(value) === value) return value;
  if (step !== EACH) return isMap(value) ? valueAt(value[step], rest) : undefined;
  const elements = isList(value) ? value : isMap(value) ? Object.values(value) : [];
  return elements.map((element) => valueAt(element, rest) ?? null);
}

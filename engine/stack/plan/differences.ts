import type { AnyResourceType } from "../../services/resource-type.ts";
import { equalValues, isMap, type Value } from "../expressions/value.ts";
import { forcingPaths, isForced } from "../registry/replacement.ts";
import type { ResourceRecord } from "../state/model.ts";
import type { LiveState } from "./live-state.ts";

/** A property that will be set: where, from what, to what, why. */
export interface Difference {
  readonly path: readonly string[];
  readonly old: Value | undefined;
  readonly new: Value | undefined;
  readonly cause: "template" | "drift";
  readonly forcesReplacement: boolean;
}

type Map = { readonly [name: string]: Value };
const isSame = (a: Value | undefined, b: Value | undefined) =>
  a === undefined ? b === undefined : b !== undefined && equalValues(a, b);

/** Whether the handler's report of a property says anything: what is write-only is never read back. */
export const isReadBack = (type: AnyResourceType, property: string): boolean =>
  !(type.writeOnly as readonly string[] | undefined)?.includes(property);

/**
 * Compares what is declared with what was recorded and, when it was read, with what is there.
 * A property that is declared as before and is as recorded is left alone, in whatever form its handler reports it.
 */
export function differencesOf(
  type: AnyResourceType,
  desired: Map,
  record: ResourceRecord,
  live: LiveState | undefined,
): { readonly differences: readonly Difference[]; readonly restored: Map } {
  const differences: Difference[] = [];
  const restored: Record<string, Value> = {};
  for (const property of Object.keys(type.properties.properties as object)) {
    const [declared, previous, recorded] = [desired[property], record.properties[property], record.live[property]];
    const isVisible = isReadBack(type, property);
    const actual = !isVisible ? previous : live ? live.properties[property] : recorded;
    const isDeclaredAnew = !isSame(declared, previous);
    const isDrifted = isVisible && !isSame(recorded, actual);
    if (isDeclaredAnew && !(declared !== undefined && isSame(declared, actual))) {
      // As CloudFormation does, one declaration is held against the other: a handler may report the same in more words.
      const forcing = forcingPaths(type, property, previous ?? actual, declared);
      expand([property], isDrifted ? actual : (previous ?? actual), declared, (path, from, to) =>
        differences.push({
          path,
          old: from,
          new: to,
          cause: "template",
          forcesReplacement: isForced(forcing, path),
        }),
      );
    } else if (isDrifted) {
      const wanted = declared ?? recorded;
      if (isSame(wanted, actual)) continue;
      if (declared === undefined && recorded !== undefined) restored[property] = recorded;
      const forcing = forcingPaths(type, property, actual, wanted);
      expand([property], actual, wanted, (path, from, to) =>
        differences.push({ path, old: from, new: to, cause: "drift", forcesReplacement: isForced(forcing, path) }),
      );
    }
  }
  return { differences, restored };
}

/** Visits the deepest places where two values differ; lists are compared whole. */
export function expand(
  path: readonly string[],
  from: Value | undefined,
  to: Value | undefined,
  visit: (path: readonly string[], from: Value | undefined, to: Value | undefined) => void,
): void {
  if (isSame(from, to)) return;
  if (!isMap(from) || !isMap(to)) return visit(path, from, to);
  for (const key of new Set([...Object.keys(from), ...Object.keys(to)]))
    expand([...path, key], from[key], to[key], visit);
}

import type { AttributeValue, Item } from "../values/attribute-value.ts";
import type { Path } from "./tree.ts";

/** The value at a path, or undefined where the document has none. */
export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  const first = path[0] as string;
  let value: AttributeValue | undefined = Object.hasOwn(item, first) ? item[first] : undefined;
  for (let i = 1; i < path.length && value !== undefined; i++) {
    const step = path[i] as string | number;
    if (typeof step === "number") value = value.L?.[step];
    else value = value.M && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
  }
  return value;
}

/** As error texts show a path: `[a, b, [0]]`. */
export const printedPath = (path: Path): string =>
  `[${path.map((step) => (typeof step === "number" ? `[${step}]` : step)).join(", ")}]`;

function clashOf(one: Path, two: Path): "overlap" | "conflict" | undefined {
  const shared = Math.min(one.length, two.length);
  for (let i = 0; i < shared; i++) {
    if (typeof one[i] !== typeof two[i]) return "conflict";
    if (one[i] !== two[i]) return undefined;
  }
  return "overlap";
}

/** Why paths cannot be used together: one lies inside another, or one takes for a list what another takes for a map. */
export function clashAmong(paths: readonly Path[]): string | undefined {
  for (let i = 1; i < paths.length; i++) {
    for (let j = 0; j < i; j++) {
      const [one, two] = [paths[j] as Path, paths[i] as Path];
      const clash = clashOf(one, two);
      if (clash) {
        return (
          `Two document paths ${clash} with each other; must remove or rewrite one of these paths; `
          + `path one: ${printedPath(one)}, path two: ${printedPath(two)}`
        );
      }
    }
  }
  return undefined;
}

import { Match } from "./match.ts";

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** Where a value is not what is expected of it, in words; undefined when it is. Maps may have more than expected. */
export function differenceBetween(value: unknown, expected: unknown, path: string): string | undefined {
  const where = path === "" ? "it" : path;
  if (expected instanceof Match)
    return expected._accepts(value) ? undefined : `${where} is ${shown(value)}, expected ${expected._description}`;
  if (Array.isArray(expected)) {
    if (!Array.isArray(value)) return `${where} is ${shown(value)}, expected a list`;
    if (value.length !== expected.length)
      return `${where} has ${value.length} entries, expected ${expected.length}: ${shown(value)}`;
    return firstOf(expected.map((each, index) => () => differenceBetween(value[index], each, `${where}.${index}`)));
  }
  if (isMap(expected)) {
    if (!isMap(value)) return `${where} is ${shown(value)}, expected ${shown(expected)}`;
    const below = (name: string) => (path === "" ? name : `${path}.${name}`);
    return firstOf(
      Object.entries(expected).map(([name, each]) => () => differenceBetween(value[name], each, below(name))),
    );
  }
  return value === expected ? undefined : `${where} is ${shown(value)}, expected ${shown(expected)}`;
}

function firstOf(looks: readonly (() => string | undefined)[]): string | undefined {
  for (const look of looks) {
    const difference = look();
    if (difference !== undefined) return difference;
  }
  return undefined;
}

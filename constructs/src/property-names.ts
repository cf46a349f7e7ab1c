import { isIntrinsic } from "./tokens/resolve.ts";
import { isResolvable, type IResolvable } from "./tokens/resolvable.ts";

/**
 * How properties are called in templates, by the name of the structure that holds them and the name they have there.
 * A property that holds structures names theirs, too: one or a list of them, or with `each` a map of them.
 */
export type Structures = Readonly<Record<string, Readonly<Record<string, PropertyName>>>>;
export type PropertyName =
  string | readonly [name: string, structure: string] | readonly [name: string, structure: string, each: "each"];

/**
 * A typed structure as templates have it, its properties in the order of the type. Tokens are looked into when they
 * are resolved.
 * Errors: a property that the structure does not have.
 */
export function templateValue(value: unknown, structures: Structures, name: string): unknown {
  if (value === undefined || value === null) return undefined;
  if (isResolvable(value)) return deferred(value, structures, name);
  if (Array.isArray(value)) return value.map((each) => templateValue(each, structures, name));
  if (typeof value !== "object") return value;
  if (isIntrinsic(value)) return branches(value, structures, name);
  const known = structures[name] ?? {};
  const unknown = Object.keys(value).find((key) => known[key] === undefined);
  if (unknown !== undefined) throw new Error(`${name} has no property "${unknown}": ${Object.keys(known).join(", ")}`);
  const given = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(known)
      .filter(([property]) => given[property] !== undefined && given[property] !== null)
      .map(([property, called]) => templateProperty(given[property], structures, called)),
  );
}

function templateProperty(value: unknown, structures: Structures, called: PropertyName): [string, unknown] {
  if (typeof called === "string") return [called, value];
  const [name, structure, each] = called;
  const isMap = each !== undefined && typeof value === "object" && !isResolvable(value) && !isIntrinsic(value);
  if (!isMap) return [name, templateValue(value, structures, structure)];
  const entries = Object.entries(value ?? {});
  return [name, Object.fromEntries(entries.map(([key, one]) => [key, templateValue(one, structures, structure)]))];
}

const deferred = (token: IResolvable, structures: Structures, name: string): IResolvable => ({
  resolve: (context) => templateValue(context.resolve(token), structures, name),
});

/** What a condition decides between is structures in turn; what other functions give is what templates have. */
function branches(value: Readonly<Record<string, unknown>>, structures: Structures, name: string): unknown {
  const decision = value["Fn::If"];
  if (!Array.isArray(decision)) return value;
  const [condition, ...either] = decision as readonly unknown[];
  return { "Fn::If": [condition, ...either.map((each) => templateValue(each, structures, name))] };
}

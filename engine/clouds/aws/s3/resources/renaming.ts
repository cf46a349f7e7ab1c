/**
 * How CloudFormation's names for the members of a document map to the wire's: `CorsRules: ["CORSRules", { Id: "ID" }]`.
 * Lists are transparent; what is not named has the same name on both sides.
 */
export interface Names {
  readonly [cloudFormation: string]: string | readonly [wire: string, inner: Names];
}

/** A document of CloudFormation as the wire has it. */
export const toWire = <Wire>(names: Names, document: unknown): Wire => renamed(document, names) as Wire;

/** The other way round. */
export const fromWire = <Document>(names: Names, wire: unknown): Document =>
  renamed(wire, reversed(names)) as Document;

function renamed(value: unknown, names: Names): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, names));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (each === undefined) return [];
      const rule = names[name] ?? name;
      return [typeof rule === "string" ? [rule, each] : [rule[0], renamed(each, rule[1])]];
    }),
  );
}

const reversed = (names: Names): Names =>
  Object.fromEntries(
    Object.entries(names).map(([name, rule]) =>
      typeof rule === "string" ? [rule, name] : [rule[0], [name, reversed(rule[1])]],
    ),
  );

/** A path into a document in CloudFormation's names. */
export function pathFromWire(names: Names, [step, ...rest]: readonly string[]): string[] {
  if (step === undefined) return [];
  const found = Object.entries(names).find(([, rule]) => (typeof rule === "string" ? rule : rule[0]) === step);
  const inner = found && typeof found[1] !== "string" ? found[1][1] : {};
  return [found?.[0] ?? step, ...pathFromWire(inner, rest)];
}

import type { Value } from "../expressions/value.ts";
import { valueAt, type Exporting } from "./exporting.ts";
import { sortedMeanings, type Meaning } from "./found-references.ts";
import { referenceTo } from "./literal.ts";
import type { Subject } from "./subjects.ts";

/** What stands wherever a secret of a resource, or one that the stack was given, would be written. */
export function secretsOf({ record, logicalId }: Subject, { template, known, placeholders }: Exporting): Meaning[] {
  const given = [...(template?.parameters.values() ?? [])].flatMap(({ name, isSecret }) => {
    const value = isSecret ? known.reference(name) : undefined;
    return typeof value === "string" ? [{ text: value, expression: referenceTo(name), isPart: true }] : [];
  });
  const own = record.sensitive.flatMap((path) => {
    const texts = textsIn(valueAt(record.properties, path.split(".")));
    return texts
      .filter((text) => !given.some((secret) => secret.text === text))
      .map((text) => ({ text, expression: placeholders.insteadOf(text, logicalId, path.split(".")), isPart: true }));
  });
  return [...given, ...own];
}

const found = new WeakMap<Exporting, readonly Meaning[]>();

/** The same of every resource, which is looked for once in an export. */
export function secretsIn(exporting: Exporting): readonly Meaning[] {
  let secrets = found.get(exporting);
  if (!secrets) {
    secrets = sortedMeanings([...exporting.subjects.values()].flatMap((subject) => secretsOf(subject, exporting)));
    found.set(exporting, secrets);
  }
  return secrets;
}

/** Every text in a value. */
function textsIn(value: Value | undefined): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap((each: Value) => textsIn(each));
}

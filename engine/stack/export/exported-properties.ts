import type { Problem } from "../diagnostics/diagnostic.ts";
import type { Expression, ObjectExpression } from "../expressions/expression.ts";
import { equalValues, type Value } from "../expressions/value.ts";
import { desiredProperties } from "../plan/passes/changes.ts";
import type { PropertySchema } from "../../services/property-schema.ts";
import type { ResourceDeclaration } from "../template/template.ts";
import { reductionFor, valueAt, type Exporting } from "./exporting.ts";
import { secretsOf } from "./secret-meanings.ts";
import { attributesOf, type Subject } from "./subjects.ts";
import { meaningOf, sortedMeanings, withReferences, type Meaning } from "./found-references.ts";
import { isConstant, literalOf, objectOf, referenceTo } from "./literal.ts";
import { residual } from "./residual.ts";

/**
 * A resource's properties as its template says them, wherever that gives what is recorded; otherwise as they are
 * recorded, with references found by their values.
 */
export function exportedProperties(subject: Subject, exporting: Exporting): ObjectExpression {
  const { record, converted } = subject;
  const meanings = sortedMeanings(meaningsFor(subject, exporting));
  const literal = (value: Value) => literalOf(value, (text) => withReferences(text, meanings));
  if (converted) return objectOf(withoutDefaults(subject, converted).map(([name, value]) => [name, literal(value)]));
  const declaration = exporting.template?.resources.get(record.logicalId);
  const said = declaration?.type === record.type ? saidProperties(declaration, subject, exporting) : undefined;
  const written = said?.expressions ?? [];
  const kept = written.filter(([name]) => equalValues(said?.values[name], record.properties[name]));
  const names = new Set(kept.map(([name]) => name));
  const rest = withoutDefaults(subject, record.properties)
    .filter(([name, value]) => !names.has(name) && !equalValues(said?.values[name], value))
    .map(([name, value]): [string, Expression] => [name, literal(value)]);
  return objectOf(
    [...kept, ...rest].map(([name, expression]) => [name, withoutSecrets(name, expression, subject, exporting)]),
  );
}

/** What the declaration comes to: its expressions as they are exported, and the values they give. */
function saidProperties(declaration: ResourceDeclaration, subject: Subject, exporting: Exporting) {
  const { logicalId, registered } = subject;
  const expressions = declaration.properties.entries.flatMap(({ key, value }): [string, Expression][] => {
    const reduced = residual(value, reductionFor(exporting, logicalId, [key]));
    return reduced === undefined ? [] : [[key, reduced]];
  });
  const problems: Problem[] = [];
  const reduced = { ...declaration, properties: objectOf(expressions) };
  const values = desiredProperties(reduced, registered, exporting.exported, {}, problems);
  return problems.length === 0 ? { expressions, values } : undefined;
}

/** Properties that say something: not what the type takes when they are left out. */
function withoutDefaults({ registered }: Subject, properties: { readonly [name: string]: Value }) {
  const { properties: schemas = {} } = registered.type.properties as PropertySchema<Value>;
  return Object.entries(properties).filter(([name, value]) => !equalValues(schemas[name]?.default, value));
}

/** What the values of a resource may be: its secrets first, then what it depends on. */
function meaningsFor(subject: Subject, exporting: Exporting): Meaning[] {
  const { record } = subject;
  const { subjects } = exporting;
  const others = record.dependencies.flatMap((id) => {
    const target = subjects.get(id);
    return target ? [...attributesOf(target)].flatMap(([name, value]) => meaningOfAttribute(target, name, value)) : [];
  });
  return [...secretsOf(subject, exporting), ...others];
}

const meaningOfAttribute = ({ logicalId }: Subject, name: string | undefined, value: Value): Meaning[] =>
  typeof value === "string" ? [meaningOf(value, referenceTo(logicalId, name))] : [];

/** A secret that stands in the text itself, or below a path of it, is taken out. */
function withoutSecrets(
  name: string,
  expression: Expression,
  { record, logicalId }: Subject,
  { placeholders }: Exporting,
): Expression {
  const paths = record.sensitive.map((path) => path.split(".")).filter(([first]) => first === name);
  return paths.reduce((whole, path) => {
    const secret = valueAt(record.properties, path);
    if (secret === undefined) return whole;
    return replaceAt(whole, path.slice(1), (part) =>
      isConstant(part) ? placeholders.insteadOf(secret, logicalId, path) : part,
    );
  }, expression);
}

function replaceAt(
  expression: Expression,
  path: readonly string[],
  change: (part: Expression) => Expression,
): Expression {
  const [step, ...rest] = path;
  if (step === undefined || expression.kind !== "object") return change(expression);
  return {
    ...expression,
    entries: expression.entries.map((entry) =>
      entry.key === step ? { ...entry, value: replaceAt(entry.value, rest, change) } : entry,
    ),
  };
}

import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { parts, type Expression } from "../expressions/expression.ts";
import { equalValues, type Value } from "../expressions/value.ts";
import type { Template } from "../template/template.ts";
import { attributesOf, type Subject } from "./subjects.ts";
import { referenceTo } from "./literal.ts";
import type { Reduction } from "./residual.ts";
import type { Placeholders } from "./secrets.ts";

/** What an export is written for. */
export interface ExportForm {
  /** A native type as its cloud's own where there is one: `Bucket` as `AWS::S3::Bucket`. */
  readonly inCloudTypes: boolean;
  /** Pseudo parameters, exports of other stacks and their outputs stay what they are called: the language is ours. */
  readonly isTemplate: boolean;
  /** The functions of templates that the language has; all of them unless it says otherwise. */
  readonly functions?: ReadonlySet<string>;
}

/** A stack while it is exported. */
export interface Exporting {
  readonly form: ExportForm;
  /** Undefined when the text that was deployed cannot be read any more. */
  readonly template: Template | undefined;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly secretExports: ReadonlySet<string>;
  readonly placeholders: Placeholders;
  /** Everything as it is recorded, and the same by the names that the export has. */
  readonly known: Environment;
  readonly exported: Environment;
}

const OTHER_STACKS: ReadonlySet<string> = new Set(["Fn::ImportValue", "Fn::GetStackOutput"]);
const NONE: ReadonlySet<string> = new Set();

/** How the expressions of one declaration are reduced; `path` names what a secret in it stands for. */
export function reductionFor(exporting: Exporting, owner: string, path: readonly string[]): Reduction {
  const { form, placeholders, known, exported } = exporting;
  return {
    known,
    exported,
    kept: form.isTemplate ? OTHER_STACKS : NONE,
    functions: form.functions,
    reference: (name, attribute) => exportedReference(exporting, name, attribute),
    isSecret: (part) => isSecret(exporting, part),
    placeholder: (secret) => placeholders.insteadOf(secret, owner, path),
  };
}

function exportedReference(
  { subjects, template, form, known }: Exporting,
  name: string,
  attribute: string | undefined,
): Expression | undefined {
  const subject = subjects.get(name);
  if (subject) return referenceToSubject(subject, attribute, known);
  const isPseudo = name.startsWith("AWS::") && known.reference(name) !== undefined;
  const stays = attribute === undefined && (template?.parameters.has(name) || (isPseudo && form.isTemplate));
  return stays ? referenceTo(name) : undefined;
}

/** Another type calls the same attribute otherwise, or does not have it. */
function referenceToSubject(subject: Subject, attribute: string | undefined, known: Environment) {
  const { record, logicalId, converted } = subject;
  if (!converted) return referenceTo(logicalId, attribute);
  const value =
    attribute === undefined ? known.reference(record.logicalId) : known.attribute(record.logicalId, attribute);
  for (const [name, each] of attributesOf(subject)) if (equalValues(each, value)) return referenceTo(logicalId, name);
  return undefined;
}

function isSecret({ template, subjects, secretExports, known }: Exporting, part: Expression): boolean {
  if (part.kind === "parameter") return part.declaration.isSecret;
  if (part.kind === "call" && part.function === "Fn::ImportValue")
    return part.arguments.some((name) => secretExports.has(String(evaluate(name, known))));
  if (part.kind !== "reference") return false;
  const subject = subjects.get(part.name);
  if (!subject) return template?.parameters.get(part.name)?.isSecret === true;
  const property = part.attribute?.split(".")[0] ?? subject.recorded.type.ref;
  return subject.record.sensitive.includes(property);
}

/** The names that an expression refers to. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of parts(expression)) if (part.kind === "reference") names.add(part.name);
  return names;
}

/** What stands at a path of a value; undefined when there is nothing. */
export function valueAt(value: Value | undefined, path: readonly string[]): Value | undefined {
  const [step, ...rest] = path;
  if (step === undefined || value === undefined) return value;
  return typeof value === "object" && value !== null ? valueAt((value as never)[step], rest) : undefined;
}

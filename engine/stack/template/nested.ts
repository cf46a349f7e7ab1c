import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { resolvedName, type BundledDocument } from "../diagnostics/bundle.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import type { Environment } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import type { Expression, ParameterExpression } from "../expressions/expression.ts";
import { firstUnknown, isList, isMap, isUnknown, Unknown, type Value } from "../expressions/value.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import type { ResourceDeclaration } from "./template.ts";

/** Types that nest a template, and the property that names it. */
export const STACK_NAMING: Readonly<Record<string, string>> = {
  Stack: "Template",
  "AWS::CloudFormation::Stack": "TemplateURL",
};
/** Properties of CloudFormation's type that nothing acts on. */
export const NESTED_REFUSED: ReadonlySet<string> = new Set(["NotificationARNs", "TimeoutInMinutes"]);
const NESTING_MAX = 8;

/** A resource that stands for a template's worth of them. */
export interface NestedStack {
  readonly resource: ResourceDeclaration;
  readonly document: BundledDocument;
  /** What is given for the parameters of the nested template. */
  readonly given: ReadonlyMap<string, Expression>;
  /** Given to each of its resources that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface NestedContext {
  readonly documents: ReadonlyMap<string, BundledDocument>;
  /** The name of the template that is read; undefined for the outermost. */
  readonly name: string | undefined;
  /** The templates around it. */
  readonly depth: number;
  /** Names of templates that are nested and not there: whoever can get them reads again. */
  readonly missing: Set<string>;
}

export const isNestedStack = ({ type }: ResourceDeclaration): boolean => Object.hasOwn(STACK_NAMING, type);

/** What a resource of such a type says, checked; undefined when its template cannot be read. */
export function readNestedStack(
  resource: ResourceDeclaration,
  environment: Environment,
  context: NestedContext,
  problems: Problem[],
): NestedStack | undefined {
  const { logicalId, type, properties } = resource;
  const naming = STACK_NAMING[type] ?? "";
  for (const { key, keySpan } of properties.entries) {
    if (key === naming || key === "Parameters" || key === "Tags") continue;
    const hint = didYouMean(key, [naming, "Parameters", "Tags"]);
    problems.push(
      NESTED_REFUSED.has(key)
        ? problem("CS1211", `${key} of ${type} is not supported yet`, keySpan, "leave it out")
        : problem("CS1203", `unknown property "${key}" of ${type}`, keySpan, hint),
    );
  }
  const document = documentOf(resource, naming, environment, context, problems);
  if (!document) return undefined;
  const parameters = properties.entries.find(({ key }) => key === "Parameters");
  if (parameters && parameters.value.kind !== "object") {
    problems.push(problem("CS1204", `Parameters of ${logicalId} are a map`, parameters.value.span));
    return undefined;
  }
  const entries = parameters?.value.kind === "object" ? parameters.value.entries : [];
  const tags = tagsOf(resource, environment, problems);
  return { resource, document, given: new Map(entries.map(({ key, value }) => [key, value])), tags };
}

function tagsOf(
  { logicalId, properties }: ResourceDeclaration,
  environment: Environment,
  problems: Problem[],
): NestedStack["tags"] {
  const stated = properties.entries.find(({ key }) => key === "Tags")?.value;
  const value = stated && evaluate(stated, environment);
  if (stated === undefined || value === undefined) return {};
  const tags = new Map<string, string>();
  for (const tag of isList(value) ? value : [value]) {
    const { Key: key, Value: text } = isMap(tag) ? tag : {};
    if (typeof key === "string" && typeof text === "string") tags.set(key, text);
    else {
      const message = `Tags of ${logicalId} are a list of texts, Key and Value, known before apply`;
      problems.push(problem("CS1204", message, stated.span));
    }
  }
  return Object.fromEntries(tags);
}

function documentOf(
  { logicalId, type, span, properties }: ResourceDeclaration,
  naming: string,
  environment: Environment,
  { documents, name: from, depth, missing }: NestedContext,
  problems: Problem[],
): BundledDocument | undefined {
  const named = properties.entries.find(({ key }) => key === naming)?.value;
  if (!named) {
    problems.push(problem("CS1202", `${type} needs the property "${naming}"`, span));
    return undefined;
  }
  const value = evaluate(named, environment);
  if (typeof value !== "string") {
    problems.push(problem("CS1401", `which template ${logicalId} nests must be known before apply`, named.span));
    return undefined;
  }
  const name = resolvedName(from, value);
  const document = documents.get(name);
  if (depth >= NESTING_MAX) {
    problems.push(problem("CS1006", `templates are nested more than ${NESTING_MAX} deep`, named.span));
    return undefined;
  }
  if (document) return document;
  missing.add(name);
  const hint = "name a file beside the template, or the URL of an object of this engine";
  problems.push(problem("CS1401", `there is no template "${name}" to nest as ${logicalId}`, named.span, hint));
  return undefined;
}

/** The nested template's parameters as expressions of the template around it. */
export function nestedParameters(
  { resource, given }: NestedStack,
  declarations: ReadonlyMap<string, ParameterDeclaration>,
  problems: Problem[],
): ReadonlyMap<string, ParameterExpression> {
  const { logicalId, span } = resource;
  for (const [name, { span: at }] of given) {
    if (declarations.has(name)) continue;
    const hint = didYouMean(name, declarations.keys());
    problems.push(problem("CS1304", `the template of ${logicalId} has no parameter "${name}"`, at, hint));
  }
  const found = new Map<string, ParameterExpression>();
  for (const declaration of declarations.values()) {
    const { name, type } = declaration;
    const value: Expression = given.get(name) ?? { kind: "literal", value: declaration.default ?? "", span };
    found.set(name, { kind: "parameter", declaration, value, span: value.span });
    if (!given.has(name) && declaration.default === undefined)
      problems.push(problem("CS1301", `parameter ${name} of ${logicalId} has no value and no default`, span));
    if (!type.isStored) continue;
    const message = `parameter ${name} of ${logicalId} cannot name a stored value`;
    problems.push(problem("CS1309", message, declaration.span, "look it up in the template around it"));
  }
  return found;
}

/** What is known of them while the nested template is read; open where a parameter around it has no value yet. */
export function nestedValues(
  parameters: ReadonlyMap<string, ParameterExpression>,
  environment: Environment,
  around: ReadonlyMap<string, Value>,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, expression] of parameters) {
    const value = evaluate(expression, environment) ?? new Unknown(name);
    const unknown = isUnknown(value) ? value : firstUnknown(value);
    values.set(name, unknown && around.has(unknown.from) ? new Unknown(name) : value);
  }
  return values;
}

import type { Scope } from "../../services/context.ts";
import { documentsOf, type BundledDocument } from "../diagnostics/bundle.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Source } from "../diagnostics/source.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildExpression, type Building } from "../expressions/build.ts";
import type { Environment } from "../expressions/environment.ts";
import type { Expression } from "../expressions/expression.ts";
import { templateEnvironment } from "../expressions/template-environment.ts";
import type { Value } from "../expressions/value.ts";
import { checkRules } from "../parameters/check-rules.ts";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import { checkReferences } from "./check-references.ts";
import { expandLoops, hasLoops } from "./loops.ts";
import { inlineNested, nestedStackName, type ReadNested } from "./inline-nested.ts";
import { isNestedStack, nestedParameters, nestedValues, readNestedStack } from "./nested.ts";
import { readMapping } from "./read-mapping.ts";
import { readOutput } from "./read-output.ts";
import { readRelocations, RELOCATION_SECTIONS } from "./read-relocations.ts";
import { readParameter } from "./read-parameter.ts";
import { readResource } from "./read-resource.ts";
import { readRule } from "./read-rule.ts";
import { readYaml } from "./read-yaml.ts";
import { entryOf, plainValue, shapeName, type SourceEntry, type SourceMap } from "./source-tree.ts";
import type { Template } from "./template.ts";
import { checkTransforms } from "./transforms.ts";

const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Transform",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
  ...RELOCATION_SECTIONS,
];
/** Sections of the language that are known and refused by name, and what they come with. */
const REFUSED_SECTIONS: Readonly<Record<string, string>> = {
  Hooks: "blue/green deployments with CodeDeploy",
  Globals: "the serverless transform (SAM)",
};
const FORMAT_VERSION = "2010-09-09";

/** A template before it is given parameters: what they are, and the tree that the rest is read from. */
export interface ParsedTemplate {
  readonly source: Source;
  readonly root: SourceMap | undefined;
  readonly parameters: ReadonlyMap<string, ParameterDeclaration>;
  readonly problems: readonly Problem[];
  /** The templates that come with it, by the name they are nested by. */
  readonly documents: ReadonlyMap<string, BundledDocument>;
  /** Its own name when it is nested. */
  readonly name?: string | undefined;
}

/** What a template is read for: which loops go how often, and which names functions give, follows from it. */
export interface ReadingFor {
  readonly scope: Scope;
  readonly stack: string;
  /** A value of every parameter; unknown when it has none yet. */
  readonly values: ReadonlyMap<string, Value>;
  /** Around a nested template. */
  readonly depth?: number;
}

export interface ReadTemplate {
  readonly template: Template;
  /** What is known without any resource. */
  readonly environment: Environment;
  readonly problems: readonly Problem[];
  /** Names of nested templates that did not come with the text. */
  readonly missing: ReadonlySet<string>;
}

/** The text as a tree, with its parameters. `root` is undefined when nothing could be read. */
export function parseTemplate(source: Source): ParsedTemplate {
  const [own, ...nested] = documentsOf(source.text);
  return parseDocument(source, own, new Map(nested.map((each) => [each.name ?? "", each])));
}

/** Reads templates and remembers the last one: what is deployed was planned just before. */
export function templateReader(): typeof parseTemplate {
  let last: ParsedTemplate | undefined;
  return (source) => {
    if (last?.source.text !== source.text || last.source.file !== source.file) last = parseTemplate(source);
    return last;
  };
}

function parseDocument(
  source: Source,
  { name, text, start }: BundledDocument,
  documents: ParsedTemplate["documents"],
): ParsedTemplate {
  const { root, problems: faults } = readYaml(text, start);
  const problems = [...faults];
  const nothing = { source, root: undefined, parameters: new Map(), problems, documents, name };
  if (!root) return nothing;
  if (root.kind !== "map") {
    problems.push(problem("CS1002", `a template is a map of sections, not ${shapeName(root)}`, root.span));
    return nothing;
  }
  checkSections(root, problems);
  checkTransforms(root, problems);
  const parameters = readSection(root, "Parameters", problems, (entry) => readParameter(entry, problems));
  return { source, root, parameters, problems, documents, name };
}

/** Reads a template whole: goes on after the first problem, so that all are said at once. */
export function readTemplate(
  parsed: ParsedTemplate & { readonly root: SourceMap },
  reading: ReadingFor,
): ReadTemplate {
  const { source, root: written, parameters } = parsed;
  const problems: Problem[] = [];
  const mappings = readSection(written, "Mappings", problems, (entry) => readMapping(entry, problems));
  const known = (conditions: Template["conditions"]) =>
    templateEnvironment({
      scope: reading.scope,
      stack: reading.stack,
      template: { mappings, conditions },
      parameters: reading.values,
      exports: new Map(),
      resource: () => undefined,
      report: (each) => problems.push(each),
    });
  const { root, isPartial } = hasLoops(source.text)
    ? expandLoops(written, known(new Map()), parameters, problems)
    : { root: written, isPartial: false };
  const section = <T>(name: string, read: (entry: SourceEntry) => T | undefined) =>
    readSection(root, name, problems, read);
  const conditions = section<Expression>("Conditions", (entry) =>
    buildExpression(entry.value, { problems, inCondition: true }),
  );
  const environment = known(conditions);
  const building: Building = { problems, inCondition: false, environment, parameters: reading.values };
  const description = entryOf(root, "Description")?.value;
  const declared = section("Resources", (entry) => readResource(entry, building));
  const own: Template = {
    source,
    ...(description?.kind === "scalar" && { description: String(description.value) }),
    parameters,
    rules: section("Rules", (entry) => readRule(entry, building)),
    mappings,
    conditions,
    resources: declared,
    outputs: section("Outputs", (entry) => readOutput(entry, building)),
    relocations: { moved: [], removed: new Map(), imports: new Map() },
    nested: [],
  };
  const missing = new Set<string>();
  const children = readChildren(own, parsed, { ...reading, environment, missing }, problems);
  const whole = inlineNested(own, children, reading, problems);
  const template = { ...whole, relocations: readRelocations(root, whole.resources, problems) };
  if (!entryOf(root, "Resources")) {
    problems.push(
      problem("CS1002", "the template has no Resources", { start: root.span.start, end: root.span.start + 1 }),
    );
  }
  checkReferences(template, problems, isPartial || missing.size > 0);
  return { template, environment, problems, missing };
}

/** The templates that resources of a template nest, read with what is known of their parameters. */
function readChildren(
  template: Template,
  { source, documents, name }: ParsedTemplate,
  reading: ReadingFor & { readonly environment: Environment; readonly missing: Set<string> },
  problems: Problem[],
): readonly ReadNested[] {
  const { environment, missing, depth = 0, scope, stack } = reading;
  return [...template.resources.values()].filter(isNestedStack).flatMap((resource): ReadNested[] => {
    const nested = readNestedStack(resource, environment, { documents, name, depth, missing }, problems);
    if (!nested) return [];
    const parsed = parseDocument(source, nested.document, documents);
    problems.push(...parsed.problems);
    const { root } = parsed;
    if (!root) return [];
    const parameters = nestedParameters(nested, parsed.parameters, problems);
    const values = nestedValues(parameters, environment, reading.values);
    const around = { scope, stack: nestedStackName(stack, resource.logicalId), values, depth: depth + 1 };
    const child = readTemplate({ ...parsed, root }, around);
    const rules = checkRules(child.template, { values, things: new Map() }, child.environment);
    problems.push(...child.problems, ...rules);
    for (const each of child.missing) missing.add(each);
    return [{ nested, template: child.template, parameters }];
  });
}

function checkSections(root: SourceMap, problems: Problem[]): void {
  const version = entryOf(root, "AWSTemplateFormatVersion")?.value;
  if (version && plainValue(version) !== FORMAT_VERSION) {
    const message = "the AWSTemplateFormatVersion is the one there is";
    problems.push(problem("CS1002", message, version.span, `write "${FORMAT_VERSION}", or leave it out`));
  }
  for (const { key, keySpan } of root.entries) {
    if (SECTIONS.includes(key)) continue;
    const comesWith = REFUSED_SECTIONS[key];
    problems.push(
      comesWith !== undefined
        ? problem("CS1005", `the section ${key} is not supported yet: it comes with ${comesWith}`, keySpan)
        : problem("CS1003", `unknown section "${key}"`, keySpan, didYouMean(key, SECTIONS)),
    );
  }
}

function readSection<T>(
  root: SourceMap,
  name: string,
  problems: Problem[],
  read: (entry: SourceEntry) => T | undefined,
): Map<string, T> {
  const found = new Map<string, T>();
  const node = entryOf(root, name)?.value;
  if (!node || (node.kind === "scalar" && node.value === null)) return found;
  if (node.kind !== "map") {
    problems.push(problem("CS1002", `${name} is a map by name, not ${shapeName(node)}`, node.span));
    return found;
  }
  for (const entry of node.entries) {
    const value = read(entry);
    if (value !== undefined) found.set(entry.key, value);
  }
  return found;
}

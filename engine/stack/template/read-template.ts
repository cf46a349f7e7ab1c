import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import type { Source } from "../diagnostics/source.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildExpression } from "../expressions/build.ts";
import type { Expression } from "../expressions/expression.ts";
import type { Value } from "../expressions/value.ts";
import { checkReferences } from "./check-references.ts";
import { readParameter } from "./read-parameter.ts";
import { readResource } from "./read-resource.ts";
import { readYaml } from "./read-yaml.ts";
import { entryOf, plainValue, shapeName, type SourceEntry, type SourceMap, type SourceNode } from "./source-tree.ts";
import type { Mapping, OutputDeclaration, Template } from "./template.ts";

const SECTIONS = [
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Mappings",
  "Conditions",
  "Resources",
  "Outputs",
];
/** Sections of the language that are known and refused by name. */
const UNSUPPORTED_SECTIONS = new Set(["Rules", "Transform", "Hooks", "Globals"]);

/**
 * Reads a template whole: goes on after the first problem, so that all are said at once. `template` is undefined when
 * nothing is left.
 */
export function readTemplate(source: Source): {
  readonly template: Template | undefined;
  readonly problems: readonly Problem[];
} {
  const { root, problems: faults } = readYaml(source.text);
  if (!root) return { template: undefined, problems: faults };
  const problems = [...faults];
  if (root.kind !== "map") {
    problems.push(problem("CS1002", `a template is a map of sections, not ${shapeName(root)}`, root.span));
    return { template: undefined, problems };
  }
  checkSections(root, problems);
  const section = <T>(name: string, read: (entry: SourceEntry) => T | undefined) =>
    readSection(root, name, problems, read);
  const description = entryOf(root, "Description")?.value;
  const template: Template = {
    source,
    ...(description?.kind === "scalar" && { description: String(description.value) }),
    parameters: section("Parameters", (entry) => readParameter(entry, problems)),
    mappings: section("Mappings", (entry) => readMapping(entry, problems)),
    conditions: section<Expression>("Conditions", (entry) =>
      buildExpression(entry.value, { problems, inCondition: true }),
    ),
    resources: section("Resources", (entry) => readResource(entry, problems)),
    outputs: section("Outputs", (entry) => readOutput(entry, problems)),
  };
  if (!entryOf(root, "Resources")) {
    problems.push(
      problem("CS1002", "the template has no Resources", { start: root.span.start, end: root.span.start + 1 }),
    );
  }
  checkReferences(template, problems);
  return { template, problems };
}

function checkSections(root: SourceMap, problems: Problem[]): void {
  for (const { key, keySpan } of root.entries) {
    if (SECTIONS.includes(key)) continue;
    problems.push(
      UNSUPPORTED_SECTIONS.has(key)
        ? problem("CS1005", `the section ${key} is not supported yet`, keySpan)
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

function readMapping({ key, value }: SourceEntry, problems: Problem[]): Mapping {
  const mapping = new Map<string, ReadonlyMap<string, Value>>();
  const rows = mapOf(value, `mapping ${key}`, problems);
  for (const row of rows) {
    const cells = mapOf(row.value, `${key}.${row.key}`, problems);
    mapping.set(row.key, new Map(cells.map((cell) => [cell.key, plainValue(cell.value) as Value])));
  }
  return mapping;
}

function mapOf(node: SourceNode, what: string, problems: Problem[]): readonly SourceEntry[] {
  if (node.kind === "map") return node.entries;
  problems.push(problem("CS1002", `${what} is a map, not ${shapeName(node)}`, node.span));
  return [];
}

const OUTPUT_KEYS = ["Value", "Description", "Export", "Condition"];

function readOutput({ key, keySpan, value }: SourceEntry, problems: Problem[]): OutputDeclaration | undefined {
  const entries = mapOf(value, `output ${key}`, problems);
  for (const entry of entries) {
    if (!OUTPUT_KEYS.includes(entry.key)) {
      problems.push(
        problem(
          "CS1003",
          `unknown key "${entry.key}" of output ${key}`,
          entry.keySpan,
          didYouMean(entry.key, OUTPUT_KEYS),
        ),
      );
    }
  }
  const valueOf = (name: string) => entries.find((entry) => entry.key === name)?.value;
  const output = valueOf("Value");
  if (!output) {
    if (value.kind === "map") problems.push(problem("CS1002", `output ${key} has no Value`, keySpan));
    return undefined;
  }
  const building = { problems, inCondition: false };
  const exported = valueOf("Export");
  const exportName = exported?.kind === "map" ? entryOf(exported, "Name")?.value : undefined;
  if (exported && !exportName)
    problems.push(problem("CS1002", `the Export of output ${key} is {Name: ...}`, exported.span));
  const [description, condition] = [valueOf("Description"), valueOf("Condition")];
  return {
    name: key,
    span: keySpan,
    value: buildExpression(output, building),
    ...(description?.kind === "scalar" && { description: String(description.value) }),
    ...(condition?.kind === "scalar" && { condition: { name: String(condition.value), span: condition.span } }),
    ...(exportName && { exportName: buildExpression(exportName, building) }),
  };
}

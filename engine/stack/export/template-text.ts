import { Document, Scalar, type Node } from "yaml";
import type { ParameterDeclaration } from "../parameters/parameter-declaration.ts";
import type { ExportedOutput, ExportedParameter, ExportedResource, ExportedStack } from "./exported.ts";
import type { Assertion, RuleDeclaration } from "../template/template.ts";
import { mapping, sequence, yamlNode } from "./yaml-node.ts";

type Entry = readonly [key: string, value: Node];
type Plain = string | number | boolean;

const scalar = (value: Plain): Node => new Scalar(value);
const when = <T>(value: T | undefined, entry: (value: T) => Entry): Entry[] =>
  value === undefined ? [] : [entry(value)];

/** What a template has besides what every one has, in the order of its sections. */
export interface TemplateExtras {
  /** Stands above it, a line each. */
  readonly comment: readonly string[];
  readonly sections: readonly (readonly [name: string, value: unknown])[];
  /** Policies of a resource that are not those it has. */
  policies(resource: ExportedResource): Pick<ExportedResource, "deletionPolicy" | "updateReplacePolicy">;
}

/** A stack as the text of a template. */
export function templateText(stack: ExportedStack, extras: TemplateExtras): string {
  const { description, parameters, rules, resources, outputs } = stack;
  const document = new Document(
    mapping([
      ...when(description, (text) => ["Description", scalar(text)]),
      ...section("Parameters", parameters, (each) => [each.name, parameterNode(each)]),
      ...section("Rules", rules, (each) => [each.name, ruleNode(each)]),
      ["Resources", mapping(resources.map((each) => [each.logicalId, resourceNode(each, extras)]))],
      ...section("Outputs", outputs, (each) => [each.name, outputNode(each)]),
      ...extras.sections.map(([name, value]): Entry => [name, new Document(value).contents as Node]),
    ]),
    // Texts that YAML 1.1 takes for something else (dates, `yes`) are quoted: that is what others read.
    { version: "1.1" },
  );
  document.commentBefore = extras.comment.map((line) => ` ${line}`).join("\n");
  return document.toString({ lineWidth: 0, directives: false, blockQuote: "literal" });
}

const section = <T>(name: string, items: readonly T[], entry: (item: T) => Entry): Entry[] =>
  items.length === 0 ? [] : [[name, mapping(items.map(entry))]];

function parameterNode({ declaration, isSecret, text }: ExportedParameter): Node {
  if (!declaration) return mapping([["Type", scalar("String")], ["NoEcho", scalar(true)]]);
  return mapping([
    ["Type", scalar(declaration.type.name)],
    ...when(text, (value): Entry => ["Default", scalar(value)]),
    ...(isSecret ? [["NoEcho", scalar(true)] as const] : []),
    ...constraintEntries(declaration),
  ]);
}

function constraintEntries(declaration: ParameterDeclaration): Entry[] {
  const { description, allowedValues, allowedPattern, constraintDescription } = declaration;
  const { minLength, maxLength, minValue, maxValue } = declaration;
  const plain: Readonly<Record<string, Plain | undefined>> = {
    Description: description,
    AllowedPattern: allowedPattern,
    MinLength: minLength,
    MaxLength: maxLength,
    MinValue: minValue,
    MaxValue: maxValue,
    ConstraintDescription: constraintDescription,
  };
  return [
    ...Object.entries(plain).flatMap(([name, value]) => when(value, (given): Entry => [name, scalar(given)])),
    ...when(allowedValues, (values): Entry => ["AllowedValues", sequence(values.map(scalar))]),
  ];
}

function resourceNode(resource: ExportedResource, extras: TemplateExtras): Node {
  const { type, properties, dependsOn, extras: said } = resource;
  const { deletionPolicy, updateReplacePolicy } = extras.policies(resource);
  return mapping([
    ["Type", scalar(type)],
    ...(dependsOn.length > 0 ? [["DependsOn", sequence(dependsOn.map(scalar))] as const] : []),
    ...(deletionPolicy === "Delete" ? [] : [["DeletionPolicy", scalar(deletionPolicy)] as const]),
    ...(updateReplacePolicy === "Delete" ? [] : [["UpdateReplacePolicy", scalar(updateReplacePolicy)] as const]),
    ...said.map(({ key, value }): Entry => [key, yamlNode(value)]),
    ...(properties.entries.length > 0 ? [["Properties", yamlNode(properties)] as const] : []),
  ]);
}

function ruleNode({ condition, assertions }: RuleDeclaration): Node {
  const assertionNode = ({ assert, description }: Assertion) =>
    mapping([
      ["Assert", yamlNode(assert)],
      ...when(description, (text): Entry => ["AssertDescription", scalar(text)]),
    ]);
  return mapping([
    ...when(condition, (expression): Entry => ["RuleCondition", yamlNode(expression)]),
    ["Assertions", sequence(assertions.map(assertionNode))],
  ]);
}

const outputNode = ({ value, description, exportName }: ExportedOutput): Node =>
  mapping([
    ["Value", yamlNode(value)],
    ...when(description, (text): Entry => ["Description", scalar(text)]),
    ...when(exportName, (name): Entry => ["Export", mapping([["Name", yamlNode(name)]])]),
  ]);

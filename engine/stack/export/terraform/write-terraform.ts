import type { Value } from "../../expressions/value.ts";
import type { ExportedOutput, ExportedParameter, ExportedResource, ExportedStack } from "../exported.ts";
import { errors } from "../errors.ts";
import { literalOf } from "../literal.ts";
import { freeName } from "../free-name.ts";
import { leftOut } from "../left-out.ts";
import type { WrittenExport } from "../written-export.ts";
import { assignments, hclBlock, hclBody, hclExpression, quoted, type Refer } from "./hcl.ts";
import {
  UnsaidInTerraform,
  type TerraformProvider,
  type TerraformResource,
  type TerraformType,
} from "./terraform-type.ts";

/** A type's form; undefined when no provider has it. */
export type TerraformTypeOf = (type: string) => TerraformType | undefined;

/** `JobsPolicy` -> `jobs_policy`. */
const snakeCase = (name: string) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])/g, "$1$3_$2")
    .replaceAll(/[^A-Za-z0-9]+/g, "_")
    .toLowerCase();

interface Written {
  readonly exported: ExportedResource;
  readonly type: TerraformType;
  /** What it is called in Terraform. */
  readonly name: string;
  readonly resources: readonly TerraformResource[];
}

/**
 * A stack as a root module of Terraform that imports everything it declares.
 * Errors: `NotExportable`
 */
export function writeTerraform(stack: ExportedStack, typeOf: TerraformTypeOf, refOf: (type: string) => string) {
  const written = writtenResources(stack, typeOf);
  const variables = namesOf(stack.parameters.map(({ name }) => name));
  const byId = new Map(written.map((each) => [each.exported.logicalId, each]));
  const refer: Refer = ({ name, attribute }) => {
    const target = byId.get(name);
    if (!target) return `var.${variables.get(name)}`;
    const wanted = attribute ?? refOf(target.exported.type);
    const known = target.type.attributes[wanted];
    const value: Value = target.exported.attributes[wanted] ?? null;
    // What the provider does not tell stands as it is.
    return known === undefined
      ? hclExpression(literalOf(value), refer)
      : `${target.type.resource}.${target.name}.${known}`;
  };
  const files: Record<string, string> = {
    "main.tf": mainText(stack, written),
    "variables.tf": stack.parameters.map((each) => variableText(each, variables.get(each.name) ?? "")).join("\n"),
    "resources.tf": written.flatMap((each) => resourceTexts(each, byId, refer)).join("\n"),
    "imports.tf": written.flatMap(importTexts).join("\n"),
    "outputs.tf": stack.outputs.map((each) => outputText(each, refer)).join("\n"),
  };
  const kept = stack.resources.filter(({ deletionPolicy }) => deletionPolicy !== "Delete");
  return {
    files: Object.fromEntries(Object.entries(files).filter(([, text]) => text !== "")),
    notes: [
      "The first apply imports everything and changes nothing: terraform init && terraform apply",
      ...leftOut(stack, "Terraform"),
      ...kept.map((each) => `The stack keeps ${each.logicalId} when it goes; terraform destroy would delete it.`),
    ],
  } satisfies WrittenExport;
}

/** Names as Terraform writes them, none of them twice. */
function namesOf(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    names.map((name) => {
      const free = freeName(snakeCase(name), taken);
      taken.add(free);
      return [name, free];
    }),
  );
}

function writtenResources({ name: stack, resources }: ExportedStack, typeOf: TerraformTypeOf): readonly Written[] {
  const names = namesOf(resources.map(({ logicalId }) => logicalId));
  const reasons: string[] = [];
  const written = resources.flatMap((exported): Written[] => {
    const type = typeOf(exported.type);
    if (!type) {
      reasons.push(`${exported.logicalId} is of type ${exported.type}, which no provider has.`);
      return [];
    }
    try {
      return [{ exported, type, name: names.get(exported.logicalId) ?? "", resources: type.resources(exported) }];
    } catch (problem) {
      if (!(problem instanceof UnsaidInTerraform)) throw problem;
      reasons.push(`${exported.logicalId} (${exported.type}): ${problem.message}.`);
      return [];
    }
  });
  if (reasons.length > 0) throw errors.NotExportable({ stack, language: "Terraform", reasons });
  return written;
}

function mainText({ name, description, scope }: ExportedStack, written: readonly Written[]): string {
  const providers = new Map<string, TerraformProvider>(written.map(({ type }) => [type.provider.name, type.provider]));
  const required = [...providers.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((each): [string, string] => [each.name, `{\n  source = ${quoted(each.source)}\n}`]);
  const settingsOf = ({ takesAccount }: TerraformProvider): [string, string][] => [
    ...(takesAccount ? [["account", quoted(scope.account)] satisfies [string, string]] : []),
    ["region", quoted(scope.region)],
  ];
  return [
    `# The stack ${name} as it is, in account ${scope.account}.${description === undefined ? "" : ` ${description}`}`,
    `${hclBlock("terraform", hclBlock("required_providers", assignments(required)))}\n`,
    ...[...providers.values()].map(
      (each) => `${hclBlock(`provider ${quoted(each.name)}`, assignments(settingsOf(each)))}\n`,
    ),
  ].join("\n");
}

function variableText({ declaration, isSecret, value }: ExportedParameter, name: string): string {
  const { type, description, allowedValues } = declaration ?? {};
  const element = type?.isNumeric ? "number" : "string";
  const entries: [string, string][] = [["type", type?.isList ? `list(${element})` : element]];
  if (description !== undefined) entries.push(["description", quoted(description)]);
  if (value !== undefined) entries.push(["default", hclExpression(literalOf(value), () => "")]);
  if (isSecret) entries.push(["sensitive", "true"]);
  const blocks = [assignments(entries)];
  if (allowedValues && !type?.isList) {
    const allowed = hclExpression(literalOf([...allowedValues]), () => "");
    const checks: [string, string][] = [
      ["condition", `contains(${allowed}, ${type?.isNumeric ? `tostring(var.${name})` : `var.${name}`})`],
      ["error_message", quoted(`It is one of ${allowedValues.join(", ")}.`)],
    ];
    blocks.push(hclBlock("validation", assignments(checks)));
  }
  return `${hclBlock(`variable ${quoted(name)}`, blocks.join("\n\n"))}\n`;
}

const addressOf = ({ name }: Written, { type, suffix }: TerraformResource) =>
  `${type}.${suffix === undefined ? name : `${name}_${suffix}`}`;

function resourceTexts(written: Written, all: ReadonlyMap<string, Written>, refer: Refer): string[] {
  const dependsOn = written.exported.dependsOn.flatMap((id) => {
    const target = all.get(id);
    const [first] = target?.resources ?? [];
    return target && first ? [addressOf(target, first)] : [];
  });
  return written.resources.map((resource) => {
    const [type, name] = addressOf(written, resource).split(".");
    const { body, ignored = [] } = resource;
    const blocks = [hclBody(body, refer)];
    if (dependsOn.length > 0) blocks.push(assignments([["depends_on", `[${dependsOn.join(", ")}]`]]));
    if (ignored.length > 0) {
      const reasons = [...new Set(ignored.map(({ because }) => `# ${because}\n`))].join("");
      const names = ignored.map((each) => each.name).join(", ");
      blocks.push(hclBlock("lifecycle", `${reasons}${assignments([["ignore_changes", `[${names}]`]])}`));
    }
    const text = blocks.filter((each) => each !== "").join("\n\n");
    return `${hclBlock(`resource ${quoted(type ?? "")} ${quoted(name ?? "")}`, text)}\n`;
  });
}

const importTexts = (written: Written): string[] =>
  written.resources.map((resource) => {
    const entries: [string, string][] = [
      ["to", addressOf(written, resource)],
      ["id", quoted(resource.importId)],
    ];
    return `${hclBlock("import", assignments(entries))}\n`;
  });

function outputText({ name, value, description, isSensitive }: ExportedOutput, refer: Refer): string {
  const entries: [string, string][] = [["value", hclExpression(value, refer)]];
  if (description !== undefined) entries.push(["description", quoted(description)]);
  if (isSensitive) entries.push(["sensitive", "true"]);
  return `${hclBlock(`output ${quoted(snakeCase(name))}`, assignments(entries))}\n`;
}

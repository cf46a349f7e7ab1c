import { expressionOf, inTemplate, jsonOf, type Names } from "./expression.ts";
import { isIntrinsic } from "../tokens/resolve.ts";
import { variableOf, type ParameterBody } from "./variable.ts";
import { isEach, type Arguments, type Form, type TerraformType } from "./terraform-type.ts";
import { TERRAFORM_TYPES } from "./terraform-types.generated.ts";

type Sections = Readonly<Record<string, unknown>>;
type Entries = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What Terraform is told of a stack, beside its template. */
export interface TerraformStack {
  readonly name: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

const SECTIONS = new Set([
  "Description", "Transform", "Parameters", "Mappings", "Conditions", "Resources", "Outputs",
]);
const PROVIDER_SOURCE = "cloudstacks/cloudstacks";
const SCOPE = "data.cloudstacks_scope.current";

/**
 * A template as Terraform's JSON, for the provider `cloudstacks/cloudstacks`.
 * Errors: what Terraform has nothing for, by name: exports, policies of deletion, functions, types.
 */
export function terraformJson(template: Sections, stack: TerraformStack): Sections {
  const refused = Object.keys(template).find((section) => !SECTIONS.has(section));
  if (refused !== undefined) throw new Error(`the section ${refused} has no form in Terraform`);
  if (Object.keys(stack.tags).length > 0) throw new Error("a stack's own tags have no form in Terraform: use Tags.of");
  const section = (name: string) => (template[name] ?? {}) as Entries;
  const names = namesOf(section("Parameters"), section("Resources"), stack);
  const conditions = mapped(section("Conditions"), (condition) => inTemplate(expressionOf(condition, names)));
  const locals = { ...mapped(section("Mappings"), (mapping) => jsonOf(mapping, names)), ...prefixed(conditions) };
  const written = {
    resource: resourcesOf(section("Resources"), names),
    output: mapped(section("Outputs"), (output) => outputOf(output, names)),
    locals,
  };
  const { account, region } = stack;
  return withoutEmpty({
    terraform: { required_providers: { cloudstacks: { source: PROVIDER_SOURCE } } },
    provider: { cloudstacks: withoutEmpty({ account, region }) },
    data: JSON.stringify(written).includes(SCOPE) ? { cloudstacks_scope: { current: {} } } : {},
    variable: mapped(section("Parameters"), (body, name) => variableOf(name, body as unknown as ParameterBody)),
    ...written,
  });
}

const mapped = <T>(entries: Entries, write: (body: Entries[string], name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([name, body]) => [name, attempt(name, () => write(body, name))]));

/** Conditions have names of their own, which mappings may have, too. */
const conditionName = (name: string) => `condition_${name}`;
const prefixed = (conditions: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(conditions).map(([name, value]) => [conditionName(name), value]));

const withoutEmpty = (value: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    Object.entries(value).filter(([name, each]) => {
      const isEmpty = typeof each === "object" && each !== null && Object.keys(each).length === 0;
      return each !== undefined && (!isEmpty || name === "cloudstacks");
    }),
  );

/** Says of what is wrong in which part of the template it is. */
function attempt<T>(name: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

function namesOf(parameters: Entries, resources: Entries, stack: TerraformStack): Names {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": `${SCOPE}.account`,
    "AWS::Region": `${SCOPE}.region`,
    "AWS::StackName": JSON.stringify(stack.name),
    "AWS::Partition": '"aws"',
    "AWS::URLSuffix": '"amazonaws.com"',
    "AWS::NoValue": "null",
  };
  const reference = (logicalId: string, attributeOf: (type: TerraformType) => string | undefined, said: string) => {
    const resource = resources[logicalId];
    const type = typeOf(String(resource?.["Type"]));
    const attribute = attributeOf(type);
    if (attribute === undefined) throw new Error(`${said} of ${String(resource?.["Type"])} has no form in Terraform`);
    const address = `${type.resource}.${terraformName(logicalId)}`;
    return resource?.["Condition"] === undefined ? `${address}.${attribute}` : `one(${address}[*].${attribute})`;
  };
  return {
    ref(name) {
      const known = parameters[name] ? `var.${name}` : pseudo[name];
      if (known === undefined && !resources[name]) throw new Error(`${name} has no form in Terraform`);
      return known ?? reference(name, (type) => type.ref, "the Ref");
    },
    attribute: (logicalId, name) => reference(logicalId, (type) => type.attributes[name], `the attribute ${name}`),
    condition: (name) => `local.${conditionName(name)}`,
  };
}

function typeOf(name: string): TerraformType {
  const type = TERRAFORM_TYPES[name];
  if (!type) throw new Error(`the type ${name} has no form in Terraform`);
  return type;
}

/** Terraform's names begin with a letter. */
const terraformName = (logicalId: string) => (/^[0-9]/.test(logicalId) ? `_${logicalId}` : logicalId);

const REFUSED_KEYS = ["CreationPolicy", "UpdatePolicy"];

function resourcesOf(resources: Entries, names: Names) {
  const byType: Record<string, Record<string, unknown>> = {};
  for (const [logicalId, resource] of Object.entries(resources)) {
    attempt(logicalId, () => {
      const type = typeOf(String(resource["Type"]));
      const own = (byType[type.resource] ??= {});
      own[terraformName(logicalId)] = resourceOf(resource, type, resources, names);
    });
  }
  return byType;
}

function resourceOf(resource: Entries[string], type: TerraformType, resources: Entries, names: Names) {
  for (const key of ["DeletionPolicy", "UpdateReplacePolicy"]) {
    if ((resource[key] ?? "Delete") !== "Delete")
      throw new Error(`${key}: ${String(resource[key])} has no form in Terraform`);
  }
  const refused = REFUSED_KEYS.find((key) => resource[key] !== undefined);
  if (refused !== undefined) throw new Error(`${refused} has no form in Terraform`);
  const properties = (resource["Properties"] ?? {}) as Readonly<Record<string, unknown>>;
  const condition = resource["Condition"];
  const dependsOn = (resource["DependsOn"] ?? []) as readonly string[];
  return {
    ...(condition !== undefined && { count: inTemplate(`${names.condition(String(condition))} ? 1 : 0`) }),
    ...argumentsOf(properties, type.properties, names),
    ...(dependsOn.length > 0 && {
      depends_on: dependsOn.map((id) => `${typeOf(String(resources[id]?.["Type"])).resource}.${terraformName(id)}`),
    }),
  };
}

function argumentsOf(properties: Readonly<Record<string, unknown>>, known: Arguments, names: Names) {
  return Object.fromEntries(
    Object.entries(properties).map(([property, value]): [string, unknown] => {
      const argument = known[property];
      if (argument === undefined) throw new Error(`the property ${property} has no form in Terraform`);
      if (typeof argument === "string") return [argument, jsonOf(value, names)];
      const [name, form] = argument;
      return [name, formed(value, form, names)];
    }),
  );
}

function formed(value: unknown, form: Form, names: Names): unknown {
  if (form === "json") return typeof value === "string" ? jsonOf(value, names) : inTemplate(jsonText(value, names));
  if (isIntrinsic(value)) throw new Error("a structure that is known only later has no form in Terraform");
  if (!isEach(form)) return argumentsOf(value as Readonly<Record<string, unknown>>, form, names);
  if (form.of === "list") return (value as readonly unknown[]).map((one) => formed(one, form.each, names));
  return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, formed(one, form.each, names)]));
}

/** A text that holds JSON, as an expression; what is a text already stays as it is. */
function jsonText(value: unknown, names: Names): string {
  const decision = isIntrinsic(value) ? value["Fn::If"] : undefined;
  if (Array.isArray(decision)) {
    const [condition, ...either] = decision as readonly unknown[];
    return `(${names.condition(String(condition))} ? ${either.map((each) => jsonText(each, names)).join(" : ")})`;
  }
  const isText = typeof value === "string" || isIntrinsic(value);
  return isText ? expressionOf(value, names) : `jsonencode(${expressionOf(value, names)})`;
}

function outputOf(output: Entries[string], names: Names) {
  if (output["Export"] !== undefined) throw new Error("an export has no form in Terraform");
  const { Condition: condition, Description: description, Value: value } = output;
  return {
    ...(description !== undefined && { description }),
    value:
      condition === undefined
        ? jsonOf(value, names)
        : inTemplate(`${names.condition(String(condition))} ? ${expressionOf(value, names)} : null`),
  };
}

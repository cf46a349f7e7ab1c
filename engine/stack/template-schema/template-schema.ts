import type { AnyResourceType } from "../../services/resource-type.ts";
import { FUNCTION_NAMES } from "../expressions/functions/table.ts";
import { PARAMETER_TYPES } from "../parameters/parameter-type.ts";
import { STACK_NAMING } from "../template/nested.ts";
import { DELETION_POLICIES } from "../template/template.ts";
import { orFunction, type Schema } from "./or-function.ts";

const NAME = "^[A-Za-z0-9]{1,255}$";
const LOOP = "^Fn::ForEach::[A-Za-z0-9]+$";

const text: Schema = { type: "string" };
const map = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  ...(required.length > 0 && { required }),
  additionalProperties: false,
});
const byName = (of: Schema, mayLoop: boolean): Schema => ({
  type: "object",
  patternProperties: { [NAME]: of, ...(mayLoop && { [LOOP]: { $ref: "#/definitions/loop" } }) },
  additionalProperties: false,
});
const mapsOf = (of: Schema): Schema => ({ type: "object", additionalProperties: of });
const definition = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const orList = (of: Schema): Schema => ({ anyOf: [of, { type: "array", items: of }] });

/**
 * JSON Schema (draft 7) of templates, for editors: sections, functions in their long form, and the properties of every
 * type. What a schema cannot say (that a reference names something) is left to `cloudstack validate`.
 */
export function templateSchema(types: readonly AnyResourceType[]): Schema {
  const sorted = [...types].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "CloudStacks template",
    description: "CloudFormation's template language with CloudStacks' own types and sections.",
    ...map(
      {
        AWSTemplateFormatVersion: { const: "2010-09-09" },
        Description: text,
        Metadata: { type: "object" },
        Transform: orList({ enum: ["AWS::LanguageExtensions"] }),
        Parameters: byName(definition("parameter"), false),
        Rules: byName(definition("rule"), false),
        Mappings: mapsOf(mapsOf({ type: "object" })),
        Conditions: byName(definition("function"), true),
        Resources: byName(definition("resource"), true),
        Outputs: byName(definition("output"), true),
        Moved: { type: "array", items: map({ From: text, To: text }, ["From", "To"]) },
        Removed: orList(text),
        Import: { type: "object", additionalProperties: text },
      },
      ["Resources"],
    ),
    definitions: {
      function: functionSchema,
      loop: { type: "array", minItems: 3, maxItems: 3 },
      parameter: parameterSchema,
      rule: ruleSchema,
      output: outputSchema,
      resource: resourceSchema(sorted),
      ...Object.fromEntries(sorted.map((type) => [propertiesOf(type), orFunction(type.properties as Schema)])),
    },
  };
}

const propertiesOf = ({ name }: AnyResourceType) => `${name.replaceAll("::", ".")}.Properties`;

const functionSchema: Schema = {
  type: "object",
  minProperties: 1,
  maxProperties: 1,
  propertyNames: { enum: [...FUNCTION_NAMES, "Condition"] },
};

const single: Schema = { type: ["string", "number", "boolean"] };

const parameterSchema = map(
  {
    Type: { enum: PARAMETER_TYPES },
    Default: { anyOf: [single, { type: "array", items: single }] },
    Description: text,
    NoEcho: { enum: [true, false, "true", "false"] },
    AllowedValues: { type: "array", minItems: 1, items: single },
    AllowedPattern: text,
    MinLength: { type: ["integer", "string"] },
    MaxLength: { type: ["integer", "string"] },
    MinValue: { type: ["number", "string"] },
    MaxValue: { type: ["number", "string"] },
    ConstraintDescription: text,
  },
  ["Type"],
);

const ruleSchema = map(
  {
    RuleCondition: definition("function"),
    Assertions: {
      type: "array",
      minItems: 1,
      items: map({ Assert: definition("function"), AssertDescription: text }, ["Assert"]),
    },
  },
  ["Assertions"],
);

const outputSchema = map(
  { Value: {}, Description: text, Condition: text, Export: map({ Name: orFunction(text) }, ["Name"]) },
  ["Value"],
);

const resourceSchema = (types: readonly AnyResourceType[]): Schema => ({
  ...map(
    {
      Type: { enum: [...Object.keys(STACK_NAMING), ...types.map(({ name }) => name)] },
      Properties: { type: "object" },
      DependsOn: orList(text),
      Condition: text,
      DeletionPolicy: orFunction({ enum: DELETION_POLICIES }),
      UpdateReplacePolicy: orFunction({ enum: ["Delete", "Retain", "Snapshot"] }),
      CreationPolicy: { type: "object" },
      UpdatePolicy: { type: "object" },
      Metadata: { type: "object" },
      Version: text,
    },
    ["Type"],
  ),
  allOf: [
    ...Object.entries(STACK_NAMING).map(([type, naming]) => ifType(type, nestedSchema(naming), true)),
    ...types.map((type) => ifType(type.name, definition(propertiesOf(type)), requiresProperties(type))),
  ],
});

const ifType = (name: string, properties: Schema, isRequired: boolean): Schema => ({
  if: { properties: { Type: { const: name } } },
  // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
  then: { properties: { Properties: properties }, ...(isRequired && { required: ["Properties"] }) },
});

const nestedSchema = (naming: string): Schema =>
  map({ [naming]: orFunction(text), Parameters: { type: "object" }, Tags: { type: "array" } }, [naming]);

const requiresProperties = ({ properties }: AnyResourceType): boolean =>
  ((properties as Schema).required?.length ?? 0) > 0;

import type { Expression } from "../stack/expressions/expression.ts";
import { asJson, type Form, type Forms, argumentsFor } from "../stack/export/terraform/arguments.ts";
import { objectOf } from "../stack/export/literal.ts";
import { inStateAlone, UnsaidInTerraform, type TerraformType } from "../stack/export/terraform/terraform-type.ts";
import type { RegisteredType } from "../stack/registry/registry.ts";
import { ID, mappingOf } from "./terraform-provider/mapping.ts";
import { PREFIX, PROVIDER_SOURCE } from "./terraform-provider/names.ts";
import type { Fields, Shape } from "./terraform-provider/shape.ts";

const REGISTRY = /^registry[.]terraform[.]io\//;
const PROVIDER = { name: PREFIX, source: PROVIDER_SOURCE.replace(REGISTRY, ""), takesAccount: true };

/** How our own provider has a type; undefined for one that it has not. */
export function ownTerraformType(registered: RegisteredType): TerraformType | undefined {
  const mapping = mappingOf(registered);
  if (!mapping) return undefined;
  const { name, fields, outputs, secrets } = mapping;
  const told = { ...fields, ...outputs };
  return {
    provider: PROVIDER,
    resource: name,
    idAttribute: ID,
    attributes: Object.fromEntries(Object.entries(told).map(([attribute, { property }]) => [property, attribute])),
    resources: ({ properties, id }) => [
      {
        type: name,
        body: argumentsFor(formsOf(fields), properties),
        importId: id,
        ...(secrets.length > 0 && { ignored: inStateAlone(...secrets) }),
      },
    ],
  };
}

const formsOf = (fields: Fields): Forms =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { property, shape }]): [string, Form] => [
      property,
      (value) => [{ name, value: shaped(value, shape) }],
    ]),
  );

/** A value with the names that its shape has in Terraform. */
function shaped(value: Expression, shape: Shape): Expression {
  if (shape.kind === "scalar") return value;
  if (shape.kind === "json") return asJson(value);
  if (shape.kind === "list" && value.kind === "list")
    return { ...value, items: value.items.map((item) => shaped(item, shape.element)) };
  if (value.kind !== "object") return value;
  if (shape.kind === "map")
    return objectOf(value.entries.map((entry) => [entry.key, shaped(entry.value, shape.element)]));
  if (shape.kind !== "object") return value;
  return objectOf(
    value.entries.map(({ key, value: inner }) => {
      const found = Object.entries(shape.fields).find(([, { property }]) => property === key);
      if (!found) throw new UnsaidInTerraform(`${key} has no argument there`);
      return [found[0], shaped(inner, found[1].shape)];
    }),
  );
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { awsResourceTypes } from "../../clouds/aws/binding.ts";
import { createRegistry } from "../../stack/registry/registry.ts";
import { isCtyObject, sameCty, type CtyObject } from "../../protocols/terraform/cty-value.ts";
import { readDynamicValue, writeDynamicValue } from "../../protocols/terraform/dynamic-value.ts";
import { typeOfAttributes } from "../../protocols/terraform/schema.ts";
import { sampled } from "../../testing/property-runs.ts";
import { ctyOf, plannedCty, valuesOf, type Values } from "./form.ts";
import { mappingOf } from "./mapping.ts";
import type { Fields, Shape } from "./shape.ts";

const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));

function valuesIn(shape: Shape): fc.Arbitrary<unknown> {
  if (shape.kind === "json") return fc.oneof(fc.object({ maxDepth: 2 }).map(plain), fc.constantFrom("ALL", "", "[x"));
  if (shape.kind === "scalar")
    return { string: fc.string(), number: fc.maxSafeInteger(), bool: fc.boolean() }[shape.type];
  if (shape.kind === "list") return fc.array(valuesIn(shape.element), { maxLength: 3 });
  if (shape.kind === "object") return propertiesIn(shape.fields);
  return fc.dictionary(fc.string(), valuesIn(shape.element), { maxKeys: 3, noNullPrototype: true });
}
/** As far as JSON goes, which is as far as templates go. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value, (_, each) => each ?? undefined));

const propertiesIn = (fields: Fields): fc.Arbitrary<Values> =>
  fc.record(
    Object.fromEntries(Object.values(fields).map(({ property, shape }) => [property, valuesIn(shape)])),
    { requiredKeys: [], noNullPrototype: true },
  ) as fc.Arbitrary<Values>;

describe.each(registry.names)("properties of %s", (name) => {
  const { fields, schema } = mappingOf(registry.get(name)!)!;
  const declared = Object.entries(schema.attributes).filter(([each]) => fields[each] !== undefined);
  const type = typeOfAttributes(Object.fromEntries(declared));
  const toTerraform = (values: Values): CtyObject =>
    Object.fromEntries(
      Object.entries(fields).map(([each, { property, shape }]) => [each, ctyOf(shape, values[property])]),
    );

  test("come back from Terraform as they were, and are planned in its words", () => {
    fc.assert(
      fc.property(propertiesIn(fields), (values) => {
        const sent = readDynamicValue(type, writeDynamicValue(type, toTerraform(values)));
        expect(isCtyObject(sent) && valuesOf(fields, sent)).toEqual(values);
        for (const [each, { property, shape }] of Object.entries(fields)) {
          const config = (sent as CtyObject)[each] ?? null;
          expect(sameCty(plannedCty(shape, config, values[property], null), config)).toBe(true);
        }
      }),
      sampled(60, 5),
    );
  });
});

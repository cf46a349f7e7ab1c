import { describe, expect, test } from "vitest";
import { expandSchema, readTypeFacts } from "../../clouds/aws/cloudformation-facts.ts";
import { compileType } from "./compile.ts";
import type { RegistrySchema } from "./sources.ts";
import { WANTED } from "./wanted.ts";

const SHELF: RegistrySchema = {
  typeName: "AWS::Things::Shelf",
  properties: {
    Name: { type: "string", description: "Its name.", pattern: "^[a-z]+$", format: "AWS::Things::Name" },
    Id: { type: "string" },
    Policy: { oneOf: [{ $ref: "#/definitions/Policy" }, { type: "object", format: "json" }] },
    Places: {
      type: "array",
      properties: { Width: {} },
      insertionOrder: true,
      uniqueItems: false,
      items: { $ref: "#/definitions/Place" },
    },
    Wood: { type: "string", anyOf: [{ format: "AWS::Wood::Id" }, { format: "AWS::Wood::Arn" }] },
    Odd: { type: "string", pattern: "(?i)not javascript" },
    Size: { type: "integer" },
    Tags: { type: "array", insertionOrder: false },
  },
  definitions: {
    Policy: { type: "object", properties: { Rule: { anyOf: [{ type: "string" }, { type: "number" }] } } },
    Place: { type: "object", required: ["Width"], properties: { Width: { type: "number", minimum: 1 } } },
  },
  required: ["Policy"],
  primaryIdentifier: ["/properties/Id"],
  createOnlyProperties: ["/properties/Name", "/properties/Places/*/Width"],
  conditionalCreateOnlyProperties: ["/properties/Wood"],
  readOnlyProperties: ["/properties/Id"],
  writeOnlyProperties: ["/properties/Places/*/Width"],
  tagging: { taggable: true, tagProperty: "/properties/Tags" },
};

describe("compiling a type of the registry", () => {
  const facts = compileType(SHELF, undefined);

  test("keeps what values may be and drops words, formats and patterns of other languages", () => {
    expect(facts.properties).toEqual({
      Name: { type: "string", pattern: "^[a-z]+$" },
      Odd: { type: "string" },
      Places: { type: "array", items: { $ref: "Place" } },
      Policy: { $ref: "Policy" },
      Size: { type: "integer" },
      Tags: { type: "array", insertionOrder: false },
      Wood: { type: "string" },
    });
    expect(facts.definitions).toEqual({
      Place: { type: "object", required: ["Width"], properties: { Width: { type: "number", minimum: 1 } } },
      Policy: { type: "object", properties: { Rule: { anyOf: [{ type: "string" }, { type: "number" }] } } },
    });
    expect(expandSchema(facts.properties["Places"] ?? {}, facts.definitions)).toEqual({
      type: "array",
      items: { type: "object", required: ["Width"], properties: { Width: { type: "number", minimum: 1 } } },
    });
  });

  test("tells what is read-only from what can be set, and where tags go", () => {
    expect(facts).toMatchObject({
      identifier: ["Id"],
      ref: "Id",
      attributes: ["Id"],
      attributeTypes: { Id: { type: "string" } },
      required: ["Policy"],
      writeOnly: ["Places.*.Width"],
      tags: "Tags",
    });
  });

  test("takes what an update requires from the registry, and of whole properties from the specification first", () => {
    expect(facts.replaces).toEqual({ Name: "always", "Places.*.Width": "always", Wood: "sometimes" });
    const specified = {
      cloudFormationType: SHELF.typeName,
      properties: { Size: { causesReplacement: "yes" }, Policy: { causesReplacement: "maybe" } },
      attributes: { Name: {}, Id: {} },
    } as const;
    const both = compileType(SHELF, specified);
    expect(both.replaces).toEqual({
      Name: "always",
      "Places.*.Width": "always",
      Policy: "sometimes",
      Size: "always",
      Wood: "sometimes",
    });
    expect(both.attributes).toEqual(["Id", "Name"]);
  });
});

test("the facts that ship are those that are wanted, and every schema they name is there", () => {
  for (const type of WANTED) {
    const facts = readTypeFacts(type);
    expect(facts.name).toBe(type);
    for (const [, name] of JSON.stringify(facts).matchAll(/"\$ref":"([^"]+)"/g)) {
      expect(Object.keys(facts.definitions), `${type} names it`).toContain(name);
    }
  }
});

import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { App } from "../../../constructs/src/app.ts";
import * as aws from "../../../constructs/src/aws/index.generated.ts";
import { Stack } from "../../../constructs/src/stack.ts";
import * as types from "../../../constructs/src/types/index.generated.ts";
import { AWS_SERVICES, SERVICES } from "../../catalog.generated.ts";
import { camelName, className, constantName, pascalName, singular } from "../../stack/registry/construct-names.ts";
import { readConstructClass } from "./read-type.ts";
import type { ConstructClass } from "./structure.ts";

type AnyConstruct = new (scope: Construct, id: string, props: unknown) => Construct;
const constructs = { ...types, ...aws } as unknown as Readonly<Record<string, AnyConstruct>>;

/** Properties as a template has them, under the names of the typed construct. */
function typed(value: unknown, own: ConstructClass, structure: string | undefined, isMap = false): unknown {
  if (structure === undefined || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => typed(each, own, structure));
  const fields = own.structures.find(({ name }) => name === structure)?.fields ?? [];
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (isMap) return [key, typed(each, own, structure)];
      const field = fields.find(({ called }) => called === key);
      if (!field) throw new Error(`${structure} has no field for ${key}`);
      return [field.name, typed(each, own, field.structure?.name, field.structure?.isMap)];
    }),
  );
}

describe("the construct of", () => {
  for (const type of [...SERVICES, ...AWS_SERVICES].flatMap((service) => service.resources)) {
    test(`${type.name} declares what each example of the type does`, () => {
      const own = readConstructClass(type);
      const Made = constructs[own.name] as AnyConstruct;
      for (const { properties } of type.examples) {
        const stack = new Stack(new App(), "Web");
        const made = new Made(stack, "One", typed(properties, own, `${own.name}Props`));
        const { Resources } = stack.toTemplate() as { Resources: Record<string, Record<string, unknown>> };
        expect(made.node.path).toBe("Web/One");
        expect(Resources["One"]?.["Type"]).toBe(type.name);
        expect(Resources["One"]?.["Properties"] ?? {}).toEqual(properties);
      }
    });
  }
});

describe("names of constructs", () => {
  test("follow the words of the template's names", () => {
    const names = ["CIDRBlock", "VpcID", "SSES3", "IPv6CidrBlock", "S3BucketName", "deadLetterTargetArn", "ACL"];
    expect(names.map(camelName)).toEqual([
      "cidrBlock", "vpcId", "sses3", "iPv6CidrBlock", "s3BucketName", "deadLetterTargetArn", "acl",
    ]);
    expect(["VPC", "AWS::DynamoDB::Table", "AWS::S3::Bucket"].map(className)).toEqual([
      "Vpc", "DynamoDbTable", "S3Bucket",
    ]);
    expect(pascalName("Endpoint.Port")).toBe("EndpointPort");
    expect(["PAY_PER_REQUEST", "AuthenticatedRead", "2012-10-17", "s3:ObjectCreated:*"].map(constantName)).toEqual([
      "PAY_PER_REQUEST", "AUTHENTICATED_READ", "V_2012_10_17", "S3_OBJECT_CREATED_ALL",
    ]);
    expect(["Rules", "Policies", "Indexes", "Status", "Classes", "Bus"].map(singular)).toEqual([
      "Rule", "Policy", "Index", "Status", "Class", "Bus",
    ]);
  });
});

import { AWS_SERVICES, SERVICES } from "../catalog.generated.ts";
import { awsResourceTypes } from "../clouds/aws/binding.ts";
import { stacksUnderTest, type StacksUnderTest } from "./stack-engine.ts";

/** The stack engine with every native type and every type of AWS. */
export const awsStacksUnderTest = (seed = 1): StacksUnderTest =>
  stacksUnderTest(SERVICES, { types: awsResourceTypes(AWS_SERVICES), seed });

/** The one resource of a stack `web`: its type, and the properties it is declared with. */
export const templateOf = (type: string, properties: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ Resources: { It: { Type: type, Properties: properties }, ...more } });

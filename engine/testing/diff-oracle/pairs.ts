import { TYPE_SAMPLES } from "../type-samples/all.ts";
import type { Change, TypeSample } from "../type-samples/sample.ts";

interface Template {
  readonly Description?: string;
  readonly Metadata?: object;
  readonly Parameters?: object;
  readonly Conditions?: object;
  readonly Resources: Readonly<Record<string, object>>;
  readonly Outputs?: object;
}

/** A template before and after somebody worked on it. */
export interface Pair {
  readonly name: string;
  readonly before: Template;
  readonly after: Template;
}

/** Every property of every `AWS::*` type, changed. */
const ofSamples = (): Pair[] =>
  Object.entries(TYPE_SAMPLES)
    .filter(([type]) => type.startsWith("AWS::"))
    .flatMap(([type, sample]) =>
      Object.entries(sample.changes).map(([property, change]) => ofChange(type, property, sample, change)),
    );

function ofChange(Type: string, property: string, sample: TypeSample, change: Change): Pair {
  const properties = { ...sample.base, ...change.beside };
  const template = (Properties: object) => ({ Resources: { It: { Type, Properties }, ...sample.with } });
  return {
    name: `${Type} ${property}`,
    before: template("from" in change ? { ...properties, [property]: change.from } : properties),
    after: template({ ...properties, ...change.along, [property]: change.to }),
  };
}

const queue = (Properties: object = {}, more: object = {}) => ({ Type: "AWS::SQS::Queue", Properties, ...more });
const bucket = (Properties: object = {}, more: object = {}) => ({ Type: "AWS::S3::Bucket", Properties, ...more });
const table = (key: string, Properties: object = {}) => ({
  Type: "AWS::DynamoDB::Table",
  Properties: {
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
    ...Properties,
  },
});
const redrive = (target: object, maxReceiveCount = 3) => ({
  RedrivePolicy: { deadLetterTargetArn: target, maxReceiveCount },
});
const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const tags = (...entries: readonly (readonly [string, string])[]) => ({
  Tags: entries.map(([Key, Value]) => ({ Key, Value })),
});

/** What a change of a stack can be beside a change of one property. */
const ofStacks: readonly Pair[] = [
  {
    name: "nothing",
    before: { Resources: { A: queue({ DelaySeconds: 1 }), B: bucket() } },
    after: { Resources: { A: queue({ DelaySeconds: 1 }), B: bucket() } },
  },
  {
    name: "what is no resource",
    before: { Description: "one", Resources: { A: queue() } },
    after: { Description: "two", Resources: { A: queue() }, Outputs: { Name: { Value: { Ref: "A" } } } },
  },
  {
    name: "one more and one less",
    before: { Resources: { A: queue(), B: bucket() } },
    after: { Resources: { B: bucket(), C: table("id") } },
  },
  {
    name: "one less that is retained",
    before: { Resources: { A: queue(), B: bucket({}, { DeletionPolicy: "Retain" }) } },
    after: { Resources: { A: queue() } },
  },
  {
    name: "a logical id",
    before: { Resources: { A: queue({ DelaySeconds: 1 }) } },
    after: { Resources: { B: queue({ DelaySeconds: 1 }) } },
  },
  { name: "a type", before: { Resources: { A: queue() } }, after: { Resources: { A: bucket() } } },
  {
    name: "the order of properties and resources",
    before: { Resources: { A: queue({ DelaySeconds: 1, VisibilityTimeout: 40 }), B: bucket() } },
    after: { Resources: { B: bucket(), A: queue({ VisibilityTimeout: 40, DelaySeconds: 1 }) } },
  },
  {
    name: "only dependencies",
    before: { Resources: { A: queue(), B: queue() } },
    after: { Resources: { A: queue(), B: queue({}, { DependsOn: "A" }) } },
  },
  {
    name: "only a deletion policy",
    before: { Resources: { A: bucket() } },
    after: { Resources: { A: bucket({}, { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" }) } },
  },
  {
    name: "only metadata",
    before: { Resources: { A: bucket({}, { Metadata: { of: "one" } }) } },
    after: { Resources: { A: bucket({}, { Metadata: { of: "two" } }) } },
  },
  {
    name: "two properties, one of which replaces",
    before: { Resources: { A: queue({ DelaySeconds: 1 }) } },
    after: { Resources: { A: queue({ DelaySeconds: 2, FifoQueue: true }) } },
  },
  {
    name: "a property that is given for the first time",
    before: { Resources: { A: queue() } },
    after: { Resources: { A: queue({ DelaySeconds: 30 }) } },
  },
  {
    name: "a property that is given no longer",
    before: { Resources: { A: queue({ DelaySeconds: 30 }) } },
    after: { Resources: { A: queue() } },
  },
  {
    name: "a default that is said out loud",
    before: { Resources: { A: queue() } },
    after: { Resources: { A: queue({ DelaySeconds: 0 }) } },
  },
  {
    name: "an entry of tags",
    before: { Resources: { A: queue(tags(["a", "1"], ["b", "2"])) } },
    after: { Resources: { A: queue(tags(["a", "1"], ["b", "3"])) } },
  },
  {
    name: "the order of tags",
    before: { Resources: { A: queue(tags(["a", "1"], ["b", "2"])) } },
    after: { Resources: { A: queue(tags(["b", "2"], ["a", "1"])) } },
  },
  {
    name: "what another refers to by Ref, replaced",
    before: { Resources: { A: queue({ QueueName: "one" }), B: queue(tags(["of", "x"])), C: bucket() } },
    after: { Resources: { A: queue({ QueueName: "two" }), B: queue(tags(["of", "x"])), C: bucket() } },
  },
  {
    name: "a chain by Ref whose first is replaced",
    before: {
      Resources: {
        A: table("id"),
        B: queue({ Tags: [{ Key: "of", Value: { Ref: "A" } }] }),
        C: bucket({ Tags: [{ Key: "of", Value: { Ref: "B" } }] }),
      },
    },
    after: {
      Resources: {
        A: table("key"),
        B: queue({ Tags: [{ Key: "of", Value: { Ref: "A" } }] }),
        C: bucket({ Tags: [{ Key: "of", Value: { Ref: "B" } }] }),
      },
    },
  },
  {
    name: "a chain by Ref in what replaces",
    before: {
      Resources: { A: table("id"), B: queue({ QueueName: { "Fn::Join": ["-", ["of", { Ref: "A" }]] } }) },
    },
    after: {
      Resources: { A: table("key"), B: queue({ QueueName: { "Fn::Join": ["-", ["of", { Ref: "A" }]] } }) },
    },
  },
  {
    name: "what another refers to by GetAtt, replaced",
    before: { Resources: { A: queue({ QueueName: "one" }), B: queue(redrive(arnOf("A"))) } },
    after: { Resources: { A: queue({ QueueName: "two" }), B: queue(redrive(arnOf("A"))) } },
  },
  {
    name: "what another refers to, updated",
    before: { Resources: { A: queue({ DelaySeconds: 1 }), B: queue(redrive(arnOf("A"))) } },
    after: { Resources: { A: queue({ DelaySeconds: 2 }), B: queue(redrive(arnOf("A"))) } },
  },
  {
    name: "to whom a reference leads",
    before: { Resources: { A: queue(), B: queue(), C: queue(redrive(arnOf("A"))) } },
    after: { Resources: { A: queue(), B: queue(), C: queue(redrive(arnOf("B"))) } },
  },
  {
    name: "how the same text is made",
    before: { Resources: { A: queue({ QueueName: "one-two" }) } },
    after: { Resources: { A: queue({ QueueName: { "Fn::Join": ["-", ["one", "two"]] } }) } },
  },
  {
    name: "the default of a parameter",
    before: {
      Parameters: { Delay: { Type: "Number", Default: 1 } },
      Resources: { A: queue({ DelaySeconds: { Ref: "Delay" } }) },
    },
    after: {
      Parameters: { Delay: { Type: "Number", Default: 2 } },
      Resources: { A: queue({ DelaySeconds: { Ref: "Delay" } }) },
    },
  },
  {
    name: "a condition that leaves a resource out",
    before: {
      Conditions: { IsWanted: { "Fn::Equals": ["a", "a"] } },
      Resources: { A: queue(), B: bucket({}, { Condition: "IsWanted" }) },
    },
    after: {
      Conditions: { IsWanted: { "Fn::Equals": ["a", "b"] } },
      Resources: { A: queue(), B: bucket({}, { Condition: "IsWanted" }) },
    },
  },
  {
    name: "the form of a number",
    before: { Resources: { A: queue({ DelaySeconds: 5 }) } },
    after: { Resources: { A: queue({ DelaySeconds: "5" }) } },
  },
];

/** What both sides are asked about. */
export const oraclePairs = (): readonly Pair[] => [...ofSamples(), ...ofStacks];

import type { TypeSample } from "./sample.ts";

const attribute = (AttributeName: string, AttributeType = "S") => ({ AttributeName, AttributeType });
const key = (AttributeName: string, KeyType = "HASH") => ({ AttributeName, KeyType });
const id = [attribute("id")];
const index = (IndexName: string, owner = "owner", more: object = {}) => ({
  IndexName,
  KeySchema: [key(owner)],
  Projection: { ProjectionType: "ALL" },
  ...more,
});
const units = (each: number) => ({ ReadCapacityUnits: each, WriteCapacityUnits: each });
const owned = { AttributeDefinitions: [attribute("id"), attribute("owner")] };
const provisioned = { BillingMode: "PROVISIONED" };

const stream = (name: string) => `arn:aws:kinesis:us-east-1:111111111111:stream/${name}`;
const policy = (Effect: string) => ({
  PolicyDocument: {
    Version: "2012-10-17",
    Statement: [
      {
        Effect,
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "dynamodb:GetItem",
        Resource: "*",
      },
    ],
  },
});

export const DYNAMODB_SAMPLES: Readonly<Record<string, TypeSample>> = {
  "AWS::DynamoDB::Table": {
    base: { AttributeDefinitions: id, KeySchema: [key("id")], BillingMode: "PAY_PER_REQUEST" },
    changes: {
      TableName: { from: "orders", to: "requests" },
      AttributeDefinitions: {
        to: [attribute("id"), attribute("owner")],
        along: { GlobalSecondaryIndexes: [index("by-owner")] },
        staysBecause: "the indexes need it",
      },
      KeySchema: { to: [key("other")], along: { AttributeDefinitions: [attribute("other")] } },
      BillingMode: {
        to: "PROVISIONED",
        along: { ProvisionedThroughput: units(1) },
        staysBecause: "without it, a table is provisioned and needs units",
      },
      ProvisionedThroughput: {
        from: units(1),
        to: units(2),
        beside: provisioned,
        staysBecause: "a provisioned table needs units",
      },
      OnDemandThroughput: { from: { MaxReadRequestUnits: 10 }, to: { MaxReadRequestUnits: 20 } },
      GlobalSecondaryIndexes: {
        from: [index("by-owner")],
        to: [index("by-owner", "id"), index("by-owner-again")],
        beside: owned,
        staysBecause: "its attribute would be left over",
      },
      LocalSecondaryIndexes: {
        to: [{ ...index("by-owner", "id"), KeySchema: [key("id"), key("owner", "RANGE")] }],
        beside: {
          AttributeDefinitions: [attribute("id"), attribute("at"), attribute("owner")],
          KeySchema: [key("id"), key("at", "RANGE")],
          GlobalSecondaryIndexes: [index("other")],
        },
      },
      WarmThroughput: {
        from: { ReadUnitsPerSecond: 13_000, WriteUnitsPerSecond: 5000 },
        to: { ReadUnitsPerSecond: 14_000, WriteUnitsPerSecond: 6000 },
        staysBecause: "what is warm stays so",
      },
      StreamSpecification: { from: { StreamViewType: "NEW_IMAGE" }, to: { StreamViewType: "KEYS_ONLY" } },
      SSESpecification: { from: { SSEEnabled: true }, to: { SSEEnabled: true, KMSMasterKeyId: "alias/mine" } },
      TableClass: { to: "STANDARD_INFREQUENT_ACCESS" },
      DeletionProtectionEnabled: { to: true },
      TimeToLiveSpecification: {
        from: { AttributeName: "expires", Enabled: true },
        to: { AttributeName: "ends", Enabled: true },
      },
      PointInTimeRecoverySpecification: {
        from: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
        to: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 14 },
      },
      ContributorInsightsSpecification: {
        from: { Enabled: true },
        to: { Enabled: true, Mode: "THROTTLED_KEYS" },
      },
      KinesisStreamSpecification: {
        from: { StreamArn: stream("one") },
        to: { StreamArn: stream("two"), ApproximateCreationDateTimePrecision: "MICROSECOND" },
      },
      ResourcePolicy: { from: policy("Allow"), to: policy("Deny") },
      Tags: { from: [{ Key: "tier", Value: "front" }], to: [{ Key: "tier", Value: "back" }] },
    },
  },
};

import type { TypeSample } from "./sample.ts";

const arn = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const days = (Days: number) => ({
  Rules: [
    {
      Id: "old",
      Status: "Enabled",
      ExpirationInDays: Days,
      Prefix: "logs/",
      TagFilters: [{ Key: "a", Value: "b" }],
    },
  ],
});
const inventory = (Prefix: string) => ({
  Id: "all",
  Enabled: true,
  IncludedObjectVersions: "All",
  ScheduleFrequency: "Daily",
  Prefix,
  Destination: { BucketArn: arn("Logs"), Format: "CSV" },
});
const tiering = (Days: number) => [
  { Id: "cold", Status: "Enabled", Prefix: "a", Tierings: [{ AccessTier: "ARCHIVE_ACCESS", Days }] },
];
const replication = (Status: string) => ({
  Role: "arn:aws:iam::111111111111:role/replicator",
  Rules: [
    {
      Id: "all",
      Priority: 1,
      Status,
      Filter: { Prefix: "" },
      DeleteMarkerReplication: { Status: "Disabled" },
      Destination: { Bucket: arn("Copies") },
    },
  ],
});
const policy = (Effect: string, bucket = "Logs") => ({
  Version: "2012-10-17",
  Statement: [
    {
      Effect,
      Principal: { AWS: "arn:aws:iam::111111111111:root" },
      Action: "s3:GetObject",
      Resource: { "Fn::Sub": `\${${bucket}.Arn}/*` },
    },
  ],
});
const versioned = { VersioningConfiguration: { Status: "Enabled" } };
const cannot = "S3 knows off only before it was on";

export const S3_SAMPLES: Readonly<Record<string, TypeSample>> = {
  "AWS::S3::Bucket": {
    base: {},
    with: {
      Logs: { Type: "AWS::S3::Bucket" },
      Copies: { Type: "AWS::S3::Bucket", Properties: versioned },
      News: { Type: "AWS::SQS::Queue" },
    },
    changes: {
      BucketName: { from: "photos-of-may", to: "photos-of-june" },
      ObjectLockEnabled: { to: true },
      VersioningConfiguration: { from: { Status: "Enabled" }, to: { Status: "Suspended" }, staysBecause: cannot },
      OwnershipControls: {
        from: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
        to: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
      },
      PublicAccessBlockConfiguration: { to: { BlockPublicAcls: true, RestrictPublicBuckets: false } },
      AccessControl: {
        from: "Private",
        to: "AuthenticatedRead",
        beside: {
          OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] },
          PublicAccessBlockConfiguration: { BlockPublicAcls: false },
        },
      },
      BucketEncryption: {
        to: {
          ServerSideEncryptionConfiguration: [
            { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } },
          ],
        },
      },
      Tags: { from: [{ Key: "tier", Value: "front" }], to: [{ Key: "tier", Value: "back" }] },
      CorsConfiguration: {
        from: { CorsRules: [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"] }] },
        to: {
          CorsRules: [
            { Id: "one", AllowedMethods: ["PUT"], AllowedOrigins: ["*"], ExposedHeaders: ["etag"], MaxAge: 60 },
          ],
        },
      },
      LifecycleConfiguration: { from: days(30), to: days(60) },
      WebsiteConfiguration: {
        from: { IndexDocument: "index.html" },
        to: {
          IndexDocument: "home.html",
          ErrorDocument: "error.html",
          RoutingRules: [
            { RoutingRuleCondition: { KeyPrefixEquals: "a/" }, RedirectRule: { ReplaceKeyPrefixWith: "b/" } },
          ],
        },
      },
      LoggingConfiguration: {
        from: { DestinationBucketName: { Ref: "Logs" }, LogFilePrefix: "a/" },
        to: { DestinationBucketName: { Ref: "Logs" }, LogFilePrefix: "b/" },
      },
      NotificationConfiguration: {
        from: { QueueConfigurations: [{ Event: "s3:ObjectCreated:*", Queue: arn("News") }] },
        to: {
          QueueConfigurations: [
            {
              Event: "s3:ObjectRemoved:*",
              Queue: arn("News"),
              Filter: { S3Key: { Rules: [{ Name: "prefix", Value: "in/" }] } },
            },
          ],
        },
      },
      AccelerateConfiguration: {
        from: { AccelerationStatus: "Enabled" },
        to: { AccelerationStatus: "Suspended" },
        staysBecause: cannot,
      },
      ObjectLockConfiguration: {
        from: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } } },
        to: { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 2 } } },
        beside: { ObjectLockEnabled: true },
      },
      ReplicationConfiguration: { from: replication("Enabled"), to: replication("Disabled"), beside: versioned },
      AnalyticsConfigurations: {
        from: [{ Id: "a", StorageClassAnalysis: {} }],
        to: [
          {
            Id: "b",
            Prefix: "x",
            StorageClassAnalysis: {
              DataExport: { OutputSchemaVersion: "V_1", Destination: { BucketArn: arn("Logs"), Format: "CSV" } },
            },
          },
        ],
      },
      IntelligentTieringConfigurations: { from: tiering(90), to: tiering(120) },
      InventoryConfigurations: { from: [inventory("a")], to: [inventory("b")] },
      MetricsConfigurations: {
        from: [{ Id: "all" }],
        to: [{ Id: "all", Prefix: "x", TagFilters: [{ Key: "a", Value: "b" }] }],
      },
    },
  },
  "AWS::S3::BucketPolicy": {
    base: { Bucket: { Ref: "Logs" }, PolicyDocument: policy("Allow") },
    with: { Logs: { Type: "AWS::S3::Bucket" }, Copies: { Type: "AWS::S3::Bucket" } },
    changes: {
      Bucket: { to: { Ref: "Copies" }, along: { PolicyDocument: policy("Allow", "Copies") } },
      PolicyDocument: { to: policy("Deny") },
    },
  },
};

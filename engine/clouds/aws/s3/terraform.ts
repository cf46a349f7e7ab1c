import type { Expression } from "../../../stack/expressions/expression.ts";
import { textLiteral } from "../../../stack/export/literal.ts";
import {
  block,
  entryOf,
  inlined,
  json,
  tags,
  textIn,
  within,
  type Forms,
  type Made,
} from "../../../stack/export/terraform/arguments.ts";
import { inStateAlone, UnsaidInTerraform, type Argument } from "../../../stack/export/terraform/terraform-type.ts";
import { awsTerraformType, owned, policyType, type Around, type TerraformTypes } from "../terraform-type.ts";
import { filtered, lifecycleRule } from "./terraform-filters.ts";
import { notificationArguments } from "./terraform-notifications.ts";
import { replicationArguments } from "./terraform-replication.ts";

const BUCKET = ["bucket", "BucketName"] as const;
const ofBucket = (type: string, body: Made): Around => owned(type, BUCKET, body);

/** A resource for each of a list, which its name within the bucket tells apart. */
function eachOfBucket(type: string, body: Made): Around {
  return {
    type,
    resources(value, bucket) {
      if (value.kind !== "list") throw new UnsaidInTerraform(`the list for ${type} is not written out`);
      return value.items.flatMap((item, index) => {
        const importId = (name: string) => `${name}:${textIn(entryOf(item, "Id")) ?? ""}`;
        const suffix = value.items.length > 1 && { suffix: String(index + 1) };
        return owned(type, BUCKET, body, { importId })
          .resources(item, bucket)
          .map((each) => ({ ...each, ...suffix }));
      });
    },
  };
}

/** A block for each item, made by a function. */
const blocks =
  (name: string, made: Made): Made =>
  (value) => {
    if (value.kind !== "list") throw new UnsaidInTerraform(`the rules for ${name} are not written out`);
    return value.items.map((item) => ({ block: name, body: made(item) }));
  };

const encryption = block("rule", {
  BucketKeyEnabled: "bucket_key_enabled",
  ServerSideEncryptionByDefault: block("apply_server_side_encryption_by_default", {
    SSEAlgorithm: "sse_algorithm",
    KMSMasterKeyID: "kms_master_key_id",
  }),
});
const cors = block("cors_rule", {
  Id: "id",
  AllowedHeaders: "allowed_headers",
  AllowedMethods: "allowed_methods",
  AllowedOrigins: "allowed_origins",
  ExposedHeaders: "expose_headers",
  MaxAge: "max_age_seconds",
});
const redirect: Forms = {
  HostName: "host_name",
  HttpRedirectCode: "http_redirect_code",
  Protocol: "protocol",
  ReplaceKeyPrefixWith: "replace_key_prefix_with",
  ReplaceKeyWith: "replace_key_with",
};
const website = inlined({
  IndexDocument: within("index_document", "suffix"),
  ErrorDocument: within("error_document", "key"),
  RedirectAllRequestsTo: block("redirect_all_requests_to", { HostName: "host_name", Protocol: "protocol" }),
  RoutingRules: block("routing_rule", {
    RoutingRuleCondition: block("condition", {
      HttpErrorCodeReturnedEquals: "http_error_code_returned_equals",
      KeyPrefixEquals: "key_prefix_equals",
    }),
    RedirectRule: block("redirect", redirect),
  }),
});
const lock = inlined({
  ObjectLockEnabled: "object_lock_enabled",
  Rule: block("rule", {
    DefaultRetention: block("default_retention", { Mode: "mode", Days: "days", Years: "years" }),
  }),
});
const destination: Forms = {
  BucketArn: "bucket_arn",
  BucketAccountId: "bucket_account_id",
  Format: "format",
  Prefix: "prefix",
};
const inventory = inlined({
  Id: "name",
  Enabled: "enabled",
  IncludedObjectVersions: "included_object_versions",
  OptionalFields: "optional_fields",
  Prefix: within("filter", "prefix"),
  ScheduleFrequency: within("schedule", "frequency"),
  Destination: (value) => [
    {
      block: "destination",
      body: block("bucket", { ...destination, BucketAccountId: "account_id" })(value),
    },
  ],
});
const analysis: Forms = {
  DataExport: block("data_export", {
    OutputSchemaVersion: "output_schema_version",
    Destination: (value) => [{ block: "destination", body: block("s3_bucket_destination", destination)(value) }],
  }),
};
const analytics: Made = (value) =>
  filtered(
    {
      Id: "name",
      StorageClassAnalysis: (said) =>
        said.kind === "object" && said.entries.length > 0 ? block("storage_class_analysis", analysis)(said) : [],
    },
    value,
    "tags",
  );
const tiering: Made = (value) =>
  filtered(
    { Id: "name", Status: "status", Tierings: block("tiering", { AccessTier: "access_tier", Days: "days" }) },
    value,
    "tags",
  );
const metrics: Made = (value) => filtered({ Id: "name" }, value, "tags");

/** `AuthenticatedRead` -> `authenticated-read`. */
const cannedAcl = (value: Expression): string =>
  (textIn(value) ?? "").replaceAll(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();

const acl: Around = {
  type: "aws_s3_bucket_acl",
  resources(value, bucket) {
    const name = cannedAcl(value);
    const argument: Argument = { name: "acl", value: textLiteral(name) };
    const importId = (owner: string) => `${owner},${name}`;
    return owned(acl.type, BUCKET, () => [argument], { importId }).resources(value, bucket);
  },
};

export const terraformTypes: TerraformTypes = {
  "AWS::S3::Bucket": awsTerraformType({
    resource: "aws_s3_bucket",
    idAttribute: "bucket",
    attributes: {
      BucketName: "bucket",
      Arn: "arn",
      DomainName: "bucket_domain_name",
      RegionalDomainName: "bucket_regional_domain_name",
    },
    forms: { BucketName: "bucket", ObjectLockEnabled: "object_lock_enabled", Tags: tags() },
    ignored: () => inStateAlone("force_destroy"),
    around: {
      AccelerateConfiguration: ofBucket(
        "aws_s3_bucket_accelerate_configuration",
        inlined({ AccelerationStatus: "status" }),
      ),
      AccessControl: acl,
      AnalyticsConfigurations: eachOfBucket("aws_s3_bucket_analytics_configuration", analytics),
      BucketEncryption: ofBucket(
        "aws_s3_bucket_server_side_encryption_configuration",
        inlined({ ServerSideEncryptionConfiguration: encryption }),
      ),
      CorsConfiguration: ofBucket("aws_s3_bucket_cors_configuration", inlined({ CorsRules: cors })),
      IntelligentTieringConfigurations: eachOfBucket("aws_s3_bucket_intelligent_tiering_configuration", tiering),
      InventoryConfigurations: eachOfBucket("aws_s3_bucket_inventory", inventory),
      LifecycleConfiguration: ofBucket(
        "aws_s3_bucket_lifecycle_configuration",
        inlined({ Rules: blocks("rule", lifecycleRule) }),
      ),
      LoggingConfiguration: ofBucket(
        "aws_s3_bucket_logging",
        inlined({ DestinationBucketName: "target_bucket", LogFilePrefix: "target_prefix" }),
      ),
      MetricsConfigurations: eachOfBucket("aws_s3_bucket_metric", metrics),
      NotificationConfiguration: ofBucket("aws_s3_bucket_notification", notificationArguments),
      ObjectLockConfiguration: ofBucket("aws_s3_bucket_object_lock_configuration", lock),
      OwnershipControls: ofBucket(
        "aws_s3_bucket_ownership_controls",
        inlined({ Rules: block("rule", { ObjectOwnership: "object_ownership" }) }),
      ),
      PublicAccessBlockConfiguration: ofBucket(
        "aws_s3_bucket_public_access_block",
        inlined({
          BlockPublicAcls: "block_public_acls",
          BlockPublicPolicy: "block_public_policy",
          IgnorePublicAcls: "ignore_public_acls",
          RestrictPublicBuckets: "restrict_public_buckets",
        }),
      ),
      ReplicationConfiguration: ofBucket("aws_s3_bucket_replication_configuration", replicationArguments),
      VersioningConfiguration: ofBucket(
        "aws_s3_bucket_versioning",
        (value) => block("versioning_configuration", { Status: "status", MfaDelete: "mfa_delete" })(value),
      ),
      WebsiteConfiguration: ofBucket("aws_s3_bucket_website_configuration", website),
    },
  }),
  "AWS::S3::BucketPolicy": policyType("aws_s3_bucket_policy", {
    of: "Bucket",
    argument: "bucket",
    policy: { PolicyDocument: json("policy") },
    idAttribute: "bucket",
  }),
};

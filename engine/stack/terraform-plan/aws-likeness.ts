import type { PlannedProperties } from "../plan/planned-resource.ts";
import type { Likeness, Sides } from "./likeness.ts";

type Attributes = PlannedProperties;
type Convert = (attributes: Attributes) => PlannedProperties;

const first = (value: unknown): Attributes | undefined => (Array.isArray(value) ? (value[0] as Attributes) : undefined);
const defined = (properties: PlannedProperties): PlannedProperties =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== ""));

const capacity = (from: Attributes) => ({
  ReadCapacityUnits: from["read_capacity"],
  WriteCapacityUnits: from["write_capacity"],
});

const table: Convert = (from) => {
  const indexes = from["global_secondary_index"];
  const isOnDemand = from["billing_mode"] === "PAY_PER_REQUEST";
  return defined({
    BillingMode: from["billing_mode"],
    ...(!isOnDemand && { ProvisionedThroughput: capacity(from) }),
    GlobalSecondaryIndexes: Array.isArray(indexes)
      ? indexes.map((index: Attributes) => ({ ProvisionedThroughput: capacity(index) }))
      : undefined,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: first(from["point_in_time_recovery"])?.["enabled"] ?? false,
    },
    StreamSpecification: from["stream_enabled"] === true ? { StreamViewType: from["stream_view_type"] } : undefined,
  });
};

const queue: Convert = (from) =>
  defined({
    FifoQueue: from["fifo_queue"],
    KmsMasterKeyId: from["kms_master_key_id"],
    SqsManagedSseEnabled: from["sqs_managed_sse_enabled"],
    Policy: from["policy"],
  });

const topic: Convert = (from) =>
  defined({ FifoTopic: from["fifo_topic"], KmsMasterKeyId: from["kms_master_key_id"], Policy: from["policy"] });

/** `public-read` -> `PublicRead`. */
const cannedList = (name: unknown): unknown =>
  typeof name === "string" ? name.replaceAll(/(?:^|-)([a-z])/g, (_all, letter: string) => letter.toUpperCase()) : name;

const bucket: Convert = (from) =>
  defined({
    AccessControl: cannedList(from["acl"]),
    VersioningConfiguration:
      first(from["versioning"])?.["enabled"] === true ? { Status: "Enabled" } : undefined,
    Policy: from["policy"],
  });

/** Settings that Terraform has as resources of their own, and a template as properties of the bucket. */
const BUCKET_PARTS: Readonly<Record<string, Convert>> = {
  aws_s3_bucket_acl: (from) => defined({ AccessControl: cannedList(from["acl"]) }),
  aws_s3_bucket_versioning: (from) => ({
    VersioningConfiguration: { Status: first(from["versioning_configuration"])?.["status"] },
  }),
  aws_s3_bucket_public_access_block: (from) => ({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: from["block_public_acls"] ?? false,
      BlockPublicPolicy: from["block_public_policy"] ?? false,
      IgnorePublicAcls: from["ignore_public_acls"] ?? false,
      RestrictPublicBuckets: from["restrict_public_buckets"] ?? false,
    },
  }),
};

const policy: Convert = (from) => defined({ PolicyDocument: from["policy"] });
const nothing: Convert = () => ({});

const LIKE: Readonly<Record<string, readonly [type: string, convert: Convert]>> = {
  aws_s3_bucket: ["AWS::S3::Bucket", bucket],
  aws_s3_bucket_policy: ["AWS::S3::BucketPolicy", policy],
  aws_sqs_queue: ["AWS::SQS::Queue", queue],
  aws_sqs_queue_policy: ["AWS::SQS::QueuePolicy", policy],
  aws_sns_topic: ["AWS::SNS::Topic", topic],
  aws_sns_topic_policy: ["AWS::SNS::TopicPolicy", policy],
  aws_sns_topic_subscription: ["AWS::SNS::Subscription", nothing],
  aws_dynamodb_table: ["AWS::DynamoDB::Table", table],
};

/** A resource of Terraform's AWS provider in the words of CloudFormation, as far as rules and prices ask. */
export function likeAws(
  { address, type, before, after }: Sides,
  all: readonly Sides[],
  dependenciesOf: (address: string) => readonly string[],
): Likeness | undefined {
  const row = LIKE[type];
  if (!row) return undefined;
  const [likeType, convert] = row;
  const parts = type === "aws_s3_bucket" ? all.filter((each) => isPartOf(each, { address, after, before })) : [];
  const side = (own: Attributes | undefined, of: "before" | "after") =>
    own && Object.assign({}, convert(own), ...parts.map((part) => partProperties(part, part[of])));
  const [likeBefore, likeAfter] = [side(before, "before"), side(after, "after")];
  return { type: likeType, ...(likeBefore && { before: likeBefore }), ...(likeAfter && { after: likeAfter }) };

  /** A part names its bucket, or refers to it. */
  function isPartOf(part: Sides, of: Pick<Sides, "address" | "before" | "after">): boolean {
    if (!BUCKET_PARTS[part.type]) return false;
    if (dependenciesOf(part.address).includes(of.address)) return true;
    const name = (of.after ?? of.before)?.["bucket"];
    return typeof name === "string" && (part.after ?? part.before)?.["bucket"] === name;
  }
}

const partProperties = ({ type }: Sides, attributes: Attributes | undefined): PlannedProperties =>
  (attributes && BUCKET_PARTS[type]?.(attributes)) ?? {};

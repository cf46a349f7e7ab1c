import { priceOf } from "../../services/price-book.ts";
import type { PlannedProperties } from "../plan/planned-resource.ts";
import { isUnknownValue, valueAt } from "../policy/rule.ts";
import { Bill, millions } from "./bill.ts";
import type { MonthlyCost } from "./report.ts";
import type { Usage } from "./usage.ts";

interface Priced {
  readonly type: string;
  readonly properties: PlannedProperties;
  readonly usage: Usage;
  readonly region: string;
}
type Rate = (priced: Priced) => MonthlyCost;

/** Source: AWS bills a month as 730 hours in its calculator. */
const HOURS_PER_MONTH = 730;

const bucket: Rate = ({ usage, region }) => {
  const { storageGb, putRequests, getRequests } = usage;
  const bill = new Bill(region);
  const classes = typeof storageGb === "object" ? storageGb : { standard: storageGb };
  for (const [name, stored] of Object.entries(classes)) bill.add(`s3.storage.${name}`, stored, "storageGb", "storage");
  return bill
    .add("s3.requests.put", millions(putRequests), "putRequests", "PUT requests")
    .add("s3.requests.get", millions(getRequests), "getRequests", "GET requests")
    .total();
};

const queue: Rate = ({ properties, usage, region }) => {
  const isFifo = (properties["Fifo"] ?? properties["FifoQueue"]) === true;
  const id = isFifo ? "sqs.requests.fifo" : "sqs.requests.standard";
  return new Bill(region).add(id, millions(usage.requests), "requests", "requests").total();
};

const topic: Rate = ({ properties, usage, region }) => {
  const isFifo = (properties["Fifo"] ?? properties["FifoTopic"]) === true;
  const { publishes, httpDeliveries, emailDeliveries } = usage;
  const bill = new Bill(region);
  if (isFifo) {
    return bill
      .add("sns.publishes.fifo", millions(publishes), "publishes", "publishes")
      .unknown("payload", "the price book has no figure for what FIFO topics carry")
      .total();
  }
  bill.add("sns.publishes.standard", millions(publishes), "publishes", "publishes");
  // Deliveries to queues cost nothing, so that a topic without other subscribers has none to tell.
  if (httpDeliveries !== undefined)
    bill.add("sns.deliveries.http", millions(httpDeliveries), "httpDeliveries", "HTTP deliveries");
  if (emailDeliveries !== undefined)
    bill.add("sns.deliveries.email", millions(emailDeliveries), "emailDeliveries", "email deliveries");
  return bill.total();
};

interface Capacity {
  readonly reads: unknown;
  readonly writes: unknown;
}

const capacityAt = (from: unknown, path: string, reads: string, writes: string): Capacity => ({
  reads: valueAt(from, `${path}.${reads}`),
  writes: valueAt(from, `${path}.${writes}`),
});

/** Of the table and its global indexes; empty on demand. */
function capacities({ type, properties }: Priced): readonly Capacity[] {
  if (type === "Table") {
    if (properties["Throughput"] === undefined) return [];
    return [capacityAt(properties, "Throughput", "ReadUnits", "WriteUnits")];
  }
  // Source: CloudFormation takes PROVISIONED where BillingMode is left out.
  if (properties["BillingMode"] === "PAY_PER_REQUEST") return [];
  const indexes: unknown = properties["GlobalSecondaryIndexes"] ?? [];
  return [properties, ...(Array.isArray(indexes) ? indexes : [])].map((each) =>
    capacityAt(each, "ProvisionedThroughput", "ReadCapacityUnits", "WriteCapacityUnits"),
  );
}

const table: Rate = (priced) => {
  const { type, properties, usage, region } = priced;
  const bill = new Bill(region);
  const provisioned = capacities(priced);
  if (provisioned.length === 0) {
    bill.add("dynamodb.writes", millions(usage.writeUnits), "writeUnits", "writes");
    bill.add("dynamodb.reads", millions(usage.readUnits), "readUnits", "reads");
  } else {
    addCapacity(bill, "write capacity", "dynamodb.writeCapacity", provisioned.map(({ writes }) => writes));
    addCapacity(bill, "read capacity", "dynamodb.readCapacity", provisioned.map(({ reads }) => reads));
  }
  const stored = typeof usage.storageGb === "object" ? usage.storageGb.standard : usage.storageGb;
  bill.add("dynamodb.storage", stored, "storageGb", "storage");
  const recovery =
    type === "Table" ? "PointInTimeRecovery" : "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled";
  if (valueAt(properties, recovery) === true)
    bill.add("dynamodb.pointInTimeRecovery", stored, "storageGb", "point-in-time recovery");
  if (properties["StreamSpecification"] !== undefined)
    bill.add("dynamodb.streamReads", millions(usage.streamReads), "streamReads", "stream reads");
  return bill.total();
};

function addCapacity(bill: Bill, what: string, id: string, units: readonly unknown[]): void {
  const known = units.filter((each) => typeof each === "number");
  if (known.length < units.length) bill.unknown(what, "it is known only after apply");
  else bill.add(id, known.reduce((sum, each) => sum + each, 0) * HOURS_PER_MONTH, "hours", what);
}

const instance: Rate = ({ usage, region }) => {
  const { instanceType, hours = HOURS_PER_MONTH } = usage;
  const bill = new Bill(region);
  if (instanceType === undefined)
    return bill.unknown("compute", "its usage does not tell which machine it stands for: instanceType").total();
  if (!priceOf(`ec2.${instanceType}`, region))
    return bill.unknown("compute", `the price book has no figure for ${instanceType} in ${region}`).total();
  return bill.add(`ec2.${instanceType}`, hours, "hours", "compute").total();
};

/** What a volume has when nobody says how large it is. */
const VOLUME_GB = 10;

const volume: Rate = ({ properties, usage, region }) => {
  const { volumeType } = usage;
  const bill = new Bill(region);
  if (volumeType === undefined)
    return bill.unknown("storage", "its usage does not tell which volume it stands for: volumeType").total();
  const { Size: size, SnapshotID: snapshot } = properties;
  if (isUnknownValue(size) || (size === undefined && snapshot !== undefined))
    return bill.unknown("storage", "its size is known only after apply").total();
  if (!priceOf(`ebs.storage.${volumeType}`, region))
    return bill.unknown("storage", `the price book has no figure for ${volumeType} in ${region}`).total();
  return bill.add(`ebs.storage.${volumeType}`, Number(size ?? VOLUME_GB), "volumeType", "storage").total();
};

/** Source: the pricing pages of Amazon VPC, S3, SQS and SNS, which charge for none of these by itself. */
const free: Rate = () => ({ amount: 0, items: [], unknown: [] });

const RATES: Readonly<Record<string, Rate>> = {
  Bucket: bucket,
  "AWS::S3::Bucket": bucket,
  Queue: queue,
  "AWS::SQS::Queue": queue,
  Topic: topic,
  "AWS::SNS::Topic": topic,
  Table: table,
  "AWS::DynamoDB::Table": table,
  Instance: instance,
  Volume: volume,
  VPC: free,
  Subnet: free,
  Subscription: free,
  "AWS::SNS::Subscription": free,
  "AWS::S3::BucketPolicy": free,
  "AWS::SQS::QueuePolicy": free,
  "AWS::SQS::QueueInlinePolicy": free,
  "AWS::SNS::TopicPolicy": free,
  "AWS::SNS::TopicInlinePolicy": free,
  // Settings of a bucket, which Terraform has as resources.
  aws_s3_bucket_acl: free,
  aws_s3_bucket_cors_configuration: free,
  aws_s3_bucket_lifecycle_configuration: free,
  aws_s3_bucket_notification: free,
  aws_s3_bucket_ownership_controls: free,
  aws_s3_bucket_public_access_block: free,
  aws_s3_bucket_server_side_encryption_configuration: free,
  aws_s3_bucket_versioning: free,
  aws_s3_bucket_website_configuration: free,
  "AWS::CDK::Metadata": free,
  "AWS::CloudFormation::WaitConditionHandle": free,
};

/** What a resource of these properties costs in a month, as far as that is known. */
export function monthlyCost(priced: Priced): MonthlyCost {
  const rate = RATES[priced.type];
  if (rate) return rate(priced);
  return { items: [], unknown: [{ what: priced.type, why: "the price book has no figure for this type" }] };
}

import type { OperationCall } from "../../services/operation-call.ts";
import type { Scope } from "../../services/context.ts";

/** A wire operation as the passage is told of it. */
export const operationCall = (
  service: string,
  operation: string,
  input: object,
  { account, region }: Scope,
): OperationCall => ({
  cloud: "aws",
  service,
  operation,
  resource: resourceOf(input as Readonly<Record<string, unknown>>),
  account,
  region,
});

/** Members by which operations name what they are about, those that say it best first. */
const NAMING = [
  "QueueUrl",
  "QueueName",
  "TableName",
  "TopicArn",
  "SubscriptionArn",
  "ResourceArn",
  "ResourceARN",
  "TableArn",
  "StreamArn",
  "KeyId",
  "AliasName",
  "RoleName",
  "UserName",
  "GroupName",
  "PolicyArn",
  "PolicyName",
  "RoleArn",
  "StackName",
  "Name",
];
const ANY_NAME = /(Name|Arn|ARN|Id|Url)$/;
/** Says who asks, not what about. */
const OF_THE_CALLER = new Set(["AccountId", "RequestId", "ClientRequestToken", "ExpectedBucketOwner"]);

/** A bucket's name, `bucket/key`, a queue's name, an ARN: what a request names, or undefined when it names nothing. */
function resourceOf(input: Readonly<Record<string, unknown>>): string | undefined {
  const { Bucket: bucket, Key: key } = input;
  if (typeof bucket === "string") return typeof key === "string" ? `${bucket}/${key}` : bucket;
  const [named] = Object.entries(input).filter(isName).sort((a, b) => rank(a[0]) - rank(b[0]));
  // Where the engine listens is no part of a queue's name.
  return named?.[0] === "QueueUrl" ? named[1].slice(named[1].lastIndexOf("/") + 1) : named?.[1];
}

const isName = (entry: [string, unknown]): entry is [string, string] =>
  typeof entry[1] === "string" && ANY_NAME.test(entry[0]) && !OF_THE_CALLER.has(entry[0]);

function rank(member: string): number {
  const found = NAMING.indexOf(member);
  return found < 0 ? NAMING.length : found;
}

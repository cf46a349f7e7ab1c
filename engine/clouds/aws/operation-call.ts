import type { OperationCall } from "../../services/operation-call.ts";
import type { Scope } from "../../services/context.ts";

/** A wire operation as the passage is told of it. */
export const operationCall = (
  service: string,
  operation: string,
  input: object,
  { account, region }: Scope,
): OperationCall => {
  const [resource, ...alsoAbout] = resourcesOf(input as Members);
  return { cloud: "aws", service, operation, resource, account, region, ...(alsoAbout.length > 0 && { alsoAbout }) };
};

type Members = Readonly<Record<string, unknown>>;

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

/** A bucket's name, `bucket/key`, a queue's name, an ARN, the tables of a batch: what a request names. */
function resourcesOf(input: Members): readonly string[] {
  const { Bucket: bucket, Key: key } = input;
  if (typeof bucket === "string") return [typeof key === "string" ? `${bucket}/${key}` : bucket];
  const [named] = Object.entries(input).filter(isName).sort((a, b) => rank(a[0]) - rank(b[0]));
  if (named === undefined) return tablesOf(input);
  // Where the engine listens is no part of a queue's name.
  return [named[0] === "QueueUrl" ? named[1].slice(named[1].lastIndexOf("/") + 1) : named[1]];
}

/** The table of a statement in PartiQL, with or without its index. */
const STATEMENT_TABLE = /\b(?:FROM|INTO|UPDATE)\s+"?([\w.:/-]+)/i;

/** Of DynamoDB's batches, transactions and statements, each once. */
function tablesOf({ RequestItems, TransactItems, Statements, TransactStatements, Statement }: Members): string[] {
  const items = [TransactItems, Statements, TransactStatements].flatMap((each) => (each ?? []) as readonly Members[]);
  const requests = items.flatMap((item) => Object.values(item) as readonly (Members | undefined)[]);
  const named = requests.map((request) => request?.["TableName"]);
  const statements = [Statement, ...items.map((item) => item["Statement"])];
  const told = statements.map((text) => (typeof text === "string" ? STATEMENT_TABLE.exec(text)?.[1] : undefined));
  const tables = [...Object.keys(RequestItems ?? {}), ...named, ...told];
  return [...new Set(tables.filter((table) => typeof table === "string"))];
}

const isName = (entry: [string, unknown]): entry is [string, string] =>
  typeof entry[1] === "string" && ANY_NAME.test(entry[0]) && !OF_THE_CALLER.has(entry[0]);

function rank(member: string): number {
  const found = NAMING.indexOf(member);
  return found < 0 ? NAMING.length : found;
}

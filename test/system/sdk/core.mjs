// What a user of the AWS SDK for JavaScript sees; everything that it needs to know stands in the environment.
// Prints one JSON object that clients.test.ts compares.
import {
  CreateTableCommand, DeleteTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command,
  PutObjectCommand, S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand, DeleteMessageCommand, DeleteQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand,
  SendMessageCommand, SQSClient,
} from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";

async function refusal(sent) {
  const problem = await sent.then(() => undefined, (reason) => reason);
  return [problem?.name, problem?.$metadata?.httpStatusCode];
}
const seen = {};
seen.account = (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Account;

const s3 = new S3Client({});
const [Bucket, Key] = ["sdk-books", "a/ü & <b>.txt"];
await s3.send(new CreateBucketCommand({ Bucket }));
await s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello", Metadata: { color: "red" } }));
const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
seen.object = [await got.Body.transformToString(), got.Metadata, got.ETag];
const large = Buffer.alloc(3 * 1024 ** 2, "x");
await s3.send(new PutObjectCommand({ Bucket, Key: "large", Body: large }));
const back = await (await s3.send(new GetObjectCommand({ Bucket, Key: "large" }))).Body.transformToByteArray();
seen.large = large.equals(back);
seen.listed = (await s3.send(new ListObjectsV2Command({ Bucket }))).Contents.map((entry) => entry.Key);
seen.s3 = [
  await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "none" }))),
  await refusal(s3.send(new DeleteBucketCommand({ Bucket }))),
  await refusal(s3.send(new ListObjectsV2Command({ Bucket: "nowhere-at-all" }))),
];
for (const key of seen.listed) await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
await s3.send(new DeleteBucketCommand({ Bucket }));

const sqs = new SQSClient({});
const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "sdk-orders" }));
await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one & <two>" }));
const [message] = (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages;
seen.message = message.Body;
await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
seen.sqs = [
  await refusal(sqs.send(new GetQueueUrlCommand({ QueueName: "absent" }))),
  await refusal(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: "nonsense" }))),
];
await sqs.send(new DeleteQueueCommand({ QueueUrl }));

const dynamodb = new DynamoDBClient({});
const TableName = "sdk-scores";
const key = { AttributeName: "game", AttributeType: "S" };
await dynamodb.send(
  new CreateTableCommand({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [key],
    KeySchema: [{ AttributeName: key.AttributeName, KeyType: "HASH" }],
  }),
);
const Item = { game: { S: "go" }, score: { N: "12.5" } };
await dynamodb.send(new PutItemCommand({ TableName, Item }));
seen.item = (await dynamodb.send(new GetItemCommand({ TableName, Key: { game: Item.game } }))).Item;
const query = { KeyConditionExpression: "game = :g", ExpressionAttributeValues: { ":g": Item.game } };
seen.found = (await dynamodb.send(new QueryCommand({ TableName, ...query }))).Count;
seen.dynamodb = [
  await refusal(
    dynamodb.send(new PutItemCommand({ TableName, Item, ConditionExpression: "attribute_not_exists(game)" })),
  ),
  await refusal(dynamodb.send(new GetItemCommand({ TableName: "none", Key: { game: Item.game } }))),
];
await dynamodb.send(new DeleteTableCommand({ TableName }));
console.log(JSON.stringify(seen));

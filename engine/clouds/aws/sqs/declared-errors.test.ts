import * as commands from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { startCloud, type TestCloud } from "../../../testing/cloud.ts";
import { sweepDeclaredErrors, type Provocation } from "../../../testing/declared-errors.ts";
import { sqs as service } from "./service.ts";

let cloud: TestCloud;
let client: commands.SQSClient;
beforeAll(async () => {
  cloud = await startCloud();
  client = new commands.SQSClient({ ...cloud.aws(), useQueueUrlAsEndpoint: false });
  await call("CreateQueue", { QueueName: "q" });
});
afterAll(async () => {
  client.destroy();
  await cloud.stop();
});

// oxlint-disable no-explicit-any -- a command by its name
const call = (name: string, input: object): Promise<any> =>
  client.send(new (commands as any)[`${name}Command`](input));
// oxlint-enable no-explicit-any
const ARN = "arn:aws:sqs:us-east-1:111111111111:none";
const receipt = { ReceiptHandle: "AQEB" };
const entries = <T extends object>(Entries: T[]) => ({ Entries });

/** What each operation on a queue asks for besides the queue. */
const REST: Readonly<Record<string, object>> = {
  AddPermission: { Label: "one", AWSAccountIds: ["222222222222"], Actions: ["SendMessage"] },
  ChangeMessageVisibility: { ...receipt, VisibilityTimeout: 0 },
  ChangeMessageVisibilityBatch: entries([{ Id: "1", ...receipt, VisibilityTimeout: 0 }]),
  DeleteMessage: receipt,
  DeleteMessageBatch: entries([{ Id: "1", ...receipt }]),
  DeleteQueue: {},
  GetQueueAttributes: {},
  ListDeadLetterSourceQueues: {},
  ListQueueTags: {},
  PurgeQueue: {},
  ReceiveMessage: {},
  RemovePermission: { Label: "one" },
  SendMessage: { MessageBody: "hello" },
  SendMessageBatch: entries([{ Id: "1", MessageBody: "hello" }]),
  SetQueueAttributes: { Attributes: { DelaySeconds: "1" } },
  TagQueue: { Tags: { a: "b" } },
  UntagQueue: { TagKeys: ["a"] },
};
const EIGHT_ACTIONS = [
  "SendMessage",
  "ReceiveMessage",
  "DeleteMessage",
  "ChangeMessageVisibility",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
];
const BATCHES = ["ChangeMessageVisibilityBatch", "DeleteMessageBatch", "SendMessageBatch"];
const entryOf = (operation: string) => (REST[operation] as { Entries: object[] }).Entries[0];

const onQueues: Provocation[] = Object.entries(REST).flatMap(([operation, rest]) => [
  ["QueueDoesNotExist", operation, () => ({ QueueUrl: `${cloud.endpoint}/111111111111/none`, ...rest })],
  ["InvalidAddress", operation, { QueueUrl: "https://example.org/", ...rest }],
]);
const inBatches: Provocation[] = BATCHES.flatMap((operation) => {
  const entry = entryOf(operation);
  const batch = (...Ids: string[]) => ({ QueueUrl: "q", Entries: Ids.map((Id) => ({ ...entry, Id })) });
  return [
    ["EmptyBatchRequest", operation, batch()],
    ["TooManyEntriesInBatchRequest", operation, batch(..."abcdefghijk")],
    ["BatchEntryIdsNotDistinct", operation, batch("a", "a")],
    ["InvalidBatchEntryId", operation, batch("a b")],
  ];
});

async function settledReceipt(): Promise<object> {
  await call("SendMessage", { QueueUrl: "q", MessageBody: "shown again" });
  const { Messages } = await call("ReceiveMessage", { QueueUrl: "q" });
  const shown = { QueueUrl: "q", ReceiptHandle: Messages[0].ReceiptHandle, VisibilityTimeout: 0 };
  await call("ChangeMessageVisibility", shown);
  return shown;
}

sweepDeclaredErrors({
  service,
  call,
  provoked: [
    ...onQueues,
    ...inBatches,
    ["QueueDoesNotExist", "GetQueueUrl", { QueueName: "none" }],
    ["QueueNameExists", "CreateQueue", { QueueName: "q", Attributes: { DelaySeconds: "7" } }],
    ["InvalidAttributeName", "CreateQueue", { QueueName: "new", Attributes: { Colour: "red" } }],
    ["InvalidAttributeName", "GetQueueAttributes", { QueueUrl: "q", AttributeNames: ["Colour"] }],
    ["InvalidAttributeName", "SetQueueAttributes", { QueueUrl: "q", Attributes: { Colour: "red" } }],
    ["InvalidAttributeValue", "CreateQueue", { QueueName: "new", Attributes: { DelaySeconds: "soon" } }],
    ["InvalidAttributeValue", "SetQueueAttributes", { QueueUrl: "q", Attributes: { DelaySeconds: "soon" } }],
    ["OverLimit", "AddPermission", { QueueUrl: "q", ...REST.AddPermission, Actions: EIGHT_ACTIONS }],
    ["ReceiptHandleIsInvalid", "ChangeMessageVisibility", { QueueUrl: "q", ...REST.ChangeMessageVisibility }],
    ["ReceiptHandleIsInvalid", "DeleteMessage", { QueueUrl: "q", ...receipt }],
    ["MessageNotInflight", "ChangeMessageVisibility", settledReceipt],
    ["InvalidMessageContents", "SendMessage", { QueueUrl: "q", MessageBody: "\u0001" }],
    ["BatchRequestTooLong", "SendMessageBatch", {
      QueueUrl: "q", Entries: ["1", "2"].map((Id) => ({ Id, MessageBody: "x".repeat(600_000) })),
    }],
    ["PurgeQueueInProgress", "PurgeQueue", async () => {
      await call("PurgeQueue", { QueueUrl: "q" });
      return { QueueUrl: "q" };
    }],
    ["ResourceNotFoundException", "StartMessageMoveTask", { SourceArn: ARN }],
    ["ResourceNotFoundException", "ListMessageMoveTasks", { SourceArn: ARN }],
    ["ResourceNotFoundException", "CancelMessageMoveTask", {
      TaskHandle: Buffer.from(JSON.stringify({ taskId: "none", sourceArn: ARN })).toString("base64"),
    }],
  ],
  never: {
    RequestThrottled: "nothing is throttled unless somebody asks for it (disturbances)",
    InvalidAddress: "the operation names no queue by its address",
    InvalidSecurity: "plain HTTP is served too",
    UnsupportedOperation: "AWS names no call that meets it",
    OverLimit: "messages in flight and settings of a queue have no limit here",
    QueueDeletedRecently: "a queue may be made again at once, so that tearing down and building up need not wait",
    InvalidIdFormat: "deprecated; a receipt that is none is ReceiptHandleIsInvalid",
    KmsDisabled: "a key is only recorded",
    KmsInvalidState: "a key is only recorded",
    KmsNotFound: "a key is only recorded",
    KmsOptInRequired: "a key is only recorded",
    KmsThrottled: "a key is only recorded",
    KmsAccessDenied: "a key is only recorded",
    KmsInvalidKeyUsage: "a key is only recorded",
  },
});

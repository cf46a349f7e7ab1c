import { isReservedTag } from "../tags.ts";
import type { SqsOperations } from "../../../models/aws/sqs.generated.ts";
import { queues } from "../../../services/queues/service.ts";
import { bind } from "../binding.ts";
import { contentFrom, failedEntries, sentResult, wireMessage } from "./messages.ts";
import { invalidParameter, missingParameter, queueOf, queueUrl } from "./model.ts";
import { moveEntry, moveOf, moveQueueOf, taskHandle } from "./moves.ts";
import { asksForCounts, attributesOf, creationFrom, settingsFrom } from "./queue-attributes.ts";

const nothing = () => ({});
const nextToken = (next: string | undefined) => (next === undefined ? {} : { NextToken: next });
const LABEL = /^[A-Za-z0-9_-]{1,80}$/;
const LABEL_FORM = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.";

function labelsFrom(tags: Readonly<Record<string, string>> = {}): Record<string, string> {
  const reserved = Object.keys(tags).find(isReservedTag);
  if (reserved !== undefined)
    throw invalidParameter("Tags", reserved, "Tag keys that begin with aws: are reserved for system use.");
  return { ...tags };
}

const pageOf = (wire: { NextToken?: string; MaxResults?: number }) => ({
  ...(wire.NextToken !== undefined && { next: wire.NextToken }),
  ...(wire.MaxResults !== undefined && { limit: wire.MaxResults }),
});

export const operations = bind<SqsOperations>()(queues, {
  CreateQueue: {
    to: "createQueue",
    in: (wire) => ({ queue: wire.QueueName, ...creationFrom(wire.Attributes ?? {}), labels: labelsFrom(wire.tags) }),
    out: (queue, _, call) => ({ QueueUrl: queueUrl(call, queue) }),
  },
  GetQueueUrl: {
    to: "getQueue",
    in: ({ QueueName, QueueOwnerAWSAccountId: owner }) => ({ queue: QueueName, ...(owner !== undefined && { owner }) }),
    out: (queue, _, call) => ({ QueueUrl: queueUrl(call, queue) }),
  },
  ListQueues: {
    to: "listQueues",
    in: (wire) => ({ ...pageOf(wire), prefix: wire.QueueNamePrefix ?? "" }),
    // Without MaxResults a listing ends at a thousand and says nothing of the rest.
    out: ({ queues: names, next }, { MaxResults }, call) => ({
      ...(names.length > 0 && { QueueUrls: names.map((name) => queueUrl(call, { account: call.account, name })) }),
      ...(MaxResults !== undefined && nextToken(next)),
    }),
  },
  ListDeadLetterSourceQueues: {
    to: "listDeadLetterSources",
    in: (wire) => ({ ...queueOf(wire), ...pageOf(wire) }),
    out: ({ queues: names, next }, wire, call) => {
      const { owner = call.account } = queueOf(wire);
      return { queueUrls: names.map((name) => queueUrl(call, { account: owner, name })), ...nextToken(next) };
    },
  },
  DeleteQueue: { to: "deleteQueue", in: queueOf, out: nothing },
  PurgeQueue: { to: "purgeQueue", in: queueOf, out: nothing },
  GetQueueAttributes: {
    to: "measureQueue",
    in: (wire) => ({ ...queueOf(wire), isCounted: asksForCounts(wire.AttributeNames ?? []) }),
    out: (measured, wire) => {
      const attributes = attributesOf(measured, wire.AttributeNames ?? []);
      return Object.keys(attributes).length > 0 ? { Attributes: attributes } : {};
    },
  },
  SetQueueAttributes: {
    to: "updateQueue",
    in: (wire) => ({ ...queueOf(wire), settings: settingsFrom(wire.Attributes) }),
    out: nothing,
  },
  ListQueueTags: {
    to: "getQueue",
    in: queueOf,
    out: ({ labels }) => (Object.keys(labels).length > 0 ? { Tags: labels } : {}),
  },
  TagQueue: {
    to: "labelQueue",
    in: (wire) => {
      if (Object.keys(wire.Tags).length === 0) throw missingParameter("Tags");
      return { ...queueOf(wire), labels: labelsFrom(wire.Tags) };
    },
    out: nothing,
  },
  UntagQueue: {
    to: "unlabelQueue",
    in: (wire) => {
      if (wire.TagKeys.length === 0) throw missingParameter("TagKeys");
      return { ...queueOf(wire), names: wire.TagKeys };
    },
    out: nothing,
  },
  AddPermission: {
    to: "grantPermission",
    in: (wire) => {
      const { Label: label, AWSAccountIds: accounts, Actions: actions } = wire;
      if (accounts.length === 0) throw missingParameter("AWSAccountIds");
      if (actions.length === 0) throw missingParameter("Actions");
      if (!LABEL.test(label)) throw invalidParameter("Label", label, LABEL_FORM);
      return { ...queueOf(wire), label, accounts, actions };
    },
    out: nothing,
    recordedOnly: ["AWSAccountIds", "Actions"],
  },
  RemovePermission: { to: "revokePermission", in: (wire) => ({ ...queueOf(wire), label: wire.Label }), out: nothing },
  StartMessageMoveTask: {
    to: "startMove",
    in: ({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }) => ({
      source: moveQueueOf(SourceArn, "SourceArn"),
      ...(DestinationArn !== undefined && { destination: moveQueueOf(DestinationArn, "DestinationArn") }),
      ...(rate !== undefined && { messagesPerSecond: rate }),
    }),
    out: (move) => ({ TaskHandle: taskHandle(move) }),
  },
  CancelMessageMoveTask: {
    to: "cancelMove",
    in: ({ TaskHandle }) => moveOf(TaskHandle),
    out: ({ movedCount }) => ({ ApproximateNumberOfMessagesMoved: movedCount }),
  },
  ListMessageMoveTasks: {
    to: "listMoves",
    in: ({ SourceArn, MaxResults: limit }) => ({
      source: moveQueueOf(SourceArn, "SourceArn"),
      ...(limit !== undefined && { limit }),
    }),
    out: ({ moves }) => ({ Results: moves.map(moveEntry) }),
  },
  SendMessage: {
    to: "sendMessage",
    in: (wire) => Object.assign(queueOf(wire), contentFrom(wire)),
    out: (sent, wire) => sentResult(wire, sent),
  },
  SendMessageBatch: {
    to: "sendMessages",
    in: (wire) => ({
      ...queueOf(wire),
      entries: wire.Entries.map((entry) => ({ id: entry.Id, ...contentFrom(entry) })),
    }),
    out: ({ done, failed }, { Entries }, call) => {
      const entryOf = new Map(Entries.map((entry) => [entry.Id, entry]));
      const successful = done.flatMap(({ id, ...sent }) => {
        const entry = entryOf.get(id);
        return entry ? [{ Id: id, ...sentResult(entry, sent) }] : [];
      });
      return { Successful: successful, Failed: failedEntries(failed, call) };
    },
  },
  ReceiveMessage: {
    to: "receiveMessages",
    in: (wire) => ({
      ...queueOf(wire),
      ...(wire.MaxNumberOfMessages !== undefined && { count: wire.MaxNumberOfMessages }),
      ...(wire.VisibilityTimeout !== undefined && { visibilityTimeoutSeconds: wire.VisibilityTimeout }),
      ...(wire.WaitTimeSeconds !== undefined && { waitSeconds: wire.WaitTimeSeconds }),
      ...(wire.ReceiveRequestAttemptId !== undefined && { attemptId: wire.ReceiveRequestAttemptId }),
    }),
    out: ({ messages }, wire, call) => {
      const wishes = {
        attributeNames: wire.MessageAttributeNames ?? [],
        systemAttributeNames: [...(wire.AttributeNames ?? []), ...(wire.MessageSystemAttributeNames ?? [])],
      };
      return messages.length > 0 ? { Messages: messages.map((message) => wireMessage(message, wishes, call)) } : {};
    },
  },
  DeleteMessage: {
    to: "deleteMessage",
    in: (wire) => ({ ...queueOf(wire), receipt: wire.ReceiptHandle }),
    out: nothing,
  },
  DeleteMessageBatch: {
    to: "deleteMessages",
    in: (wire) => ({
      ...queueOf(wire),
      entries: wire.Entries.map(({ Id, ReceiptHandle }) => ({ id: Id, receipt: ReceiptHandle })),
    }),
    out: ({ done, failed }, _, call) => ({
      Successful: done.map(({ id }) => ({ Id: id })),
      Failed: failedEntries(failed, call),
    }),
  },
  ChangeMessageVisibility: {
    to: "hideMessage",
    in: (wire) => ({ ...queueOf(wire), receipt: wire.ReceiptHandle, visibilityTimeoutSeconds: wire.VisibilityTimeout }),
    out: nothing,
  },
  ChangeMessageVisibilityBatch: {
    to: "hideMessages",
    in: (wire) => ({
      ...queueOf(wire),
      entries: wire.Entries.map(({ Id, ReceiptHandle, VisibilityTimeout }) => ({
        id: Id,
        receipt: ReceiptHandle,
        visibilityTimeoutSeconds: VisibilityTimeout ?? 0,
      })),
    }),
    out: ({ done, failed }, _, call) => ({
      Successful: done.map(({ id }) => ({ Id: id })),
      Failed: failedEntries(failed, call),
    }),
  },
});

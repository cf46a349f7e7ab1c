import { isReservedTag } from "../../tags.ts";
import { isAccount } from "../../../../services/context.ts";
import type { SnsOperations, Tag } from "../../../../models/aws/sns.generated.ts";
import { topics } from "../../../../services/topics/service.ts";
import { bind } from "../../binding.ts";
import { invalidParameter, jsonObject, nextToken, pageFrom, topicArn, topicOf } from "../model.ts";
import { POLICY_ACTIONS, topicAttributesOf, topicFrom, topicSettingsFrom } from "../topic-attributes.ts";

const nothing = () => ({});

function labelsFrom(tags: readonly Tag[] = []): Record<string, string> {
  const labels = Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  if (Object.keys(labels).length < tags.length) throw invalidParameter("Duplicated keys are not allowed.");
  if (tags.some(({ Key }) => isReservedTag(Key)))
    throw invalidParameter("Tags Reason: Tag keys that begin with aws: are reserved for system use");
  return labels;
}

/** What another account can be let do. */
const GRANTED: ReadonlySet<string> = new Set([...POLICY_ACTIONS, "Receive"]);

function actionsFrom(names: readonly string[]): string[] {
  if (names.every((name) => GRANTED.has(name))) return [...names];
  throw invalidParameter("Policy statement action out of service scope!");
}
function accountsFrom(accounts: readonly string[]): string[] {
  if (accounts.every(isAccount)) return [...accounts];
  throw invalidParameter("Policy Error: PrincipalNotFound");
}

/** A policy as it was written, if it is one. */
function protectionFrom(policy: string): string {
  jsonObject(policy, () => invalidParameter("DataProtectionPolicy"));
  return policy;
}
const resource = "ResourceArn";

export const topicOperations = bind<SnsOperations>()(topics, {
  CreateTopic: {
    to: "createTopic",
    in: ({ Name, Attributes = {}, Tags, DataProtectionPolicy: policy }) => {
      const { isFifo, settings } = topicFrom(Attributes);
      const all = policy === undefined ? settings : { ...settings, dataProtectionPolicy: protectionFrom(policy) };
      return { topic: Name, isFifo, settings: all, labels: labelsFrom(Tags) };
    },
    out: (topic) => ({ TopicArn: topicArn(topic, topic.name) }),
    recordedOnly: ["DataProtectionPolicy"],
  },
  DeleteTopic: { to: "deleteTopic", in: ({ TopicArn }, call) => topicOf(TopicArn, call), out: nothing },
  GetTopicAttributes: {
    to: "getTopic",
    in: ({ TopicArn }, call) => topicOf(TopicArn, call),
    out: (found) => ({ Attributes: topicAttributesOf(found) }),
  },
  SetTopicAttributes: {
    to: "updateTopic",
    in: ({ TopicArn, AttributeName, AttributeValue = "" }, call) => ({
      ...topicOf(TopicArn, call),
      settings: topicSettingsFrom({ [AttributeName]: AttributeValue }),
    }),
    out: nothing,
  },
  ListTopics: {
    to: "listTopics",
    in: ({ NextToken }) => pageFrom(NextToken),
    out: ({ topics: names, next }, _, call) => ({
      Topics: names.map((name) => ({ TopicArn: topicArn(call, name) })),
      ...nextToken(next),
    }),
  },
  TagResource: {
    to: "labelTopic",
    in: ({ ResourceArn, Tags }, call) => ({
      topic: topicOf(ResourceArn, call, resource).topic,
      labels: labelsFrom(Tags),
    }),
    out: nothing,
  },
  UntagResource: {
    to: "unlabelTopic",
    in: ({ ResourceArn, TagKeys }, call) => ({ topic: topicOf(ResourceArn, call, resource).topic, names: TagKeys }),
    out: nothing,
  },
  ListTagsForResource: {
    to: "listTopicLabels",
    in: ({ ResourceArn }, call) => ({ topic: topicOf(ResourceArn, call, resource).topic }),
    out: ({ labels }) => ({ Tags: Object.entries(labels).map(([Key, Value]) => ({ Key, Value })) }),
  },
  AddPermission: {
    to: "grantTopicPermission",
    in: ({ TopicArn, Label, AWSAccountId, ActionName }, call) => ({
      ...topicOf(TopicArn, call),
      label: Label,
      accounts: accountsFrom(AWSAccountId),
      actions: actionsFrom(ActionName),
    }),
    out: nothing,
    recordedOnly: ["AWSAccountId", "ActionName"],
  },
  RemovePermission: {
    to: "revokeTopicPermission",
    in: ({ TopicArn, Label }, call) => ({ ...topicOf(TopicArn, call), label: Label }),
    out: nothing,
  },
  PutDataProtectionPolicy: {
    to: "updateTopic",
    in: ({ ResourceArn, DataProtectionPolicy }, call) => ({
      ...topicOf(ResourceArn, call, resource),
      settings: { dataProtectionPolicy: DataProtectionPolicy === "" ? null : protectionFrom(DataProtectionPolicy) },
    }),
    out: nothing,
    recordedOnly: ["DataProtectionPolicy"],
  },
  GetDataProtectionPolicy: {
    to: "getTopic",
    in: ({ ResourceArn }, call) => topicOf(ResourceArn, call, resource),
    out: ({ topic: { settings } }) =>
      settings.dataProtectionPolicy === undefined ? {} : { DataProtectionPolicy: settings.dataProtectionPolicy },
  },
});

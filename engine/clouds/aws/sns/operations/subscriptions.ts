import type { SnsOperations, Subscription as WireSubscription } from "../../../../models/aws/sns.generated.ts";
import { topics } from "../../../../services/topics/service.ts";
import { bind } from "../../binding.ts";
import {
  invalidParameter,
  linkedTopicOf,
  nextToken,
  pageFrom,
  subscriptionArn,
  subscriptionOf,
  topicArn,
  topicOf,
  withoutPassword,
} from "../model.ts";
import {
  protocolFrom,
  subscriptionAttributesOf,
  subscriptionSettingsFrom,
  wireProtocol,
  type Subscription,
} from "../subscription-attributes.ts";

const nothing = () => ({});

const listed = (subscription: Subscription): WireSubscription => ({
  SubscriptionArn: subscription.isConfirmed ? subscriptionArn(subscription) : "PendingConfirmation",
  Owner: subscription.owner,
  Protocol: wireProtocol(subscription.protocol),
  Endpoint: withoutPassword(subscription.endpoint),
  TopicArn: topicArn(subscription, subscription.topic),
});

export const subscriptionOperations = bind<SnsOperations>()(topics, {
  Subscribe: {
    to: "subscribe",
    in: ({ TopicArn, Protocol, Endpoint, Attributes = {} }, call) => {
      if (Endpoint === undefined) throw invalidParameter("Endpoint Reason: no value for required parameter");
      if (Protocol === "sqs" && !Endpoint.startsWith("arn:")) throw invalidParameter("SQS endpoint ARN");
      return {
        ...topicOf(TopicArn, call),
        protocol: protocolFrom(Protocol),
        endpoint: Endpoint,
        settings: subscriptionSettingsFrom(Attributes),
        door: call.endpoint,
      };
    },
    out: (subscription, { ReturnSubscriptionArn }) => ({
      SubscriptionArn:
        subscription.isConfirmed || ReturnSubscriptionArn === true
          ? subscriptionArn(subscription)
          : "pending confirmation",
    }),
  },
  ConfirmSubscription: {
    to: "confirmSubscription",
    in: ({ TopicArn, Token, AuthenticateOnUnsubscribe }) => ({
      ...linkedTopicOf(TopicArn),
      token: Token,
      isGuarded: AuthenticateOnUnsubscribe === "true",
    }),
    out: (subscription) => ({ SubscriptionArn: subscriptionArn(subscription) }),
  },
  Unsubscribe: { to: "unsubscribe", in: ({ SubscriptionArn }) => subscriptionOf(SubscriptionArn), out: nothing },
  GetSubscriptionAttributes: {
    to: "getSubscription",
    in: ({ SubscriptionArn }) => subscriptionOf(SubscriptionArn),
    out: (found) => ({ Attributes: subscriptionAttributesOf(found) }),
  },
  SetSubscriptionAttributes: {
    to: "updateSubscription",
    in: ({ SubscriptionArn, AttributeName, AttributeValue = "" }) => ({
      ...subscriptionOf(SubscriptionArn),
      settings: subscriptionSettingsFrom({ [AttributeName]: AttributeValue }),
    }),
    out: nothing,
  },
  ListSubscriptions: {
    to: "listSubscriptions",
    in: ({ NextToken }) => pageFrom(NextToken),
    out: ({ subscriptions, next }) => ({ Subscriptions: subscriptions.map(listed), ...nextToken(next) }),
  },
  ListSubscriptionsByTopic: {
    to: "listTopicSubscriptions",
    in: ({ TopicArn, NextToken }, call) => ({ ...topicOf(TopicArn, call), ...pageFrom(NextToken) }),
    out: ({ subscriptions, next }) => ({ Subscriptions: subscriptions.map(listed), ...nextToken(next) }),
  },
});

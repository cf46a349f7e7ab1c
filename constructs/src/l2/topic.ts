import { Construct } from "constructs";
import { SnsSubscription } from "../aws/sns-subscription.generated.ts";
import { SnsTopic } from "../aws/sns-topic.generated.ts";
import { SnsTopicPolicy } from "../aws/sns-topic-policy.generated.ts";
import { Pseudo } from "../language/pseudo.ts";
import type { Resource } from "../resource.ts";
import type { IObjectNewsReceiver, ObjectNewsDestination } from "./object-news.ts";
import { ONLY_RESOURCE, Principal, ResourcePolicy, type Permission } from "./policy.ts";
import type { Queue } from "./queue.ts";

/** How a topic is made. */
export interface TopicProps {
  /**
   * A FIFO topic's ends in `.fifo`.
   * @default generated
   */
  readonly topicName?: string;
  /** The sender that emails and texts name. */
  readonly displayName?: string;
  /**
   * Keeps the order within each message group, and takes the same message once.
   * @default false
   */
  readonly fifo?: boolean;
}

/** Which messages a queue gets of a topic, and how. */
export interface QueueSubscriptionProps {
  /** Attributes and the values they may have, as SNS writes filter policies; without it, every message. */
  readonly filter?: { readonly [attribute: string]: unknown };
  /**
   * The message as it was published, without a notification around.
   * @default true
   */
  readonly raw?: boolean;
}

/** A topic: what is published to it goes to everybody who subscribes. */
export class Topic extends Construct implements IObjectNewsReceiver {
  /** The topic itself, for settings that this construct does not have. */
  readonly resource: Resource;
  readonly #policy: ResourcePolicy;

  constructor(scope: Construct, id: string, props: TopicProps = {}) {
    super(scope, id);
    this.resource = new SnsTopic(this, ONLY_RESOURCE, {
      ...(props.topicName !== undefined && { topicName: props.topicName }),
      ...(props.displayName !== undefined && { displayName: props.displayName }),
      ...(props.fifo === true && { fifoTopic: true, contentBasedDeduplication: true }),
    });
    this.#policy = new ResourcePolicy(
      (policyDocument) => new SnsTopicPolicy(this, "Policy", { topics: [this.topicArn], policyDocument }),
    );
  }

  /** The topic's ARN. */
  get topicArn(): string {
    return this.resource.ref;
  }

  /** The topic's name. */
  get topicName(): string {
    return this.resource.getAtt("TopicName");
  }

  /**
   * Gives a queue what is published, and lets the topic send to it.
   * @param queue the queue
   * @param props which messages
   */
  subscribeQueue(queue: Queue, props: QueueSubscriptionProps = {}): void {
    const policy = queue._allow({
      principal: Principal.service("sns.amazonaws.com"),
      actions: ["sqs:SendMessage"],
      resources: [queue.queueArn],
      condition: { ArnEquals: { "aws:SourceArn": this.topicArn } },
    });
    const subscription = new SnsSubscription(this, `To-${queue.node.id}`, {
      topicArn: this.topicArn,
      protocol: "sqs",
      endpoint: queue.queueArn,
      rawMessageDelivery: props.raw ?? true,
      ...(props.filter && { filterPolicy: props.filter }),
    });
    subscription.addDependency(policy);
  }

  /**
   * Lets somebody publish to it.
   * @param principal who
   */
  grantPublish(principal: Principal): void {
    this.#allow({ principal, actions: ["sns:Publish"], resources: [this.topicArn] });
  }

  /** Publishes news of a bucket's objects. */
  receiveObjectNews(): ObjectNewsDestination {
    // The bucket is made after the policy, so that the policy cannot name the bucket.
    const policy = this.#allow({
      principal: Principal.service("s3.amazonaws.com"),
      actions: ["sns:Publish"],
      resources: [this.topicArn],
      condition: { StringEquals: { "aws:SourceAccount": Pseudo.ACCOUNT_ID } },
    });
    return { topicArn: this.topicArn, dependency: policy };
  }

  #allow(permission: Permission): Resource {
    return this.#policy.allow(permission);
  }
}

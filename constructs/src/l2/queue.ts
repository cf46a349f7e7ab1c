import { Construct } from "constructs";
import { SqsQueue } from "../aws/sqs-queue.generated.ts";
import { SqsQueuePolicy } from "../aws/sqs-queue-policy.generated.ts";
import { Pseudo } from "../language/pseudo.ts";
import type { Resource } from "../resource.ts";
import type { IObjectNewsReceiver, ObjectNewsDestination } from "./object-news.ts";
import { ONLY_RESOURCE, Principal, ResourcePolicy, type Permission } from "./policy.ts";

/** How a queue is made. */
export interface QueueProps {
  /**
   * A FIFO queue's ends in `.fifo`.
   * @default generated
   */
  readonly queueName?: string;
  /**
   * Keeps the order within each message group, and takes the same message once.
   * @default false
   */
  readonly fifo?: boolean;
  /**
   * How long a received message stays hidden.
   * @default 30
   */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * How long a message is kept.
   * @default 4
   */
  readonly retentionDays?: number;
  /**
   * How long a receiver waits for a message.
   * @default 20, the longest: fewer calls, sooner answers
   */
  readonly receiveWaitSeconds?: number;
  /**
   * Takes the messages that were received too often.
   * @default a queue of its own, that keeps them for 14 days
   */
  readonly deadLetterQueue?: Queue;
  /**
   * Whether there is a queue for messages that were received too often.
   * @default true
   */
  readonly hasDeadLetterQueue?: boolean;
  /**
   * How often a message is received before it is too often.
   * @default 5
   */
  readonly maxReceiveCount?: number;
}

const SECONDS_OF_A_DAY = 86_400;
const RETENTION_DAYS_MAX = 14;
const RECEIVE_WAIT_SECONDS = 20;
const RECEIVES = 5;
const FIFO = ".fifo";

/** A queue that nothing is lost from: what cannot be dealt with goes to a queue for dead letters. */
export class Queue extends Construct implements IObjectNewsReceiver {
  /** The queue itself, for settings that this construct does not have. */
  readonly resource: Resource;
  /** Where messages go that were received too often; nothing when they stay. */
  readonly deadLetterQueue?: Queue;
  readonly #policy: ResourcePolicy;

  constructor(scope: Construct, id: string, props: QueueProps = {}) {
    super(scope, id);
    const { fifo = false, maxReceiveCount = RECEIVES, retentionDays } = props;
    const deadLetterQueue = props.deadLetterQueue ?? this.#ownDeadLetterQueue(props);
    if (deadLetterQueue) this.deadLetterQueue = deadLetterQueue;
    this.resource = new SqsQueue(this, ONLY_RESOURCE, {
      ...(props.queueName !== undefined && { queueName: props.queueName }),
      ...(fifo && { fifoQueue: true, contentBasedDeduplication: true }),
      ...(props.visibilityTimeoutSeconds !== undefined && { visibilityTimeout: props.visibilityTimeoutSeconds }),
      ...(retentionDays !== undefined && { messageRetentionPeriod: retentionDays * SECONDS_OF_A_DAY }),
      receiveMessageWaitTimeSeconds: props.receiveWaitSeconds ?? RECEIVE_WAIT_SECONDS,
      ...(deadLetterQueue && { redrivePolicy: { deadLetterTargetArn: deadLetterQueue.queueArn, maxReceiveCount } }),
    });
    this.#policy = new ResourcePolicy(
      (policyDocument) => new SqsQueuePolicy(this, "Policy", { queues: [this.queueUrl], policyDocument }),
    );
  }

  /** The queue's ARN. */
  get queueArn(): string {
    return this.resource.getAtt("Arn");
  }

  /** What senders and receivers call it by. */
  get queueUrl(): string {
    return this.resource.ref;
  }

  /** The queue's name. */
  get queueName(): string {
    return this.resource.getAtt("QueueName");
  }

  /**
   * Lets somebody put messages into it.
   * @param principal who
   */
  grantSend(principal: Principal): void {
    this._allow({ principal, actions: ["sqs:SendMessage"], resources: [this.queueArn] });
  }

  /**
   * Lets somebody take messages out of it.
   * @param principal who
   */
  grantReceive(principal: Principal): void {
    const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"];
    this._allow({ principal, actions, resources: [this.queueArn] });
  }

  /** Takes news of a bucket's objects. */
  receiveObjectNews(): ObjectNewsDestination {
    // The bucket is made after the policy, so that the policy cannot name the bucket.
    const policy = this._allow({
      principal: Principal.service("s3.amazonaws.com"),
      actions: ["sqs:SendMessage"],
      resources: [this.queueArn],
      condition: { StringEquals: { "aws:SourceAccount": Pseudo.ACCOUNT_ID } },
    });
    return { queueArn: this.queueArn, dependency: policy };
  }

  /** @internal */
  _allow(permission: Permission): Resource {
    return this.#policy.allow(permission);
  }

  #ownDeadLetterQueue({ fifo, queueName, hasDeadLetterQueue = true }: QueueProps): Queue | undefined {
    if (!hasDeadLetterQueue) return undefined;
    const name = fifo ? queueName?.replace(FIFO, `-dead${FIFO}`) : queueName && `${queueName}-dead`;
    return new Queue(this, "DeadLetters", {
      hasDeadLetterQueue: false,
      retentionDays: RETENTION_DAYS_MAX,
      ...(fifo !== undefined && { fifo }),
      ...(name !== undefined && { queueName: name }),
    });
  }
}

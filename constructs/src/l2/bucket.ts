import { Construct } from "constructs";
import {
  S3Bucket,
  type S3BucketQueueConfiguration,
  type S3BucketTopicConfiguration,
} from "../aws/s3-bucket.generated.ts";
import { S3BucketPolicy } from "../aws/s3-bucket-policy.generated.ts";
import type { Resource } from "../resource.ts";
import { Lazy } from "../tokens/lazy.ts";
import type { IObjectNewsReceiver, ObjectNewsProps } from "./object-news.ts";
import { ONLY_RESOURCE, ResourcePolicy, type Principal } from "./policy.ts";

/** How a bucket is made. */
export interface BucketProps {
  /** @default generated */
  readonly bucketName?: string;
  /**
   * Keeps every version of every object.
   * @default false
   */
  readonly versioned?: boolean;
  /**
   * After how many days objects are deleted.
   * @default they are kept
   */
  readonly expireAfterDays?: number;
  /**
   * Which objects expire: those whose keys begin so.
   * @default all of them
   */
  readonly expirePrefix?: string;
}

const PRIVATE = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};

/** A bucket that nobody outside can read, and that tells others of its objects. */
export class Bucket extends Construct {
  /** The bucket itself, for settings that this construct does not have. */
  readonly resource: Resource;
  readonly #policy: ResourcePolicy;
  readonly #queues: S3BucketQueueConfiguration[] = [];
  readonly #topics: S3BucketTopicConfiguration[] = [];

  constructor(scope: Construct, id: string, props: BucketProps = {}) {
    super(scope, id);
    this.resource = new S3Bucket(this, ONLY_RESOURCE, {
      ...(props.bucketName !== undefined && { bucketName: props.bucketName }),
      ...(props.versioned === true && { versioningConfiguration: { status: "Enabled" } }),
      ...(props.expireAfterDays !== undefined && {
        lifecycleConfiguration: {
          rules: [
            {
              id: "expire",
              status: "Enabled",
              expirationInDays: props.expireAfterDays,
              ...(props.expirePrefix !== undefined && { prefix: props.expirePrefix }),
            },
          ],
        },
      }),
      publicAccessBlockConfiguration: PRIVATE,
      notificationConfiguration: Lazy.any({ produce: () => this.#notifications() }),
    });
    this.#policy = new ResourcePolicy(
      (policyDocument) => new S3BucketPolicy(this, "Policy", { bucket: this.bucketName, policyDocument }),
    );
  }

  /** The bucket's name. */
  get bucketName(): string {
    return this.resource.ref;
  }

  /** The bucket's ARN. */
  get bucketArn(): string {
    return this.resource.getAtt("Arn");
  }

  /**
   * Tells of each new object, also of a new version.
   * @param receiver a queue or a topic
   * @param props which objects
   */
  onObjectCreated(receiver: IObjectNewsReceiver, props: ObjectNewsProps = {}): void {
    this.#tell("s3:ObjectCreated:*", receiver, props);
  }

  /**
   * Tells of each object that is deleted.
   * @param receiver a queue or a topic
   * @param props which objects
   */
  onObjectRemoved(receiver: IObjectNewsReceiver, props: ObjectNewsProps = {}): void {
    this.#tell("s3:ObjectRemoved:*", receiver, props);
  }

  /**
   * Lets somebody list and read its objects.
   * @param principal who
   */
  grantRead(principal: Principal): void {
    this.#policy.allow({ principal, actions: ["s3:ListBucket"], resources: [this.bucketArn] });
    this.#policy.allow({ principal, actions: ["s3:GetObject"], resources: [`${this.bucketArn}/*`] });
  }

  /**
   * Lets somebody write and delete its objects.
   * @param principal who
   */
  grantWrite(principal: Principal): void {
    const actions = ["s3:PutObject", "s3:DeleteObject"];
    this.#policy.allow({ principal, actions, resources: [`${this.bucketArn}/*`] });
  }

  #tell(event: string, receiver: IObjectNewsReceiver, { prefix, suffix }: ObjectNewsProps): void {
    const { queueArn, topicArn, dependency } = receiver.receiveObjectNews();
    const rules = [
      ...(prefix === undefined ? [] : [{ name: "prefix", value: prefix }]),
      ...(suffix === undefined ? [] : [{ name: "suffix", value: suffix }]),
    ];
    const told = { event, ...(rules.length > 0 && { filter: { s3Key: { rules } } }) };
    if (queueArn !== undefined) this.#queues.push({ ...told, queue: queueArn });
    if (topicArn !== undefined) this.#topics.push({ ...told, topic: topicArn });
    this.resource.addDependency(dependency);
  }

  #notifications(): unknown {
    const queueConfigurations = this.#queues.length > 0 ? this.#queues : undefined;
    const topicConfigurations = this.#topics.length > 0 ? this.#topics : undefined;
    if (!queueConfigurations && !topicConfigurations) return undefined;
    return { ...(queueConfigurations && { queueConfigurations }), ...(topicConfigurations && { topicConfigurations }) };
  }
}

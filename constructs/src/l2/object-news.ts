import type { Resource } from "../resource.ts";

/** Where news of a bucket's objects goes. */
export interface ObjectNewsDestination {
  /** The queue's ARN; nothing when it is a topic. */
  readonly queueArn?: string;
  /** The topic's ARN; nothing when it is a queue. */
  readonly topicArn?: string;
  /** What must be there before the bucket: the permission to send. */
  readonly dependency: Resource;
}

/** What can be told of a bucket's objects. */
export interface IObjectNewsReceiver {
  /** Lets buckets of its account tell it. */
  receiveObjectNews(): ObjectNewsDestination;
}

/** Which objects are told of. */
export interface ObjectNewsProps {
  /** Only those whose keys begin so. */
  readonly prefix?: string;
  /** Only those whose keys end so. */
  readonly suffix?: string;
}

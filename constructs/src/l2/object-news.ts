import type { Resource } from "../resource.ts";
import type { Bucket } from "./bucket.ts";

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
  /**
   * Lets the bucket tell it.
   * @param bucket whose objects
   */
  receiveObjectNews(bucket: Bucket): ObjectNewsDestination;
}

/** Which objects are told of. */
export interface ObjectNewsProps {
  /** Only those whose keys begin so. */
  readonly prefix?: string;
  /** Only those whose keys end so. */
  readonly suffix?: string;
}

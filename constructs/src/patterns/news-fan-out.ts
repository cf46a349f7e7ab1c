import { Construct } from "constructs";
import { Queue } from "../l2/queue.ts";
import { Topic } from "../l2/topic.ts";

/** Somebody who gets news. */
export interface Reader {
  /** What the queue is named after. */
  readonly name: string;
  /** Attributes of messages and the values they may have; without it, every message. */
  readonly filter?: { readonly [attribute: string]: unknown };
}

/** How a fan-out is made. */
export interface NewsFanOutProps {
  /** What its resources are named after: `orders` gives the topic `orders` and queues like `orders-billing`. */
  readonly topicName: string;
  /** Who gets what is published. */
  readonly readers: Reader[];
}

/** What is published once arrives in a queue of each reader, all of it or what its filter lets through. */
export class NewsFanOut extends Construct {
  /** Where news is published. */
  readonly topic: Topic;
  /** The readers' queues, in their order. */
  readonly queues: Queue[];

  constructor(scope: Construct, id: string, props: NewsFanOutProps) {
    super(scope, id);
    const { topicName, readers } = props;
    this.topic = new Topic(this, "Topic", { topicName });
    this.queues = readers.map(({ name, filter }) => {
      const queue = new Queue(this, name, { queueName: `${topicName}-${name}` });
      this.topic.subscribeQueue(queue, filter ? { filter } : {});
      return queue;
    });
  }
}

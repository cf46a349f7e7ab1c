import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Content } from "./model/message.ts";
import { requireTopic, topicRecords, type Place } from "./model/topic.ts";
import { publish } from "./operations/publish.ts";
import type { TopicContext } from "./ports.ts";

/**
 * What other services ask of topics, in their own transaction. `ctx` is one of topics' own: the port fills what topics
 * need of others.
 */
export const topicsPort = {
  /** Undefined when there is none. */
  async find(tx: Reader, { account, region, name }: Place): Promise<{ readonly isFifo: boolean } | undefined> {
    return topicRecords.get(tx, account, region, name);
  },

  /**
   * Sends a message to every subscriber that wants it.
   * Errors: those of the operation `publish`
   */
  async publish(tx: Transaction, place: Place, content: Content, ctx: TopicContext): Promise<string> {
    const topic = await requireTopic(tx, place, { topic: place.name });
    return (await publish(tx, topic, content, ctx)).messageId;
  },
};

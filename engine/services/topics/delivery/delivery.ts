import type { Published } from "../model/message.ts";
import type { Subscription } from "../model/subscription.ts";
import type { Topic } from "../model/topic.ts";
import type { Notices } from "./documents.ts";

/** One message for one subscriber. */
export interface Delivery {
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly published: Published;
  readonly notices: Notices;
}

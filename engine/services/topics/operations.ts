import { phoneOperations } from "./operations/phones.ts";
import { publishOperations } from "./operations/publish.ts";
import { pushOperations } from "./operations/push.ts";
import { subscriptionOperations } from "./operations/subscriptions.ts";
import { topicOperations } from "./operations/topics.ts";

export const operations = {
  ...topicOperations,
  ...subscriptionOperations,
  ...publishOperations,
  ...pushOperations,
  ...phoneOperations,
};

import { messageOperations } from "./operations/messages.ts";
import { phoneOperations } from "./operations/phones.ts";
import { pushOperations } from "./operations/push.ts";
import { subscriptionOperations } from "./operations/subscriptions.ts";
import { topicOperations } from "./operations/topics.ts";

export const bound = [topicOperations, subscriptionOperations, messageOperations, pushOperations, phoneOperations];

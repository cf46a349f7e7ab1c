import type { AnyResourceType } from "../../../services/resource-type.ts";
import { subscription } from "./resources/subscription.ts";
import { topicInlinePolicy, topicPolicy } from "./resources/topic-policies.ts";
import { topic } from "./resources/topic.ts";

/** What templates can declare as `AWS::SNS::*`. */
export const resources: readonly AnyResourceType[] = [subscription, topic, topicInlinePolicy, topicPolicy];

import type { AnyResourceType } from "../../../services/resource-type.ts";
import { queueInlinePolicy, queuePolicy } from "./resources/queue-policies.ts";
import { queue } from "./resources/queue.ts";

/** What templates can declare as `AWS::SQS::*`. */
export const resources: readonly AnyResourceType[] = [queue, queueInlinePolicy, queuePolicy];

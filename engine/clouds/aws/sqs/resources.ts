import type { AnyResourceType } from "../../../services/resource-type.ts";
import { queue } from "./resources/queue.ts";

/** What templates can declare as `AWS::SQS::*`. */
export const resources: readonly AnyResourceType[] = [queue];

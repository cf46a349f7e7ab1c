import type { AnyResourceType } from "../../../services/resource-type.ts";
import { table } from "./resources/table.ts";

/** What templates can declare as `AWS::DynamoDB::*`. */
export const resources: readonly AnyResourceType[] = [table];

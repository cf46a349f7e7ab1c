import type { AnyResourceType } from "../../../services/resource-type.ts";

/** `AWS::DynamoDB::Table` comes with the CloudFormation types; templates use the native `Table` until then. */
export const resources: readonly AnyResourceType[] = [];

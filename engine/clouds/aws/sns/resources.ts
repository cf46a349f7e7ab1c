import type { AnyResourceType } from "../../../services/resource-type.ts";

/** `AWS::SNS::Topic` and its like come with CloudFormation. */
export const resources: readonly AnyResourceType[] = [];

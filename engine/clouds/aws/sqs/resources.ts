import type { AnyResourceType } from "../../../services/resource-type.ts";

/** `AWS::SQS::Queue` comes with CloudFormation. */
export const resources: readonly AnyResourceType[] = [];

import type { AnyResourceType } from "../../../services/resource-type.ts";

/** `AWS::S3::*` types, on the same service as the wire operations: none yet. */
export const resources: readonly AnyResourceType[] = [];

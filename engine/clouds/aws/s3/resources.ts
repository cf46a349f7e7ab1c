import type { AnyResourceType } from "../../../services/resource-type.ts";
import { bucketPolicy } from "./resources/bucket-policy.ts";
import { bucket } from "./resources/bucket.ts";

/** What templates can declare as `AWS::S3::*`. */
export const resources: readonly AnyResourceType[] = [bucket, bucketPolicy];

import type { Scope } from "../../services/context.ts";

/** The part of AWS that a region is in, as ARNs begin with it. */
export const arnPartition = (region: string): string =>
  region.startsWith("cn-") ? "aws-cn" : region.includes("-gov-") ? "aws-us-gov" : "aws";

/** What S3 and S3 Control call an access point. */
export const accessPointArn = (name: string, { account, region }: Scope): string =>
  `arn:${arnPartition(region)}:s3:${region}:${account}:accesspoint/${name}`;

import type { Scope } from "../../../services/context.ts";
import { arnPartition } from "../access-point-arn.ts";

/** `arn:aws:s3:us-east-1:111111111111:access-grants/default`, and below it `/location/ID` and `/grant/ID`. */
export const accessGrantsArn = ({ account, region }: Scope, ...below: readonly string[]): string =>
  [`arn:${arnPartition(region)}:s3:${region}:${account}:access-grants/default`, ...below].join("/");

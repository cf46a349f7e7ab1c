import type { BucketLoggingStatus } from "../../../../models/aws/s3.generated.ts";
import type { LoggingRule } from "../../../../services/objects/service.ts";
import type { WireCall } from "../../binding.ts";
import { present } from "../../present.ts";
import { grantOf } from "../access-lists.ts";
import { invalidArgument } from "../model.ts";
import { malformedXml } from "./faults.ts";

/** Leaves room in the key for what follows the prefix. */
const PREFIX_BYTES_MAX = 800;

const PARTITIONS: Readonly<Record<string, NonNullable<LoggingRule["partitionedBy"]>>> = {
  EventTime: "event",
  DeliveryTime: "delivery",
};
function partitionOf(dateSource = "EventTime") {
  const partition = PARTITIONS[dateSource];
  if (!partition) throw malformedXml();
  return partition;
}

/** Where a bucket's access log goes. Errors: `AwsFailure` as S3 refuses */
export function loggingOf({ LoggingEnabled: given }: BucketLoggingStatus, call: WireCall): LoggingRule | undefined {
  if (given === undefined) return undefined;
  const { TargetObjectKeyFormat: form, TargetGrants: grants = [] } = given;
  if (Buffer.byteLength(given.TargetPrefix) > PREFIX_BYTES_MAX)
    throw invalidArgument("TargetPrefix", given.TargetPrefix, `The prefix is longer than ${PREFIX_BYTES_MAX} bytes.`);
  if (form?.SimplePrefix && form.PartitionedPrefix) throw malformedXml();
  return present({
    target: given.TargetBucket,
    prefix: given.TargetPrefix,
    partitionedBy: form?.PartitionedPrefix && partitionOf(form.PartitionedPrefix.PartitionDateSource),
    grants: grants.length === 0 ? undefined : grants.map((grant) => grantOf(grant, call)),
  });
}

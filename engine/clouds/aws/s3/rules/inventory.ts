import type { InventoryConfiguration } from "../../../../models/aws/s3.generated.ts";
import { INVENTORY_COLUMNS, type InventoryRule } from "../../../../services/objects/service.ts";
import type { WireCall } from "../../binding.ts";
import { present } from "../../present.ts";
import { canonicalId, invalidArgument } from "../model.ts";
import { notImplemented } from "../refusals.ts";
import { malformedXml } from "./faults.ts";

const BUCKET_ARN = /^arn:aws[a-z-]*:s3:::([^/]+)$/;
const FORMATS: ReadonlySet<string> = new Set(["CSV", "ORC", "Parquet"]);
const FREQUENCIES: ReadonlySet<string> = new Set(["Daily", "Weekly"]);
const VERSIONS: ReadonlySet<string> = new Set(["All", "Current"]);
const COLUMNS: ReadonlySet<string> = new Set(INVENTORY_COLUMNS);

function check({ format, columns }: InventoryRule): void {
  if (!FORMATS.has(format)) throw malformedXml();
  for (const name of columns) {
    if (name === "ObjectAccessControlList") throw notImplemented(`the inventory field ${name}`);
    if (!COLUMNS.has(name)) throw malformedXml();
  }
}

/** What reports of a bucket are made of and where they go. Errors: `AwsFailure` as S3 refuses */
export function inventoryOf(given: InventoryConfiguration, call: WireCall): InventoryRule {
  const { S3BucketDestination: to } = given.Destination;
  const { SSEKMS: key, SSES3: byProvider } = to.Encryption ?? {};
  if (!FREQUENCIES.has(given.Schedule.Frequency) || !VERSIONS.has(given.IncludedObjectVersions)) throw malformedXml();
  const [, target = ""] = BUCKET_ARN.exec(to.Bucket) ?? [];
  const rule = present({
    isEnabled: given.IsEnabled,
    target,
    targetAddress: to.Bucket,
    targetAccount: to.AccountId,
    targetPrefix: to.Prefix,
    format: to.Format,
    encryption: key ? { kind: "key" as const, keyId: key.KeyId } : byProvider && { kind: "provider" as const },
    prefix: given.Filter?.Prefix ?? "",
    isOfAllVersions: given.IncludedObjectVersions === "All",
    isWeekly: given.Schedule.Frequency === "Weekly",
    columns: [...(given.OptionalFields ?? [])],
    owner: canonicalId(call.account),
  });
  if (target === "") throw invalidArgument("S3BucketDestination", to.Bucket, "Invalid bucket ARN.");
  check(rule);
  return rule;
}

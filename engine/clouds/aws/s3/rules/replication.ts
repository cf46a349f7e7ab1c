import type { ReplicationConfiguration, ReplicationRule } from "../../../../models/aws/s3.generated.ts";
import { invalidRequest, malformedXml } from "./faults.ts";
import { STORAGE_CLASSES } from "../written-with.ts";
import { filterOf, identified, isEnabled } from "./filters.ts";

/** Kept and given back; copies are made at once, by nobody's role, and belong to the bucket they are in. */
export const RECORDED_OF_REPLICATION = [
  "ReplicationConfiguration.Role",
  "ReplicationConfiguration.Rules.SourceSelectionCriteria.ReplicaModifications",
  "ReplicationConfiguration.Rules.ExistingObjectReplication",
  "ReplicationConfiguration.Rules.Destination.Account",
  "ReplicationConfiguration.Rules.Destination.AccessControlTranslation",
  "ReplicationConfiguration.Rules.Destination.ReplicationTime",
  "ReplicationConfiguration.Rules.Destination.Metrics.EventThreshold",
] as const;

/** The key of the copies of what is encrypted under a key; without one such objects are not copied. */
function copiesKeyOf({ SourceSelectionCriteria: source, Destination: to }: ReplicationRule): string | undefined {
  const isTaken = source?.SseKmsEncryptedObjects?.Status === "Enabled";
  const keyId = to.EncryptionConfiguration?.ReplicaKmsKeyID;
  if (isTaken && keyId === undefined)
    throw invalidRequest("ReplicaKmsKeyID must be specified if SseKmsEncryptedObjects tag is present.");
  return isTaken ? keyId : undefined;
}

const GUIDE = "Please refer to S3 Developer Guide for more information.";

/** Rules have two forms: the later one has a filter, and with it must say more. */
function checkForm(rule: ReplicationRule): void {
  const isLater = rule.Filter !== undefined;
  for (const name of ["Priority", "DeleteMarkerReplication"] as const) {
    if ((rule[name] !== undefined) === isLater) continue;
    const what = isLater ? "must be specified" : "cannot be used";
    const schema = "this version of Cross Region Replication configuration schema";
    throw invalidRequest(`${name} ${what} for ${schema}. ${GUIDE}`);
  }
  const hasTags = rule.Filter?.Tag !== undefined || (rule.Filter?.And?.Tags?.length ?? 0) > 0;
  if (hasTags && rule.DeleteMarkerReplication?.Status === "Enabled")
    throw invalidRequest(`Delete marker replication is not supported if any Tag filter is specified. ${GUIDE}`);
  const { StorageClass } = rule.Destination;
  if (StorageClass !== undefined && !STORAGE_CLASSES.has(StorageClass)) throw malformedXml();
}

/** A replication configuration as it is kept, and what of it is acted on. Errors: `AwsFailure` as S3 refuses. */
export function replicationOf({ Role, Rules: given }: ReplicationConfiguration) {
  if (given.length === 0 || given.length > 1000) throw malformedXml();
  const Rules = identified(given);
  const all = Rules.map((rule) => {
    const target = /^arn:[a-z-]+:s3:::([^/]+)$/.exec(rule.Destination.Bucket)?.[1];
    if (target === undefined) throw invalidRequest("Invalid bucket ARN.");
    checkForm(rule);
    return {
      isEnabled: isEnabled(rule),
      rule: {
        id: rule.ID,
        priority: rule.Priority ?? 0,
        filter: filterOf(rule),
        target,
        storageClass: rule.Destination.StorageClass,
        copiesKeyId: copiesKeyOf(rule),
        // S3 tells of failures where it measures.
        tellsFailures: rule.Destination.Metrics?.Status === "Enabled" || undefined,
        // The first form of these rules took markers along without being told.
        takesMarkers: rule.DeleteMarkerReplication?.Status === "Enabled" || rule.Filter === undefined,
      },
    };
  });
  return {
    document: { Role, Rules },
    rules: { replication: all.filter((one) => one.isEnabled).map((one) => one.rule) },
  };
}

import { block, inlined, type Made } from "../../../stack/export/terraform/arguments.ts";

const status = (name: string) => block(name, { Status: "status" });

/** Where a bucket's objects are copied to. */
export const replicationArguments: Made = inlined({
  Role: "role",
  Rules: block("rule", {
    Id: "id",
    Priority: "priority",
    Status: "status",
    Prefix: "prefix",
    Filter: block("filter", { Prefix: "prefix", TagFilter: block("tag", { Key: "key", Value: "value" }) }),
    DeleteMarkerReplication: status("delete_marker_replication"),
    Destination: block("destination", {
      Bucket: "bucket",
      Account: "account",
      StorageClass: "storage_class",
      AccessControlTranslation: block("access_control_translation", { Owner: "owner" }),
      EncryptionConfiguration: block("encryption_configuration", { ReplicaKmsKeyID: "replica_kms_key_id" }),
    }),
    SourceSelectionCriteria: block("source_selection_criteria", {
      ReplicaModifications: status("replica_modifications"),
      SseKmsEncryptedObjects: status("sse_kms_encrypted_objects"),
    }),
  }),
});

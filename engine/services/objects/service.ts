import { service } from "../manifest.ts";
import { deliverLog, LOG_DELIVERY_JOB } from "./access-log.ts";
import { errors } from "./errors.ts";
import { INVENTORY_JOB, reportInventory } from "./inventory/reports.ts";
import { LIFECYCLE_JOB, runLifecycle } from "./lifecycle.ts";
import { accessLogOperations } from "./operations/access-logs.ts";
import { accessPointOperations } from "./operations/access-points.ts";
import { accountSettingOperations } from "./operations/account-settings.ts";
import { bucketOperations } from "./operations/buckets.ts";
import { configurationOperations } from "./operations/configurations.ts";
import { dashboardOperations } from "./operations/dashboards.ts";
import { documentOperations } from "./operations/documents.ts";
import { copyOperations } from "./operations/copies.ts";
import { listingOperations } from "./operations/listings.ts";
import { multiRegionPointOperations } from "./operations/multi-region-points.ts";
import { objectSettingOperations } from "./operations/object-settings.ts";
import { objectOperations } from "./operations/objects.ts";
import { resourceTagOperations } from "./operations/resource-tags.ts";
import { uploadListingOperations } from "./operations/upload-listings.ts";
import { uploadOperations } from "./operations/uploads.ts";
import { visitOperations } from "./operations/visits.ts";
import { objectsPort } from "./port.ts";
import { REPLICATE, replicate } from "./replication.ts";
import { resources } from "./resources.ts";

export { LOGGED_BUCKETS } from "./access-log.ts";
export { mayBeAccessPoint } from "./access-points.ts";
export { errors } from "./errors.ts";
export { CHECKSUM_ALGORITHMS, type ChecksumAlgorithm } from "../../kernel/checksums.ts";
export type { Checksum, ContentHeaders, Encryption, Grant, Retention, Tag } from "./model.ts";
export type { DocumentKind } from "./operations/documents.ts";
export { select, type Selection, type SelectOutput } from "./select/select.ts";
export type { SelectInput } from "./select/records.ts";
export { DESTINATION_TEST, OBJECT_NEWS, type DestinationTest, type ObjectNews } from "./news.ts";
export type { Ports } from "./ports.ts";
export { INVENTORY_COLUMNS, type InventoryColumn } from "./inventory/lines.ts";
export type {
  CorsRule,
  InventoryRule,
  LifecycleRule,
  LoggingRule,
  NotificationRule,
  ObjectEventName,
  ReplicationRule,
  Rules,
} from "./rules.ts";

/** Buckets of objects: versions, listings, uploads in parts, and what a bucket is set to. */
export const objects = service({
  name: "objects",
  summary: "Buckets of objects, with versions, uploads in parts and the settings of a bucket.",
  operations: {
    ...bucketOperations,
    ...configurationOperations,
    ...documentOperations,
    ...objectOperations,
    ...copyOperations,
    ...listingOperations,
    ...objectSettingOperations,
    ...uploadOperations,
    ...uploadListingOperations,
    ...visitOperations,
    ...accountSettingOperations,
    ...accessLogOperations,
    ...accessPointOperations,
    ...multiRegionPointOperations,
    ...dashboardOperations,
    ...resourceTagOperations,
  },
  errors,
  resources,
  mayUse: {
    queues: "hear of what happens to the objects of a bucket",
    topics: "hear of what happens to the objects of a bucket",
    grants: "keeps the labels of what is granted of buckets",
  },
  provides: { objects: objectsPort },
  events: { [REPLICATE]: replicate },
  jobs: { [LIFECYCLE_JOB]: runLifecycle, [LOG_DELIVERY_JOB]: deliverLog },
  externalJobs: { [INVENTORY_JOB]: reportInventory },
  limits: [
    "Access logs have a record for each request: none for each object of a deletion of many or of lifecycle's.",
    "They are delivered whether or not the policy of their bucket lets the log's writer in.",
    "Analytics, metrics, dashboards, access by attributes and intelligent tiering are only recorded.",
    "Queries over objects read CSV and JSON; those over Parquet are refused.",
    "Inventory reports are CSV; where ORC or Parquet would be delivered, a text says that they are not made.",
    "They are delivered whether or not the policy of their bucket lets S3 in, and tell of no access control lists.",
    "Acceleration makes nothing faster.",
    "Policies and access control lists let other accounts reach objects, not settings.",
    "Of conditions only those on access points are evaluated.",
    "They keep nobody of the bucket's own account out, and grants to single users of other accounts are only kept.",
    "A body that neither its writer nor its bucket asks to encrypt is stored as it came.",
    "A key that is named for encryption is derived from the bucket's own secret, since there is no key service yet.",
    "News go to queues and topics, whose policies are not asked; functions and event buses do not exist yet.",
    "Replication copies new versions and delete markers at once, never what was there before.",
    "An archived object is restored at once, whatever the tier.",
    "Access points are for buckets of their own account; the networks they name are only kept.",
    "Those of several regions lead to the bucket of the caller's region, else to the first that takes requests.",
    "There are no directory buckets and no annotations.",
  ],
});

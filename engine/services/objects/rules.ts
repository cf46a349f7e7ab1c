import { Type, type Static } from "typebox";
import { encryption, grants, tag } from "./schemas.ts";

/** What the engine acts on of a bucket's configuration documents, whatever cloud wrote them. */

const texts = Type.Array(Type.String());
const optionalText = Type.Optional(Type.String());
const optionalNumber = Type.Optional(Type.Number());

/** Which objects a rule is for: all conditions must hold. */
const objectFilter = Type.Object({
  prefix: optionalText,
  tags: Type.Optional(Type.Array(tag)),
  sizeAboveBytes: optionalNumber,
  sizeBelowBytes: optionalNumber,
});
export type ObjectFilter = Static<typeof objectFilter>;

export const corsRule = Type.Object({
  origins: Type.Array(Type.String(), { description: "Each may hold one `*`." }),
  methods: texts,
  headers: texts,
  exposedHeaders: texts,
  maxAgeSeconds: optionalNumber,
});
export type CorsRule = Static<typeof corsRule>;

const transition = Type.Object({ storageClass: Type.String(), afterDays: optionalNumber, atMs: optionalNumber });
const olderTransition = Type.Object({
  storageClass: Type.String(),
  afterDays: Type.Number(),
  keptCount: optionalNumber,
});
const lifecycleRule = Type.Object({
  id: Type.String(),
  filter: objectFilter,
  expiresAfterDays: optionalNumber,
  expiresAtMs: optionalNumber,
  removesLoneMarkers: Type.Optional(Type.Boolean({ description: "Delete markers that hide nothing any more." })),
  transitions: Type.Array(transition),
  olderExpireAfterDays: Type.Optional(Type.Number({ description: "Counted from when a later version came." })),
  olderKeptCount: Type.Optional(Type.Number({ description: "So many older versions stay however old." })),
  olderTransitions: Type.Array(olderTransition),
  abortsUploadsAfterDays: optionalNumber,
  smallestTransitionBytes: Type.Optional(Type.Number({ description: "Smaller objects stay in their class." })),
});
export type LifecycleRule = Static<typeof lifecycleRule>;

/** What can happen to an object, as notification rules choose it. */
const OBJECT_EVENTS = [
  "created.put",
  "created.post",
  "created.copy",
  "created.upload",
  "removed.delete",
  "removed.marker",
  "expired.delete",
  "expired.marker",
  "transitioned",
  "restore.begun",
  "restore.done",
  "restore.expired",
  "tags.put",
  "tags.deleted",
  "access.put",
  "retention.put",
  "replication.failed",
] as const;
export type ObjectEventName = (typeof OBJECT_EVENTS)[number];

const notificationRule = Type.Object({
  id: Type.String(),
  target: Type.Object({
    kind: Type.Union([Type.Literal("queue"), Type.Literal("topic")]),
    account: Type.String(),
    region: Type.String(),
    name: Type.String(),
  }),
  events: Type.Array(Type.Unsafe<ObjectEventName>(Type.Enum([...OBJECT_EVENTS]))),
  prefix: optionalText,
  suffix: optionalText,
});
export type NotificationRule = Static<typeof notificationRule>;

export const redirect = Type.Object({
  host: optionalText,
  protocol: optionalText,
  status: optionalNumber,
  key: optionalText,
  keyPrefix: optionalText,
});
export const website = Type.Object({
  redirectsAll: Type.Optional(Type.Object({ host: Type.String(), protocol: optionalText })),
  indexSuffix: optionalText,
  errorKey: optionalText,
  redirects: Type.Array(Type.Object({ whenPrefix: optionalText, whenStatus: optionalNumber, to: redirect })),
});
export type Website = Static<typeof website>;
export type Redirect = Static<typeof redirect>;

const replicationRule = Type.Object({
  id: Type.String(),
  priority: Type.Number(),
  filter: objectFilter,
  target: Type.String({ description: "The bucket that gets the copies." }),
  storageClass: optionalText,
  takesMarkers: Type.Optional(Type.Boolean()),
  tellsFailures: Type.Optional(Type.Boolean({ description: "Copies that cannot be made are news of the bucket." })),
  copiesKeyId: Type.Optional(
    Type.String({ description: "What is encrypted under a named key is copied too, under this one." }),
  ),
});
export type ReplicationRule = Static<typeof replicationRule>;

export const publicAccess = Type.Object({
  refusesLists: Type.Boolean(),
  ignoresLists: Type.Boolean(),
  refusesPolicies: Type.Boolean(),
  restrictsPolicies: Type.Boolean(),
});
export type PublicAccess = Static<typeof publicAccess>;

const logging = Type.Object({
  target: Type.String({ description: "The bucket that gets the logs." }),
  prefix: Type.String({ description: "What their keys begin with." }),
  partitionedBy: Type.Optional(
    Type.Union([Type.Literal("event"), Type.Literal("delivery")], {
      description: "Keys go on with account, region, bucket and day: of the requests, or of the delivery.",
    }),
  ),
  grants: Type.Optional(grants),
});
export type LoggingRule = Static<typeof logging>;

export const inventoryRule = Type.Object({
  isEnabled: Type.Boolean(),
  target: Type.String({ description: "The bucket that gets the reports." }),
  targetAddress: Type.String({ description: "What the reports call it." }),
  targetAccount: optionalText,
  targetPrefix: optionalText,
  format: Type.String({ description: "Only of `CSV` a report is made." }),
  encryption: Type.Optional(encryption),
  prefix: Type.String({ description: "What the keys begin with that it tells of." }),
  isOfAllVersions: Type.Boolean(),
  isWeekly: Type.Boolean(),
  columns: texts,
  owner: Type.String({ description: "What the reports call the bucket's owner." }),
});
export type InventoryRule = Static<typeof inventoryRule>;

/** Whether the bucket's address for far clients serves it. */
export const acceleration = Type.Union([Type.Literal("enabled"), Type.Literal("suspended")]);

/** By kind of document. A document of another kind is only kept. */
export const rules = Type.Object({
  cors: Type.Optional(Type.Array(corsRule)),
  lifecycle: Type.Optional(Type.Array(lifecycleRule)),
  notification: Type.Optional(Type.Array(notificationRule)),
  website: Type.Optional(website),
  replication: Type.Optional(Type.Array(replicationRule)),
  publicAccessBlock: Type.Optional(publicAccess),
  logging: Type.Optional(logging),
  requestersPay: Type.Optional(Type.Boolean()),
  acceleration: Type.Optional(acceleration),
});
export type Rules = Static<typeof rules>;

/** True when the rule is for this object. */
export function isFor(
  filter: ObjectFilter,
  key: string,
  of: { readonly sizeBytes: number; readonly tags?: readonly { readonly key: string; readonly value: string }[] },
): boolean {
  const { prefix, tags = [], sizeAboveBytes, sizeBelowBytes } = filter;
  if (prefix !== undefined && !key.startsWith(prefix)) return false;
  if (sizeAboveBytes !== undefined && of.sizeBytes <= sizeAboveBytes) return false;
  if (sizeBelowBytes !== undefined && of.sizeBytes >= sizeBelowBytes) return false;
  return tags.every((tag) => of.tags?.some((own) => own.key === tag.key && own.value === tag.value) ?? false);
}

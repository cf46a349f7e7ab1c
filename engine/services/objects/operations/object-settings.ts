import { Type, type Static } from "typebox";
import type { Reader } from "../../../kernel/store.ts";
import type { OperationContext } from "../../context.ts";
import { operation } from "../../operation.ts";
import { reachBucket } from "../access-points.ts";
import { bucketErrors, chargeOf, checkAccessListAllowed, grantsOf } from "../bucket-access.ts";
import { errors } from "../errors.ts";
import type { ForeignAction } from "../foreign-access.ts";
import { ARCHIVES, OBJECT_TAGS_MAX, UNVERSIONED, type ObjectVersion } from "../model.ts";
import { accessList, charge, grants, retention, tags, versionRef } from "../schemas.ts";
import { isArchived } from "../facts.ts";
import { checkTags } from "../tags.ts";
import { tell } from "../news.ts";
import { changeVersion } from "../replication.ts";
import { amendVersion, requireVersion, versionErrors } from "../versions.ts";
import { checkRetention } from "../writing.ts";
import { checkListNotBlocked } from "./configurations.ts";

const objectErrors = [...bucketErrors, ...versionErrors];
const written = Type.Object({ versionId: Type.Optional(Type.String()) });
const ofVersion = ({ versionId }: ObjectVersion) => (versionId === UNVERSIONED ? {} : { versionId });

const reachObject = (
  tx: Reader,
  ctx: OperationContext,
  ref: Static<ReturnType<typeof versionInput>>,
  action: ForeignAction,
) => reachBucket(tx, ctx, ref, { action, key: ref.key, versionId: ref.versionId });
const versionInput = () => Type.Object(versionRef);

const tagOperations = {
  putObjectTags: operation({
    summary: "Replaces an object's tags.",
    input: Type.Object({ ...versionRef, tags }),
    output: written,
    effects: "write",
    errors: [...objectErrors, "TagsInvalid", "TagsTooMany"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "PutObjectTagging");
      const version = await requireVersion(tx, bucket, input);
      checkTags(input.tags, OBJECT_TAGS_MAX, "Object");
      await changeVersion(tx, bucket, input.key, version, { tags: input.tags });
      await tell(tx, ctx, bucket, "tags.put", input.key, version);
      return ofVersion(version);
    },
  }),
  getObjectTags: operation({
    summary: "Gives an object's tags.",
    input: Type.Object(versionRef),
    output: Type.Object({ tags, versionId: Type.Optional(Type.String()) }),
    effects: "read",
    errors: objectErrors,
    async run(tx, input, ctx) {
      const version = await requireVersion(tx, await reachObject(tx, ctx, input, "GetObjectTagging"), input);
      return { tags: [...(version.tags ?? [])], ...ofVersion(version) };
    },
  }),
  deleteObjectTags: operation({
    summary: "Removes all of an object's tags.",
    input: Type.Object(versionRef),
    output: written,
    effects: "write",
    errors: objectErrors,
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "DeleteObjectTagging");
      const version = await requireVersion(tx, bucket, input);
      await changeVersion(tx, bucket, input.key, version, { tags: [] });
      await tell(tx, ctx, bucket, "tags.deleted", input.key, version);
      return ofVersion(version);
    },
  }),
};

const accessOperations = {
  putObjectAccessList: operation({
    summary: "Replaces an object's access control list.",
    input: Type.Object({ ...versionRef, accessList }),
    output: Type.Object(charge),
    effects: "write",
    errors: [...objectErrors, "AccessListsDisabled", "PublicAccessBlocked"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "PutObjectAcl");
      const version = await requireVersion(tx, bucket, input);
      checkAccessListAllowed(bucket, input.accessList);
      await checkListNotBlocked(tx, bucket, input.accessList);
      await changeVersion(tx, bucket, input.key, version, { grants: grantsOf(input.accessList, bucket.account) });
      await tell(tx, ctx, bucket, "access.put", input.key, version);
      return chargeOf(ctx, bucket);
    },
  }),
  getObjectAccessList: operation({
    summary: "Gives an object's owner and access control list.",
    input: Type.Object(versionRef),
    output: Type.Object({ owner: Type.String(), grants, ...charge }),
    effects: "read",
    errors: objectErrors,
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "GetObjectAcl");
      const version = await requireVersion(tx, bucket, input);
      const kept = version.grants ?? grantsOf({}, bucket.account);
      return { owner: bucket.account, grants: [...kept], ...chargeOf(ctx, bucket) };
    },
  }),
};

const lockOperations = {
  putObjectRetention: operation({
    summary: "Protects a version until a time.",
    input: Type.Object({
      ...versionRef,
      retention: Type.Optional(retention),
      bypassesGovernance: Type.Optional(Type.Boolean()),
    }),
    output: Type.Object(charge),
    effects: "write",
    errors: [...objectErrors, "ObjectLockDisabled", "ObjectLocked", "InputInvalid"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "PutObjectRetention");
      if (!bucket.hasObjectLock) throw errors.ObjectLockDisabled({ bucket: bucket.name });
      const version = await requireVersion(tx, bucket, input);
      if (input.retention) checkRetention(ctx, input.retention);
      const { retention: kept } = version;
      const loosens =
        !input.retention || input.retention.untilMs < (kept?.untilMs ?? 0) || input.retention.mode !== kept?.mode;
      const isProtected =
        kept && kept.untilMs > ctx.clock.nowMs() && !(kept.mode === "governance" && input.bypassesGovernance);
      if (isProtected && loosens)
        throw errors.ObjectLocked({ bucket: bucket.name, key: input.key, versionId: version.versionId });
      const { retention: _, ...rest } = version;
      // An amendment keeps what it does not name, so nothing stands for "until no time at all".
      await changeVersion(tx, bucket, input.key, rest, {
        retention: input.retention ?? { mode: "governance", untilMs: 0 },
      });
      await tell(tx, ctx, bucket, "retention.put", input.key, version);
      return chargeOf(ctx, bucket);
    },
  }),
  getObjectRetention: operation({
    summary: "Tells until when a version is protected.",
    input: Type.Object(versionRef),
    output: Type.Object({ retention }),
    effects: "read",
    errors: [...objectErrors, "ObjectLockDisabled", "RetentionNotFound"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "GetObjectRetention");
      if (!bucket.hasObjectLock) throw errors.ObjectLockDisabled({ bucket: bucket.name });
      const version = await requireVersion(tx, bucket, input);
      if (!version.retention?.untilMs) throw errors.RetentionNotFound({ bucket: bucket.name, key: input.key });
      return { retention: version.retention };
    },
  }),
  putObjectLegalHold: operation({
    summary: "Protects a version until the hold is taken off.",
    input: Type.Object({ ...versionRef, hasLegalHold: Type.Boolean() }),
    output: Type.Object(charge),
    effects: "write",
    errors: [...objectErrors, "ObjectLockDisabled"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "PutObjectLegalHold");
      if (!bucket.hasObjectLock) throw errors.ObjectLockDisabled({ bucket: bucket.name });
      const version = await requireVersion(tx, bucket, input);
      await changeVersion(tx, bucket, input.key, version, { hasLegalHold: input.hasLegalHold });
      return chargeOf(ctx, bucket);
    },
  }),
  getObjectLegalHold: operation({
    summary: "Tells whether a version is held.",
    input: Type.Object(versionRef),
    output: Type.Object({ hasLegalHold: Type.Boolean() }),
    effects: "read",
    errors: [...objectErrors, "ObjectLockDisabled", "RetentionNotFound"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "GetObjectLegalHold");
      if (!bucket.hasObjectLock) throw errors.ObjectLockDisabled({ bucket: bucket.name });
      const version = await requireVersion(tx, bucket, input);
      if (version.hasLegalHold === undefined) throw errors.RetentionNotFound({ bucket: bucket.name, key: input.key });
      return { hasLegalHold: version.hasLegalHold };
    },
  }),
};

const DAY_MS = 86_400_000;

const archiveOperations = {
  restoreObject: operation({
    summary: "Makes an archived object readable for some days; at once, since nothing lies on tapes here.",
    input: Type.Object({ ...versionRef, days: Type.Number({ description: "From now on, whole days." }) }),
    output: Type.Object({
      wasRestored: Type.Boolean({ description: "It was readable already: the time is new." }),
      ...charge,
    }),
    effects: "write",
    errors: [...objectErrors, "ObjectNotArchived"],
    async run(tx, input, ctx) {
      const bucket = await reachObject(tx, ctx, input, "RestoreObject");
      const version = await requireVersion(tx, bucket, input);
      const { storageClass = "STANDARD" } = version;
      if (!ARCHIVES.has(storageClass))
        throw errors.ObjectNotArchived({ bucket: bucket.name, key: input.key, storageClass });
      const nowMs = ctx.clock.nowMs();
      // Days end at midnight, as those of lifecycle rules do.
      const restoredUntilMs = Math.ceil((nowMs + input.days * DAY_MS) / DAY_MS) * DAY_MS;
      await amendVersion(tx, bucket, input.key, version, { restoredUntilMs });
      await tell(tx, ctx, bucket, "restore.begun", input.key, version);
      await tell(tx, ctx, bucket, "restore.done", input.key, version);
      return { wasRestored: !isArchived(version, nowMs), ...chargeOf(ctx, bucket) };
    },
  }),
};

export const objectSettingOperations = {
  ...tagOperations,
  ...accessOperations,
  ...lockOperations,
  ...archiveOperations,
};

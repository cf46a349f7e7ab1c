import { AwsFailure } from "../../../../protocols/aws/codec.ts";
import type { ObjectLockRetention, S3Operations } from "../../../../models/aws/s3.generated.ts";
import { objects } from "../../../../services/objects/service.ts";
import { bind } from "../../binding.ts";
import { accessListOf, wireGrants } from "../access-lists.ts";
import { canonicalId, chargeMember, tagsOf, versionRef, wireTags } from "../model.ts";
import { refuseMembers } from "../refusals.ts";
import { malformedXml } from "../rules/faults.ts";
import { retentionOf } from "../written-with.ts";

const versionMember = ({ versionId }: { versionId?: string }) =>
  versionId === undefined ? {} : { VersionId: versionId };

/** Mode and date, or neither, which takes a retention away. */
function documentedRetention(retention: ObjectLockRetention | undefined) {
  const { Mode, RetainUntilDate } = retention ?? {};
  const isHalf = (Mode === undefined) !== (RetainUntilDate === undefined);
  if (isHalf || (Mode !== undefined && Mode !== "GOVERNANCE" && Mode !== "COMPLIANCE")) throw malformedXml();
  return retentionOf(Mode, RetainUntilDate);
}

const TIERS: ReadonlySet<string> = new Set(["Standard", "Bulk", "Expedited"]);

export const objectSettingBindings = bind<S3Operations>()(objects, {
  PutObjectTagging: {
    to: "putObjectTags",
    in: (w) => ({ ...versionRef(w), tags: tagsOf(w.Tagging.TagSet) }),
    out: versionMember,
  },
  GetObjectTagging: {
    to: "getObjectTags",
    in: versionRef,
    out: (r) => ({ TagSet: wireTags(r.tags), ...versionMember(r) }),
  },
  DeleteObjectTagging: { to: "deleteObjectTags", in: versionRef, out: versionMember },
  RestoreObject: {
    to: "restoreObject",
    in: (w) => {
      const { Days = 0, Type: type, GlacierJobParameters: job, Tier: tier } = w.RestoreRequest ?? {};
      refuseMembers(w.RestoreRequest ?? {}, "SelectParameters", "OutputLocation");
      if (type !== undefined) refuseMembers(w.RestoreRequest ?? {}, "Type");
      const asked = job?.Tier ?? tier;
      if (asked !== undefined && !TIERS.has(asked)) throw malformedXml();
      if (!Number.isInteger(Days) || Days < 1) throw malformedXml();
      return { ...versionRef(w), days: Days };
    },
    out: chargeMember,
    response: (r) => ({ status: r.wasRestored ? 200 : 202 }),
    accepted: ["RestoreRequest.Description"],
  },
  PutObjectAcl: {
    to: "putObjectAccessList",
    in: (w, call) => {
      const accessList = accessListOf(w, call);
      if (accessList) return { ...versionRef(w), accessList };
      throw new AwsFailure({
        code: "MissingSecurityHeader",
        status: 400,
        message: "Your request was missing a required header",
        members: { MissingHeaderName: "x-amz-acl" },
      });
    },
    out: chargeMember,
    accepted: ["AccessControlPolicy.Owner"],
  },
  GetObjectAcl: {
    to: "getObjectAccessList",
    in: versionRef,
    out: (r) => ({ Owner: { ID: canonicalId(r.owner) }, Grants: wireGrants(r.grants), ...chargeMember(r) }),
  },
  PutObjectRetention: {
    to: "putObjectRetention",
    in: (w) => {
      refuseMembers(w.Retention ?? {}, "EventHold", "EventHoldDuration");
      return {
        ...versionRef(w),
        retention: documentedRetention(w.Retention),
        bypassesGovernance: w.BypassGovernanceRetention,
      };
    },
    out: chargeMember,
  },
  GetObjectRetention: {
    to: "getObjectRetention",
    in: versionRef,
    out: (r) => ({
      Retention: { Mode: r.retention.mode.toUpperCase(), RetainUntilDate: new Date(r.retention.untilMs) },
    }),
  },
  PutObjectLegalHold: {
    to: "putObjectLegalHold",
    in: (w) => {
      const status = w.LegalHold?.Status;
      if (status !== "ON" && status !== "OFF") throw malformedXml();
      return { ...versionRef(w), hasLegalHold: status === "ON" };
    },
    out: chargeMember,
  },
  GetObjectLegalHold: {
    to: "getObjectLegalHold",
    in: versionRef,
    out: (r) => ({ LegalHold: { Status: r.hasLegalHold ? "ON" : "OFF" } }),
  },
});

import type { LifecycleRule as WireRule, Transition } from "../../../../models/aws/s3.generated.ts";
import type { LifecycleRule } from "../../../../services/objects/service.ts";
import { badArgument, invalidRequest, malformedXml } from "./faults.ts";
import { filterOf, identified, isEnabled } from "./filters.ts";

const DAY_MS = 86_400_000;
const RULES_MAX = 1000;
/** Below this objects stay in their class, unless the configuration says otherwise. */
const SMALL_BYTES = 128 * 1024;
const DAYS_MIN: Readonly<Record<string, number>> = { STANDARD_IA: 30, ONEZONE_IA: 30 };

function days(action: string, count: number | undefined, least = 1): number | undefined {
  if (count === undefined) return undefined;
  if (!Number.isInteger(count) || count < least)
    throw badArgument(`'Days' for ${action} action must be a ${least === 0 ? "nonnegative" : "positive"} integer`);
  return count;
}

function midnight(date: Date | undefined): number | undefined {
  if (date === undefined) return undefined;
  if (date.getTime() % DAY_MS !== 0) throw badArgument("'Date' must be at midnight GMT");
  return date.getTime();
}

function transitionOf(id: string, { Date: date, Days, StorageClass }: Transition) {
  if (StorageClass === undefined || (date === undefined) === (Days === undefined)) throw malformedXml();
  const least = DAYS_MIN[StorageClass] ?? 0;
  if (Days !== undefined && Days < least)
    throw badArgument(
      `'Days' in Transition action must be greater than or equal to ${least} for storageClass '${StorageClass}'`
        + ` (rule ${id})`,
    );
  return { storageClass: StorageClass, afterDays: days("Transition", Days, 0), atMs: midnight(date) };
}

function checkActions(rule: WireRule): void {
  const { Expiration, Transitions, NoncurrentVersionExpiration, NoncurrentVersionTransitions } = rule;
  const actions = [
    Expiration,
    Transitions?.[0],
    NoncurrentVersionExpiration,
    NoncurrentVersionTransitions?.[0],
    rule.AbortIncompleteMultipartUpload,
  ];
  if (actions.every((action) => action === undefined))
    throw invalidRequest("At least one action needs to be specified in a rule");
  if (Expiration && Object.keys(Expiration).length !== 1) throw malformedXml();
  const hasTags = rule.Filter?.Tag !== undefined || rule.Filter?.And?.Tags !== undefined;
  if (hasTags && Expiration?.ExpiredObjectDeleteMarker)
    throw invalidRequest("ExpiredObjectDeleteMarker cannot be specified with Tags in a Lifecycle Rule");
  if (hasTags && rule.AbortIncompleteMultipartUpload)
    throw invalidRequest("AbortIncompleteMultipartUpload cannot be specified with Tags in a Lifecycle Rule");
}

function ruleOf(rule: WireRule & { ID: string }, smallestTransitionBytes: number): LifecycleRule {
  if (rule.Prefix === undefined && rule.Filter === undefined) throw malformedXml();
  checkActions(rule);
  const filter = filterOf(rule);
  const isSized = filter.sizeAboveBytes !== undefined || filter.sizeBelowBytes !== undefined;
  const { Expiration, NoncurrentVersionExpiration: older } = rule;
  return {
    id: rule.ID,
    filter,
    expiresAfterDays: days("Expiration", Expiration?.Days),
    expiresAtMs: midnight(Expiration?.Date),
    removesLoneMarkers: Expiration?.ExpiredObjectDeleteMarker,
    transitions: (rule.Transitions ?? []).map((one) => transitionOf(rule.ID, one)),
    olderExpireAfterDays: days("NoncurrentVersionExpiration", older?.NoncurrentDays),
    olderKeptCount: older?.NewerNoncurrentVersions,
    olderTransitions: (rule.NoncurrentVersionTransitions ?? []).map((one) => {
      if (one.StorageClass === undefined || one.NoncurrentDays === undefined) throw malformedXml();
      return {
        storageClass: one.StorageClass,
        afterDays: days("NoncurrentVersionTransition", one.NoncurrentDays, 0) ?? 0,
        keptCount: one.NewerNoncurrentVersions,
      };
    }),
    abortsUploadsAfterDays: days(
      "AbortIncompleteMultipartUpload",
      rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation,
    ),
    // A rule that speaks of sizes has said what stays.
    smallestTransitionBytes: isSized ? 0 : smallestTransitionBytes,
  };
}

/** A lifecycle configuration as it is kept, and what of it is acted on. Errors: `AwsFailure` as S3 refuses. */
export function lifecycleOf(given: readonly WireRule[] | undefined, smallStay: string) {
  if (!given?.length || given.length > RULES_MAX) throw malformedXml();
  const wire = identified(given);
  const all = wire.map((rule) => ({
    isEnabled: isEnabled(rule),
    rule: ruleOf(rule, smallStay === "varies_by_storage_class" ? 0 : SMALL_BYTES),
  }));
  return {
    document: { Rules: wire, TransitionDefaultMinimumObjectSize: smallStay },
    rules: { lifecycle: all.filter((one) => one.isEnabled).map((one) => one.rule) },
  };
}

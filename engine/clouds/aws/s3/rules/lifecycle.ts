import type { LifecycleRule as WireRule, Transition } from "../../../../models/aws/s3.generated.ts";
import type { LifecycleRule } from "../../../../services/objects/service.ts";
import { STORAGE_CLASSES } from "../written-with.ts";
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

/** Objects move on, never back. */
const isTarget = (storageClass: string | undefined): storageClass is string =>
  storageClass !== undefined
  && STORAGE_CLASSES.has(storageClass)
  && storageClass !== "STANDARD"
  && storageClass !== "REDUCED_REDUNDANCY";

function transitionOf(id: string, { Date: date, Days, StorageClass }: Transition) {
  if (!isTarget(StorageClass) || (date === undefined) === (Days === undefined)) throw malformedXml();
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

function checkFilter({ Filter: filter = {} }: WireRule): void {
  const { Prefix, Tags = [], ...sizes } = filter.And ?? {};
  const count = (Prefix === undefined ? 0 : 1) + Tags.length + Object.keys(sizes).length;
  if (filter.And && count < 2) throw malformedXml();
  const { ObjectSizeGreaterThan: above, ObjectSizeLessThan: below } = sizes;
  if (above !== undefined && below !== undefined && above >= below)
    throw invalidRequest("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'");
}

function checkOrder({ Expiration, Transitions = [], Filter: filter, Prefix }: WireRule): void {
  const last = Math.max(-1, ...Transitions.map(({ Days }) => Days ?? -1));
  if (Expiration?.Days === undefined || Expiration.Days > last) return;
  const prefix = Prefix ?? filter?.Prefix ?? filter?.And?.Prefix ?? "";
  throw badArgument(
    `'Days' in the Expiration action for filter '(prefix=${prefix})' must be greater than 'Days' in the Transition `
      + "action",
  );
}

function ruleOf(rule: WireRule & { ID: string }, smallestTransitionBytes: number): LifecycleRule {
  if (rule.Prefix === undefined && rule.Filter === undefined) throw malformedXml();
  checkActions(rule);
  checkFilter(rule);
  const filter = filterOf(rule);
  const isSized = filter.sizeAboveBytes !== undefined || filter.sizeBelowBytes !== undefined;
  const { Expiration, NoncurrentVersionExpiration: older } = rule;
  const expiresAfterDays = days("Expiration", Expiration?.Days);
  const transitions = (rule.Transitions ?? []).map((one) => transitionOf(rule.ID, one));
  checkOrder(rule);
  return {
    id: rule.ID,
    filter,
    expiresAfterDays,
    expiresAtMs: midnight(Expiration?.Date),
    removesLoneMarkers: Expiration?.ExpiredObjectDeleteMarker,
    transitions,
    olderExpireAfterDays: days("NoncurrentVersionExpiration", older?.NoncurrentDays),
    olderKeptCount: older?.NewerNoncurrentVersions,
    olderTransitions: (rule.NoncurrentVersionTransitions ?? []).map((one) => {
      if (!isTarget(one.StorageClass) || one.NoncurrentDays === undefined) throw malformedXml();
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

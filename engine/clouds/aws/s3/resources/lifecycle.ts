import type * as Wire from "../../../../models/aws/s3.generated.ts";
import type {
  LifecycleConfiguration,
  NoncurrentVersionTransition,
  Rule,
  TagFilter,
  Transition,
} from "../../../../models/cloudformation/aws-s3-bucket.generated.ts";
import { present } from "../../present.ts";

const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));
const textOf = (date: Date | undefined) => date?.toISOString().replace(".000Z", "Z");

/** Lifecycle rules: CloudFormation writes each condition beside the rule's others, S3 in a filter of its own. */
export const lifecycleToWire = ({ Rules }: LifecycleConfiguration): Wire.BucketLifecycleConfiguration =>
  present({ Rules: Rules.map(ruleToWire) });

function ruleToWire(rule: Rule): Wire.LifecycleRule {
  const transitions = [...(rule.Transitions ?? []), ...(rule.Transition ? [rule.Transition] : [])];
  const noncurrent = [
    ...(rule.NoncurrentVersionTransitions ?? []),
    ...(rule.NoncurrentVersionTransition ? [rule.NoncurrentVersionTransition] : []),
  ];
  const noncurrentDays = rule.NoncurrentVersionExpirationInDays;
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: filterToWire(rule),
    Expiration: expirationToWire(rule),
    Transitions: transitions.length === 0 ? undefined : transitions.map(transitionToWire),
    NoncurrentVersionTransitions: noncurrent.length === 0 ? undefined : noncurrent.map(noncurrentToWire),
    NoncurrentVersionExpiration:
      rule.NoncurrentVersionExpiration ??
      (noncurrentDays === undefined ? undefined : { NoncurrentDays: noncurrentDays }),
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
  } as Wire.LifecycleRule;
}

function filterToWire(rule: Rule): Wire.LifecycleRuleFilter {
  const conditions = present({
    Prefix: rule.Prefix,
    ObjectSizeGreaterThan: numberOf(rule.ObjectSizeGreaterThan),
    ObjectSizeLessThan: numberOf(rule.ObjectSizeLessThan),
  }) as Wire.LifecycleRuleFilter;
  const tags = rule.TagFilters ?? [];
  const count = Object.keys(conditions).length + tags.length;
  if (count === 0) return { Prefix: "" };
  if (count === 1) return tags[0] ? { Tag: tags[0] } : conditions;
  return { And: { ...conditions, ...(tags.length > 0 && { Tags: tags }) } };
}

const expirationToWire = (rule: Rule) => {
  const expiration = present({
    Days: rule.ExpirationInDays,
    Date: dateOf(rule.ExpirationDate),
    ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
  });
  return Object.keys(expiration).length === 0 ? undefined : expiration;
};

const transitionToWire = ({ StorageClass, TransitionDate, TransitionInDays }: Transition) => ({
  StorageClass: StorageClass.toUpperCase(),
  Date: dateOf(TransitionDate),
  Days: TransitionInDays,
});
const noncurrentToWire = (transition: NoncurrentVersionTransition) => ({
  StorageClass: transition.StorageClass.toUpperCase(),
  NoncurrentDays: transition.TransitionInDays,
  NewerNoncurrentVersions: transition.NewerNoncurrentVersions,
});

/** What was written through any door, as CloudFormation says it today (lists, not the single forms of old). */
export function lifecycleFromWire(
  wire: Wire.GetBucketLifecycleConfigurationOutput,
): LifecycleConfiguration | undefined {
  if (!wire.Rules || wire.Rules.length === 0) return undefined;
  return { Rules: wire.Rules.map(ruleFromWire) };
}

function ruleFromWire(wire: Wire.LifecycleRule): Rule {
  const { Filter: filter = {} } = wire;
  const all = filter.And ?? filter;
  const tags: TagFilter[] | undefined = filter.And?.Tags ?? (filter.Tag && [filter.Tag]);
  const prefix = wire.Prefix ?? all.Prefix;
  return present({
    Id: wire.ID,
    Status: wire.Status,
    // An empty prefix is how S3 says "everything"; a template says nothing.
    Prefix: prefix === "" ? undefined : prefix,
    TagFilters: tags,
    ObjectSizeGreaterThan: all.ObjectSizeGreaterThan?.toString(),
    ObjectSizeLessThan: all.ObjectSizeLessThan?.toString(),
    ExpirationInDays: wire.Expiration?.Days,
    ExpirationDate: textOf(wire.Expiration?.Date),
    ExpiredObjectDeleteMarker: wire.Expiration?.ExpiredObjectDeleteMarker,
    Transitions: wire.Transitions?.map((each) => ({
      StorageClass: each.StorageClass,
      TransitionDate: textOf(each.Date),
      TransitionInDays: each.Days,
    })),
    NoncurrentVersionTransitions: wire.NoncurrentVersionTransitions?.map((each) => ({
      StorageClass: each.StorageClass,
      TransitionInDays: each.NoncurrentDays,
      NewerNoncurrentVersions: each.NewerNoncurrentVersions,
    })),
    NoncurrentVersionExpiration: wire.NoncurrentVersionExpiration,
    AbortIncompleteMultipartUpload: wire.AbortIncompleteMultipartUpload,
  }) as Rule;
}

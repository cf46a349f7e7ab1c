import type { Expression } from "../../../stack/expressions/expression.ts";
import { argumentsFor, block, entryOf, parted, tagMap, type Forms } from "../../../stack/export/terraform/arguments.ts";
import { UnsaidInTerraform, type Argument } from "../../../stack/export/terraform/terraform-type.ts";
import { objectOf, textLiteral } from "../../../stack/export/literal.ts";

const CONDITIONS: Forms = {
  Prefix: "prefix",
  ObjectSizeGreaterThan: "object_size_greater_than",
  ObjectSizeLessThan: "object_size_less_than",
};
const NAMES = [...Object.keys(CONDITIONS), "TagFilters"];

/** One condition stands for itself, several in `and`. `soleTag`: how a tag alone is said. */
function filterBody(own: Expression, soleTag: "tag" | "tags"): readonly Argument[] {
  const tags = entryOf(own, "TagFilters");
  const { rest } = parted(asObject(own), ["TagFilters"]);
  const conditions = argumentsFor(CONDITIONS, rest);
  const labels = tags ? tagMap(tags) : objectOf([]);
  const count = conditions.length + labels.entries.length;
  const [label] = labels.entries;
  if (soleTag === "tag" && count > 1)
    return [{ block: "and", body: [...conditions, ...(label ? [{ name: "tags", value: labels }] : [])] }];
  if (!label) return conditions;
  if (soleTag === "tags") return [...conditions, { name: "tags", value: labels }];
  return [
    {
      block: "tag",
      body: [
        { name: "key", value: textLiteral(label.key) },
        { name: "value", value: label.value },
      ],
    },
  ];
}

const asObject = (value: Expression) => {
  if (value.kind !== "object") throw new UnsaidInTerraform("a rule is not written out");
  return value;
};

/** What CloudFormation says beside a rule's other properties, in a `filter` of its own. */
export function filtered(forms: Forms, rule: Expression, soleTag: "tag" | "tags"): readonly Argument[] {
  const { own, rest } = parted(asObject(rule), NAMES);
  const body = filterBody(own, soleTag);
  return [...argumentsFor(forms, rest), ...(body.length > 0 ? [{ block: "filter", body }] : [])];
}

const transition: Forms = { StorageClass: "storage_class", TransitionDate: "date", TransitionInDays: "days" };
const noncurrent: Forms = {
  StorageClass: "storage_class",
  TransitionInDays: "noncurrent_days",
  NewerNoncurrentVersions: "newer_noncurrent_versions",
};
const EXPIRATION: Forms = {
  ExpirationInDays: "days",
  ExpirationDate: "date",
  ExpiredObjectDeleteMarker: "expired_object_delete_marker",
};
const LIFECYCLE: Forms = {
  Id: "id",
  Status: "status",
  Transition: block("transition", transition),
  Transitions: block("transition", transition),
  NoncurrentVersionTransition: block("noncurrent_version_transition", noncurrent),
  NoncurrentVersionTransitions: block("noncurrent_version_transition", noncurrent),
  NoncurrentVersionExpirationInDays: (value) => [
    { block: "noncurrent_version_expiration", body: [{ name: "noncurrent_days", value }] },
  ],
  NoncurrentVersionExpiration: block("noncurrent_version_expiration", {
    NoncurrentDays: "noncurrent_days",
    NewerNoncurrentVersions: "newer_noncurrent_versions",
  }),
  AbortIncompleteMultipartUpload: block("abort_incomplete_multipart_upload", {
    DaysAfterInitiation: "days_after_initiation",
  }),
};

/** A rule of a bucket's lifecycle. */
export function lifecycleRule(rule: Expression): readonly Argument[] {
  const { own, rest } = parted(asObject(rule), Object.keys(EXPIRATION));
  const expiration = argumentsFor(EXPIRATION, own);
  const others = filtered(LIFECYCLE, rest, "tag");
  const everything: readonly Argument[] = others.some((each) => "block" in each && each.block === "filter")
    ? []
    : [{ block: "filter", body: [] }];
  return [...others, ...everything, ...(expiration.length > 0 ? [{ block: "expiration", body: expiration }] : [])];
}

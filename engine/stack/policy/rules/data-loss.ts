import type { PlannedResource } from "../../plan/planned-resource.ts";
import type { FindingSeverity } from "../finding.ts";
import { known, type Rule, type Violation } from "../rule.ts";

interface Holder {
  readonly what: string;
  readonly severity: FindingSeverity;
}
const holder = (what: string, severity: FindingSeverity = "error"): Holder => ({ what, severity });

/** What a resource of this type takes with it when it goes. */
const HOLDERS: Readonly<Record<string, Holder>> = {
  Bucket: holder("its objects"),
  "AWS::S3::Bucket": holder("its objects"),
  Table: holder("its items"),
  "AWS::DynamoDB::Table": holder("its items"),
  Volume: holder("all that is on it"),
  Snapshot: holder("the copy that it is"),
  // What stands in a queue is on its way: mostly it is lost for a moment, not for ever.
  Queue: holder("the messages in it", "warning"),
  "AWS::SQS::Queue": holder("the messages in it", "warning"),
};

function lossOf(resource: PlannedResource, verb: string, cure: string): Violation | undefined {
  const found = HOLDERS[resource.typeBefore ?? known(resource).type];
  if (!found) return undefined;
  const { what, severity } = found;
  return { message: `${resource.logicalId} is ${verb}, and ${what} with it`, hint: cure, severity };
}

export const deletesData: Rule = {
  name: "deletes-data",
  severity: "error",
  summary: "What holds data is deleted.",
  check(resource) {
    if (resource.action !== "delete" || resource.outlivesDeletion) return undefined;
    const cure = resource.like
      ? "leave it in, or let it go without deleting it: removed"
      : "leave it in, let it go without deleting it (Removed), or give it DeletionPolicy: Retain first";
    return lossOf(resource, "deleted", cure);
  },
};

export const replacesData: Rule = {
  name: "replaces-data",
  severity: "error",
  summary: "What holds data is replaced by a new, empty one.",
  check(resource) {
    if (resource.action !== "replace" || resource.outlivesReplacement) return undefined;
    const cure = resource.like
      ? "change what can be changed in place, or copy the data first"
      : "change what can be changed in place, or keep the old one: UpdateReplacePolicy: Retain";
    return lossOf(resource, "replaced", cure);
  },
};

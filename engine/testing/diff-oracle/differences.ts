/** What we say otherwise than the oracle, by pair and logical id: `property!` forces a replacement. */
export interface KnownDifference {
  readonly ours: string;
  readonly theirs: string;
  readonly why: string;
}

const NOT_THE_RESOURCE =
  "The oracle counts every change of a resource's text. This one changes what the stack keeps of it, not the resource.";
const FOLLOWS =
  "The oracle compares texts, and this one stays. We plan what follows: it refers to what is replaced.";
const EVALUATED =
  "The oracle compares texts. We compare values, which are evaluated with the template's own parameters.";

export const DIFFERENCES: Readonly<Record<string, KnownDifference>> = {
  "AWS::DynamoDB::Table LocalSecondaryIndexes / It": {
    ours: "replace: LocalSecondaryIndexes!",
    theirs: "update: LocalSecondaryIndexes",
    why: "A table's local indexes are made with it and cannot be updated, so an update in place would fail.",
  },
  "only dependencies / B": { ours: "none", theirs: "update: ", why: NOT_THE_RESOURCE },
  "only a deletion policy / A": { ours: "none", theirs: "update: ", why: NOT_THE_RESOURCE },
  "only metadata / A": { ours: "none", theirs: "update: ", why: NOT_THE_RESOURCE },
  "a default that is said out loud / A": {
    ours: "none",
    theirs: "update: DelaySeconds",
    why: "The live queue has the value already, and nothing would be called.",
  },
  "a chain by Ref whose first is replaced / B": { ours: "update: Tags", theirs: "none", why: FOLLOWS },
  "a chain by Ref in what replaces / B": { ours: "replace: QueueName!", theirs: "none", why: FOLLOWS },
  "what another refers to by GetAtt, replaced / B": { ours: "update: RedrivePolicy", theirs: "none", why: FOLLOWS },
  "how the same text is made / A": { ours: "none", theirs: "replace: QueueName!", why: EVALUATED },
  "the default of a parameter / A": { ours: "update: DelaySeconds", theirs: "none", why: EVALUATED },
  "a condition that leaves a resource out / B": { ours: "delete", theirs: "none", why: EVALUATED },
};

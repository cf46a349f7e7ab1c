import type { AnyResourceType } from "../../services/resource-type.ts";
import type { Drift, Plan, PlannedValue, PropertyChange, Reference, ResourceChange } from "./plan.ts";

/** A plan in the form of CloudFormation's change sets. Source: CloudFormation API Reference, `ResourceChange`. */
export interface ChangeSetChange {
  readonly Type: "Resource";
  readonly ResourceChange: ChangeSetResource;
}

export interface ChangeSetResource {
  readonly Action: "Add" | "Modify" | "Remove" | "Import";
  readonly PolicyAction?: "Retain";
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  /** Only of what is modified, and never `Conditional`: a plan knows. */
  readonly Replacement?: "True" | "False";
  readonly Scope: readonly ("Properties" | "Tags")[];
  readonly Details: readonly ChangeSetDetail[];
}

export interface ChangeSetDetail {
  readonly Target: ChangeSetTarget;
  /** `Dynamic`: the value is known only after apply. */
  readonly Evaluation: "Static" | "Dynamic";
  readonly ChangeSource:
    "DirectModification" | "ParameterReference" | "ResourceReference" | "ResourceAttribute" | "NoModification";
  /** The parameter, the resource or its attribute that the value comes from. */
  readonly CausingEntity?: string;
}

export interface ChangeSetTarget {
  readonly Attribute: "Properties" | "Tags";
  /** The property; absent of tags. */
  readonly Name?: string;
  readonly RequiresRecreation: "Always" | "Never";
  /** `/Properties/Labels/tier`. */
  readonly Path: string;
  readonly BeforeValue?: string;
  readonly AfterValue?: string;
  readonly AttributeChangeType: "Add" | "Remove" | "Modify";
  /** Of what was changed outside the stack. */
  readonly Drift?: { readonly PreviousValue: string; readonly ActualValue: string };
}

const ACTIONS = {
  create: "Add",
  update: "Modify",
  replace: "Modify",
  rename: "Modify",
  delete: "Remove",
  retain: "Remove",
  import: "Import",
} as const;

/** How CloudFormation writes what is not known yet. */
const KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}";

/** `typeOf`: a resource type, for the property that holds its tags. */
export function changeSetOf(
  plan: Plan,
  typeOf: (name: string) => AnyResourceType | undefined,
): readonly ChangeSetChange[] {
  const drifts = new Map(plan.drift.map((each) => [`${each.logicalId} ${each.path ?? ""}`, each]));
  return plan.changes.flatMap((change) => {
    if (change.action === "none") return [];
    const tags = typeOf(change.type)?.tags?.property;
    const isModified = ACTIONS[change.action] === "Modify";
    const details = isModified ? change.properties.flatMap((each) => detailsOf(change, each, tags, drifts)) : [];
    const scope = [...new Set(details.map(({ Target }) => Target.Attribute))];
    return [
      {
        Type: "Resource",
        ResourceChange: {
          Action: ACTIONS[change.action],
          ...(change.action === "retain" && { PolicyAction: "Retain" }),
          LogicalResourceId: change.logicalId,
          ...(change.id !== undefined && { PhysicalResourceId: change.id }),
          ResourceType: change.type,
          ...(isModified && { Replacement: change.action === "replace" ? "True" : "False" }),
          Scope: scope,
          Details: details,
        },
      } satisfies ChangeSetChange,
    ];
  });
}

/** One for each source of the change: a parameter, another resource, the template's own words. */
function detailsOf(
  { logicalId }: ResourceChange,
  property: PropertyChange,
  tags: string | undefined,
  drifts: ReadonlyMap<string, Drift>,
): ChangeSetDetail[] {
  const { path, old, new: next, cause, forcesReplacement, isKnownAfterApply, references = [] } = property;
  const [name = ""] = path.split(".");
  const isTag = name === tags;
  const drift = drifts.get(`${logicalId} ${path}`);
  const Target: ChangeSetTarget = {
    Attribute: isTag ? "Tags" : "Properties",
    ...(!isTag && { Name: name }),
    RequiresRecreation: forcesReplacement ? "Always" : "Never",
    Path: `/Properties/${path.replaceAll(".", "/")}`,
    ...(old !== undefined && { BeforeValue: textOf(old) }),
    ...(next !== undefined && { AfterValue: textOf(next) }),
    AttributeChangeType: old === undefined ? "Add" : next === undefined ? "Remove" : "Modify",
    ...(drift && { Drift: { PreviousValue: textOf(drift.recorded ?? ""), ActualValue: textOf(drift.live ?? "") } }),
  };
  const Evaluation = isKnownAfterApply ? "Dynamic" : "Static";
  if (cause === "drift") return [{ Target, Evaluation, ChangeSource: "NoModification" }];
  if (references.length === 0) return [{ Target, Evaluation, ChangeSource: "DirectModification" }];
  return references.map((reference) => ({ Target, Evaluation, ...sourceOf(reference) }));
}

function sourceOf(reference: Reference): Pick<ChangeSetDetail, "ChangeSource" | "CausingEntity"> {
  if ("parameter" in reference) return { ChangeSource: "ParameterReference", CausingEntity: reference.parameter };
  const { resource, attribute } = reference;
  return attribute === undefined
    ? { ChangeSource: "ResourceReference", CausingEntity: resource }
    : { ChangeSource: "ResourceAttribute", CausingEntity: `${resource}.${attribute}` };
}

/** A text as it is, anything else as JSON. */
function textOf(value: PlannedValue): string {
  const written = writtenOut(value);
  return typeof written === "string" ? written : JSON.stringify(written);
}

function writtenOut(value: PlannedValue): unknown {
  if (Array.isArray(value)) return value.map(writtenOut);
  if (typeof value !== "object" || value === null) return value;
  if ("knownAfterApply" in value) return KNOWN_AFTER_APPLY;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, writtenOut(inner)]));
}

import { problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildExpression, type Building } from "../expressions/build.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { isUnknown } from "../expressions/value.ts";
import { entriesOf, entryOf, plainValue, type SourceEntry, type SourceMap, type SourceNode } from "./source-tree.ts";
import { DELETION_POLICIES, type DeletionPolicy, type StatedPolicy } from "./template.ts";

/** What becomes of a resource that goes. A successor has no creation to except, hence the shorter second list. */
const CHOICES = {
  DeletionPolicy: DELETION_POLICIES,
  UpdateReplacePolicy: ["Delete", "Retain", "Snapshot"],
} as const satisfies Record<string, readonly DeletionPolicy[]>;

/** A policy as it is stated, or as functions of parameters and mappings give it; undefined when there is none. */
export function readPolicy(
  resource: SourceMap,
  name: keyof typeof CHOICES,
  building: Building,
): StatedPolicy | undefined {
  const node = entryOf(resource, name)?.value;
  if (!node) return undefined;
  const value = node.kind === "map" ? computed(node, building) : plainValue(node);
  // A parameter that has no value yet, or a fault that was told.
  if (isUnknown(value)) return undefined;
  const policy = CHOICES[name].find((each) => each === value);
  if (policy) return { policy, span: node.span };
  const shown = typeof value === "string" ? `"${value}"` : "this";
  const hint = `use one of ${CHOICES[name].join(", ")}`;
  building.problems.push(problem("CS1208", `${name} cannot be ${shown}`, node.span, hint));
  return undefined;
}

function computed(node: SourceMap, building: Building): unknown {
  const before = building.problems.length;
  const value = building.environment && evaluate(buildExpression(node, building), building.environment);
  const isKnownLater = isUnknown(value) && !building.parameters?.has(value.from);
  if (isKnownLater && building.problems.length === before) {
    const hint = "use parameters, mappings and conditions";
    building.problems.push(problem("CS1208", "a policy must be known before apply", node.span, hint));
  }
  return value;
}

type Forms = Readonly<Record<string, readonly string[]>>;
/** The policies of CloudFormation, by name, with their keys; those without keys are true or false. */
const CREATION: Forms = {
  ResourceSignal: ["Count", "Timeout"],
  AutoScalingCreationPolicy: ["MinSuccessfulInstancesPercent"],
  StartFleet: [],
};
const UPDATE: Forms = {
  AutoScalingReplacingUpdate: ["WillReplace"],
  AutoScalingRollingUpdate: [
    "MaxBatchSize",
    "MinActiveInstancesPercent",
    "MinInstancesInService",
    "MinSuccessfulInstancesPercent",
    "PauseTime",
    "SuspendProcesses",
    "WaitOnResourceSignals",
  ],
  AutoScalingScheduledAction: ["IgnoreUnmodifiedGroupSizeProperties"],
  CodeDeployLambdaAliasUpdate: [
    "AfterAllowTrafficHook",
    "ApplicationName",
    "BeforeAllowTrafficHook",
    "DeploymentGroupName",
  ],
  EnableVersionUpgrade: [],
  UseOnlineResharding: [],
};

/**
 * The policies that tell how a group of machines or a function's alias is made and updated: no type has one yet, so
 * that they change nothing, which is told. Waiting for signals is refused: it would end without having waited.
 */
export function readConductPolicies(
  logicalId: string,
  resource: SourceMap,
  building: Building,
): readonly SourceEntry[] {
  const creation = entryOf(resource, "CreationPolicy");
  if (creation) checkForms(`the CreationPolicy of ${logicalId}`, creation.value, CREATION, building);
  const update = entryOf(resource, "UpdatePolicy");
  if (update) checkForms(`the UpdatePolicy of ${logicalId}`, update.value, UPDATE, building);
  return [creation, update].filter((each) => each !== undefined);
}

function checkForms(what: string, node: SourceNode, forms: Forms, { problems }: Building): void {
  for (const { key, keySpan, value } of entriesOf(node, what, problems)) {
    const keys = forms[key];
    if (!keys) {
      problems.push(problem("CS1003", `unknown key "${key}" of ${what}`, keySpan, didYouMean(key, Object.keys(forms))));
      continue;
    }
    const inner = keys.length === 0 ? [] : entriesOf(value, `${key} of ${what}`, problems);
    for (const each of inner) {
      if (keys.includes(each.key)) continue;
      const hint = didYouMean(each.key, keys);
      problems.push(problem("CS1003", `unknown key "${each.key}" of ${key} of ${what}`, each.keySpan, hint));
    }
    if (key === "ResourceSignal" && !waitsForNone(value)) {
      const hint = "leave it out, or give it Count: 0";
      problems.push(problem("CS1213", `${what} waits for signals, and nothing receives them yet`, keySpan, hint));
    } else if (key !== "ResourceSignal") {
      problems.push(problem("CS1212", `${key} of ${what} has no effect on a resource of this type`, keySpan));
    }
  }
}

function waitsForNone(signal: SourceNode): boolean {
  const count = signal.kind === "map" ? entryOf(signal, "Count")?.value : undefined;
  return count?.kind === "scalar" && Number(count.value) === 0 && count.value !== "";
}

import type { Key } from "../../kernel/store.ts";
import type { FeedSubject } from "../../kernel/feed.ts";
import { records, subspace } from "../../kernel/subspace.ts";
import type { Scope } from "../../services/context.ts";
import type { Outside } from "../../services/resource-type.ts";
import type { Value } from "../expressions/value.ts";
import type { StackPolicy } from "../plan/stack-policy.ts";
import type { DeletionPolicy, NestedTemplate } from "../template/template.ts";
import type { FailurePolicy } from "./failure-policy.ts";

export type Properties = { readonly [name: string]: Value };

/** What a stack keeps of one resource. */
export interface ResourceRecord {
  readonly version: 1;
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  /** As the template said it, worked out, with the schema's defaults. */
  readonly properties: Properties;
  /** As the handler reported it last: what drift is measured against. */
  readonly live: Properties;
  readonly attributes: Properties;
  /** Properties whose values must not be shown, or paths into them: `Secret`, `Labels.key`. */
  readonly sensitive: readonly string[];
  /** Logical ids that must be there before it and go after it. */
  readonly dependencies: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  /** What its effects outside the store left there. */
  readonly outside?: Outside;
  /** Predecessors that live until the deployment has succeeded. */
  readonly replaced?: readonly ResourceRecord[];
}

/**
 * `failed`: it never deployed, or a deployment failed and what it had done was kept. `rollback-failed`: see
 * `deploymentId`.
 */
export type StackStatus = "deployed" | "destroyed" | "deploying" | "rolling-back" | "rollback-failed" | "failed";

export interface StackRecord {
  readonly version: 1;
  readonly name: string;
  /** Counts deployments that succeeded; 0 before the first. A saved plan holds for one serial. */
  readonly serial: number;
  readonly status: StackStatus;
  readonly file: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Names of parameters whose values must not be shown. */
  readonly secretParameters: readonly string[];
  readonly outputs: Readonly<Record<string, OutputRecord>>;
  /** Names of other stacks' exports that it uses. */
  readonly imports: readonly string[];
  /** The stacks within it. */
  readonly nested?: readonly NestedTemplate[];
  /** The deployment that is under way or was interrupted. */
  readonly deploymentId?: string;
  /** Deployments that failed and whose work was kept, oldest first: their journals lead back to `serial`. */
  readonly kept?: readonly string[];
  /** It is not destroyed before this is taken back. */
  readonly isProtected?: true;
  /** What an update may change. */
  readonly policy?: StackPolicy;
  /** Given to every resource that takes tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Deployments that succeeded and have something left to remove outside the store. */
  readonly cleaning?: readonly string[];
  /** Why the last deployment failed; kept until one succeeds. */
  readonly cause?: FailureCause;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface OutputRecord {
  readonly value: Value;
  readonly description?: string;
  readonly exportName?: string;
  /** Its value must not be shown. */
  readonly isSensitive?: boolean;
}

export interface FailureCause {
  readonly logicalId?: string;
  readonly code: string;
  readonly message: string;
}

/** One deployment that succeeded: enough to deploy it again. */
export interface VersionRecord {
  readonly kind: "deploy" | "destroy";
  /** Empty unless only a part was deployed: then the template does not say what the stack was. */
  readonly targets: readonly string[];
  readonly serial: number;
  readonly deploymentId: string;
  readonly file: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly secretParameters: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly atMs: number;
}

/** A resource as a version left it; kept with the version that changed it, and holding until a later one does. */
export interface VersionResource {
  readonly type: string;
  readonly id: string;
  readonly properties: Properties;
  readonly sensitive: readonly string[];
  /** The version took it out of the stack. */
  readonly isGone?: true;
}

export interface DeploymentRecord {
  readonly id: string;
  readonly kind: "deploy" | "destroy";
  readonly status: "running" | "succeeded" | "rolled-back" | "rollback-failed" | "kept";
  readonly onFailure: FailurePolicy;
  /** The serial it began at. */
  readonly serial: number;
  readonly file: string;
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly targets: readonly string[];
  readonly imports: Readonly<Record<string, string>>;
  readonly renames: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly plannedSteps: number;
  /** The serial of the version that it went back to. */
  readonly restores?: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly cause?: FailureCause;
}

/**
 * Appended in the transaction of the step itself, so that what is journaled has happened and what has happened is
 * journaled.
 */
export type JournalEntry = StepEntry | BegunEntry | UndoneEntry | CleanupEntry | CleanedEntry;

/** Written before an effect outside the store: with no step of the same token after it, it is to be settled. */
export interface BegunEntry {
  readonly step: "begun";
  readonly action: "create" | "update" | "replace";
  readonly token: string;
  readonly logicalId: string;
  readonly type: string;
  readonly dependencies: readonly string[];
  readonly before?: ResourceRecord;
}

/** Committed with the end of a deployment: what is to go outside the store, since nobody can go back any more. */
export interface CleanupEntry {
  readonly step: "cleanup";
  readonly token: string;
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly outside: Outside;
}

/** The cleanup at this position is done. */
export interface CleanedEntry {
  readonly step: "cleaned";
  readonly position: number;
}

/** The step at this position was undone. */
export interface UndoneEntry {
  readonly step: "undone";
  readonly position: number;
  /** Its user gave it up: the record went back, the resource did not. */
  readonly isSkipped?: true;
}

/** One step that was taken, with what it needs to be undone. */
export interface StepEntry {
  readonly step: "created" | "updated" | "replaced" | "imported" | "renamed";
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  /** Of a step with an effect outside the store: the token it was begun with, and what is there now. */
  readonly token?: string;
  readonly outside?: Outside;
  /** What it depends on after the step; undoing goes the other way round. */
  readonly dependencies?: readonly string[];
  /** The record before the step, under the name it had then; undefined when there was none. */
  readonly before?: ResourceRecord;
  /** The live properties before the step, which undo puts back. */
  readonly liveBefore?: Properties;
}

/** Who may write a stack. A lease: it ends by itself when its holder is gone. */
export interface LockRecord {
  /** Grows with every holder: a write of an earlier one is refused. */
  readonly token: number;
  /** Undefined when nobody holds it. */
  readonly holder?: string;
  /** The engine it was taken by. */
  readonly engineId?: string;
  readonly deploymentId?: string;
  readonly takenAtMs?: number;
  readonly expiresAtMs: number;
}

export interface ExportRecord {
  readonly stack: string;
  readonly value: Value;
  /** Its value must not be shown, there and where it is imported. */
  readonly isSensitive?: boolean;
}

type StackKey = [account: string, region: string, stack: string];
export const stackSpace = subspace<StackKey>("stacks", "stack");
export const resourceSpace = subspace<[...StackKey, logicalId: string]>("stacks", "resource");
export const versionSpace = subspace<[...StackKey, serial: number]>("stacks", "version");
export const versionResourceSpace = subspace<[...StackKey, serial: number, logicalId: string]>(
  "stacks",
  "version-resource",
);
export const deploymentSpace = subspace<[...StackKey, deploymentId: string]>("stacks", "deployment");
export const journalSpace = subspace<[...StackKey, deploymentId: string, position: number]>("stacks", "journal");
export const lockSpace = subspace<StackKey>("stacks", "lock");
export const exportSpace = subspace<[account: string, region: string, exportName: string]>("stacks", "export");
export const importSpace = subspace<[account: string, region: string, exportName: string, stack: string]>(
  "stacks",
  "import",
);

export const stackRecords = records<StackRecord, StackKey>(stackSpace);
export const resourceRecords = records<ResourceRecord, [...StackKey, string]>(resourceSpace);
export const versionRecords = records<VersionRecord, [...StackKey, number]>(versionSpace);
export const versionResources = records<VersionResource, [...StackKey, number, string]>(versionResourceSpace);
export const deploymentRecords = records<DeploymentRecord, [...StackKey, string]>(deploymentSpace);
export const lockRecords = records<LockRecord, StackKey>(lockSpace);
export const exportRecords = records<ExportRecord, [string, string, string]>(exportSpace);
export const importRecords = records<true, [string, string, string, string]>(importSpace);

/** Where a deployment's journal and a stack's events are appended. */
export const journalLog = ({ account, region }: Scope, stack: string, deploymentId: string): Key => [
  "stacks",
  "journal",
  account,
  region,
  stack,
  deploymentId,
];
export const eventFeed = ({ account, region }: Scope, stack: string): FeedSubject => ["stack", account, region, stack];

import type { Plan } from "../plan/plan.ts";
import {
  deploymentRecords,
  stackRecords,
  type DeploymentRecord,
  type LockRecord,
  type StackRecord,
} from "../state/model.ts";
import type { FailurePolicy } from "../state/failure-policy.ts";
import type { Deployment, StackParts } from "./deployment.ts";
import { appendEvent, eventOf } from "./events.ts";
import type { Interruption } from "./interrupts.ts";
import type { StackEvent } from "./stack-event.ts";
import { claimantOf, isLease, takeLock, type Lease } from "./lock.ts";

/** Why a deployment did not begin. Nothing was touched. */
export type Refusal =
  | { readonly refused: "locked"; readonly lock: LockRecord }
  | { readonly refused: "interrupted" | "rollback-failed"; readonly deploymentId: string }
  | { readonly refused: "not-first"; readonly serial: number }
  | { readonly refused: "protected" }
  | { readonly refused: "moved"; readonly serial: number; readonly planned: number };

/** How a deployment is carried out: the part of its options that is plain JSON. */
export interface Conduct {
  /** How many steps may be under way at once. */
  readonly concurrency?: number | undefined;
  /** What becomes of what was done when a step fails: `rollback`, the default, undoes it. */
  readonly onFailure?: FailurePolicy | undefined;
  /** The longest one step may take, retries included, where its declaration does not say. */
  readonly stepTimeoutMs?: number | undefined;
  /** How long to wait for another deployment of the stack to end; none by default. */
  readonly lockTimeoutMs?: number | undefined;
  /** The name under which it can be interrupted: any text that no other deployment of this engine has. */
  readonly name?: string | undefined;
}

export interface DeploymentOptions extends Conduct {
  /** The serial of the version that it goes back to, for the record. */
  readonly restores?: number | undefined;
  readonly onEvent?: ((event: StackEvent) => void) | undefined;
  /** Aborted: nothing more begins, what is in flight ends, then the deployment is undone. */
  readonly signal?: AbortSignal | undefined;
}

/** Steps are short and mostly wait for the disk, which serves many commits at once. */
const CONCURRENCY_DEFAULT = 64;

/** The same of one that can be interrupted. */
export interface RunningOptions extends DeploymentOptions {
  readonly interruption?: Interruption | undefined;
}

export const conductOf = (options: RunningOptions) => ({
  concurrency: Math.max(1, options.concurrency ?? CONCURRENCY_DEFAULT),
  stepTimeoutMs: options.stepTimeoutMs,
  signal: options.signal,
  interruption: options.interruption,
  emit: options.onEvent ?? (() => undefined),
});

export interface Beginning {
  readonly plan: Plan;
  /** The parameters as they were given, secrets included. */
  readonly given: Readonly<Record<string, string>>;
}

/** Takes the lock and writes down what is about to happen, before any of it happens. */
export async function begin(
  parts: StackParts,
  { plan, given }: Beginning,
  options: RunningOptions,
): Promise<Deployment | Refusal> {
  const scope = { account: plan.account, region: plan.region };
  const { account, region } = scope;
  const { stack } = plan;
  const id = `d-${parts.ids.hex(12)}`;
  const nowMs = parts.clock.nowMs();
  const { onFailure = "rollback", restores } = options;
  const started = eventOf({ stack, id, parts }, { status: "started" });
  const plannedSteps = plan.changes.filter((change) => change.action !== "none").length;
  const found = await parts.store
    .transact(async (tx): Promise<Lease | Refusal> => {
      const current = await stackRecords.get(tx, account, region, stack);
      const lease = await takeLock(tx, scope, stack, id, claimantOf(parts), nowMs);
      if (!isLease(lease)) return { refused: "locked", lock: lease };
      if (current?.deploymentId !== undefined)
        return refuse({
          refused: current.status === "rollback-failed" ? "rollback-failed" : "interrupted",
          deploymentId: current.deploymentId,
        });
      if ((current?.serial ?? 0) !== plan.serial)
        return refuse({ refused: "moved", serial: current?.serial ?? 0, planned: plan.serial });
      if (plan.kind === "destroy" && current?.isProtected) return refuse({ refused: "protected" });
      if (onFailure === "delete" && current && !holdsNothing(current))
        return refuse({ refused: "not-first", serial: current.serial });
      stackRecords.put(
        tx,
        { ...(current ?? newStack(plan, nowMs)), status: "deploying", deploymentId: id },
        account,
        region,
        stack,
      );
      const facts = { onFailure, plannedSteps, startedAtMs: nowMs, ...(restores !== undefined && { restores }) };
      deploymentRecords.put(tx, deploymentRecord({ plan, given }, id, facts), account, region, stack, id);
      appendEvent(tx, { scope, stack }, started);
      return lease;
    })
    .catch((error: unknown) => {
      if (error instanceof Refused) return error.refusal;
      throw error;
    });
  if ("refused" in found) return found;
  const deployment: Deployment = {
    parts,
    scope,
    stack,
    id,
    lease: found,
    onFailure,
    ...conductOf(options),
  };
  deployment.emit(started);
  return deployment;
}

/** Leaves the transaction without a trace: a refusal must not keep the lock it had just taken. */
class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.refused);
    this.refusal = refusal;
  }
}
function refuse(refusal: Refusal): never {
  throw new Refused(refusal);
}

/** A stack that was never deployed, or not since it was destroyed: deleting it loses nothing. */
const holdsNothing = ({ status, kept }: StackRecord) =>
  status === "destroyed" || (status === "failed" && kept === undefined);

const newStack = (plan: Plan, nowMs: number): StackRecord => ({
  version: 1,
  name: plan.stack,
  serial: 0,
  status: "deploying",
  file: plan.file,
  template: "",
  parameters: {},
  secretParameters: [],
  outputs: {},
  imports: [],
  createdAtMs: nowMs,
  updatedAtMs: nowMs,
});

const deploymentRecord = (
  { plan, given }: Beginning,
  id: string,
  facts: Pick<DeploymentRecord, "onFailure" | "plannedSteps" | "startedAtMs" | "restores">,
): DeploymentRecord => ({
  id,
  ...facts,
  kind: plan.kind,
  status: "running",
  serial: plan.serial,
  file: plan.file,
  template: plan.template,
  parameters: given,
  targets: plan.targets,
  imports: plan.imports,
  renames: plan.renames,
  tags: plan.tags,
});

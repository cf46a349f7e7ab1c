import type { SourceRange } from "../stack/diagnostics/source-range.ts";
import type { Plan } from "../stack/plan/plan.ts";

/** One stack that was deployed. */
export interface DeployedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly status: "deployed" | "unchanged";
  readonly plan: Plan;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What `deploy` did, stack by stack in the order of their dependencies. */
export class Deployment {
  readonly stacks: readonly DeployedStack[];

  constructor(stacks: readonly DeployedStack[]) {
    this.stacks = stacks;
  }

  /** Errors: there is no such stack in this deployment */
  stack(name: string): DeployedStack {
    const found = this.stacks.find((stack) => stack.name === name);
    if (found) return found;
    throw new Error(`This deployment has no stack "${name}": ${this.stacks.map((each) => each.name).join(", ")}.`);
  }

  /** The outputs of the only stack. Errors: there are several, so that `stack(name)` has to say which */
  get outputs(): Readonly<Record<string, unknown>> {
    const [first, second] = this.stacks;
    if (first && !second) return first.outputs;
    throw new Error(`Say whose outputs: ${this.stacks.map(({ name }) => `.stack("${name}")`).join(", ")}.`);
  }
}

/** Which step failed, and why. */
export interface FailedStep {
  /** Absent when it was none of a resource. */
  readonly logicalId?: string;
  readonly code: string;
  readonly message: string;
}

/** What is wrong with a template, and where. */
export interface TemplateProblem {
  /** `cloudstack explain CODE` says more. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly file?: string;
  readonly range?: SourceRange;
  readonly hint?: string;
}

/** How a deployment ended that did not succeed; `refused` touched nothing. */
export interface Ending {
  readonly status: string;
  readonly diagnostics: readonly TemplateProblem[];
  readonly cause?: FailedStep;
}

/** What could not be planned or deployed, with everything that is known about why. */
export class DeploymentFailed extends Error {
  override name = "DeploymentFailed";
  readonly stackName: string;
  readonly status: string;
  readonly diagnostics: readonly TemplateProblem[];
  readonly failedStep?: FailedStep;

  constructor(stackName: string, { status, diagnostics, cause }: Ending, diagnosticsText = "") {
    const step = cause?.logicalId === undefined ? "" : `${cause.logicalId}: `;
    const lines = [`${stackName}: ${status}`, cause ? `${step}${cause.code}: ${cause.message}` : "", diagnosticsText];
    super(lines.filter((line) => line !== "").join("\n"));
    this.stackName = stackName;
    this.status = status;
    this.diagnostics = diagnostics;
    if (cause) this.failedStep = cause;
  }
}

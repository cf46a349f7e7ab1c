import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import { StoreUnavailable, type Store } from "../../kernel/store.ts";
import type { Calls } from "../../services/calls.ts";
import type { Scope } from "../../services/context.ts";
import type { Passage } from "../../services/passage.ts";
import type { Pass } from "../../services/passing.ts";
import { ServiceError } from "../../services/errors.ts";
import type { ResourceContext } from "../../services/resource-type.ts";
import type { Source } from "../diagnostics/source.ts";
import type { Registry, RegisteredType } from "../registry/registry.ts";
import type { FailurePolicy } from "../state/failure-policy.ts";
import type { StoredValues } from "../parameters/stored-values.ts";
import type { ParsedTemplate } from "../template/read-template.ts";
import type { TemplateFiles } from "../template/template-files.ts";
import type { FailureCause } from "../state/model.ts";
import type { Interruption } from "./interrupts.ts";
import type { StackEvent } from "./stack-event.ts";
import { LeaseLost, type Lease } from "./lock.ts";

/** What the stack engine is built from. */
export interface StackParts {
  readonly store: Store;
  readonly calls: Calls;
  readonly registry: Registry;
  readonly parseTemplate: (source: Source) => ParsedTemplate;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What dynamic references and SSM parameter types name; without it they are refused. */
  readonly storedValues?: StoredValues | undefined;
  /** Where templates that are nested by URL come from; without it only those that come with the text are there. */
  readonly templateFiles?: TemplateFiles | undefined;
  /** Who holds locks, for people: `cloudstack (pid 4711)`. */
  readonly holder?: string;
  /** Tells this engine's locks from those of another; made up when not given. */
  readonly engineId?: string;
  /** True when no other engine can write this store: then a lock of another engine is one that died. */
  readonly isAlone?: boolean;
  /** Who wants to know of operations, or to disturb them; without it nobody. */
  readonly passage?: Passage | undefined;
  /** Within a transaction that somebody wants to know of: what its handlers pass. */
  readonly pass?: Pass | undefined;
}

/** One deployment while it runs: where it writes, by what right, and who listens. */
export interface Deployment {
  readonly parts: StackParts;
  readonly scope: Scope;
  readonly stack: string;
  readonly id: string;
  readonly lease: Lease;
  readonly concurrency: number;
  readonly onFailure: FailurePolicy;
  /** How long a step may take whose type and declaration say nothing. */
  readonly stepTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whoever interrupts it may want another end than was said when it began. */
  readonly interruption?: Interruption | undefined;
  emit(event: StackEvent): void;
}

/** A step that could not be taken, for a reason its user can do something about. */
export class StepFailed extends Error {
  override name = "StepFailed";
  readonly failure: FailureCause;
  constructor(failure: FailureCause, cause?: unknown) {
    super(failure.message, { cause });
    this.failure = failure;
  }
}

/** A service's refusal as a cause; anything else is a defect or the store's failure, and is thrown on. */
export function failureOf(error: unknown, logicalId: string): FailureCause {
  if (error instanceof StepFailed) return logicalId === "" ? error.failure : { logicalId, ...error.failure };
  if (error instanceof ServiceError) return { logicalId, code: error.code, message: error.message };
  throw error;
}

/**
 * The same where the work has to go on whatever fails: a defect is told like a refusal. Only who may not write any more
 * stops.
 */
export function anyFailureOf(error: unknown, logicalId: string): FailureCause {
  if (error instanceof StepFailed || error instanceof ServiceError) return failureOf(error, logicalId);
  if (error instanceof LeaseLost || error instanceof StoreUnavailable) throw error;
  return { logicalId, code: "InternalError", message: error instanceof Error ? error.message : String(error) };
}

/** What a handler is given: its service's context, and where the resource stands. */
export function resourceContext(
  deployment: Pick<Deployment, "parts" | "scope" | "stack">,
  { service }: RegisteredType,
  logicalId: string,
  extra: Pick<ResourceContext, "replaces" | "isUndo" | "outside"> = {},
): ResourceContext<never> {
  const { parts, scope, stack } = deployment;
  // A name made for a nested template's resource has its stacks in it: `web-network-front-4711`.
  const owner = { stack, logicalId: logicalId.replaceAll("/", "-") };
  const { calls, pass } = parts;
  return { ...calls.contextOf(service, scope), owner, ...(pass && { pass }), ...extra };
}

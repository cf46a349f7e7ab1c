import type { Scope } from "../services/context.ts";
import type { DeploymentOptions } from "./apply/begin.ts";
import type { StackParts } from "./apply/deployment.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Source } from "./diagnostics/source.ts";
import { deployTemplate, destroyStack } from "./operations/deploy.ts";
import { planTemplate, validateTemplate } from "./operations/prepare.ts";
import { getStack, listEvents, listStacks, outputsOf } from "./operations/look.ts";
import { settleAll, settleStack } from "./operations/settle.ts";
import type {
  DeployResult,
  EventQuery,
  PlanOptions,
  PlanResult,
  PositionedEvent,
  SavedPlan,
  SettleOptions,
  SettleResult,
  StackDetails,
} from "./requests.ts";
import type { OutputRecord, StackRecord } from "./state/model.ts";

/**
 * The stack engine's front door. Failures are values; only a broken invariant or a store that cannot commit is thrown.
 */
export interface Stacks {
  /** Reads and checks a template without a stack; parameters without a value count as unknown. */
  validate(
    source: Source,
    options: { readonly scope: Scope; readonly parameters?: Readonly<Record<string, string>> },
  ): Promise<readonly Diagnostic[]>;
  /** What a deployment would do. Touches nothing. */
  plan(options: PlanOptions): Promise<PlanResult>;
  /** What a destruction would do. */
  planDestroy(options: { readonly scope: Scope; readonly stack: string }): Promise<PlanResult>;
  /** Plans and applies; with `plan`, applies that plan exactly or refuses because the state moved. */
  deploy(request: PlanOptions | SavedPlan, options?: DeploymentOptions): Promise<DeployResult>;
  /** Deletes everything the stack has, all or nothing. */
  destroy(
    request: { readonly scope: Scope; readonly stack: string },
    options?: DeploymentOptions,
  ): Promise<DeployResult>;
  /** Stacks in order of name; those destroyed are left out. */
  list(scope: Scope): Promise<readonly StackRecord[]>;
  get(scope: Scope, stack: string): Promise<StackDetails | undefined>;
  outputs(scope: Scope, stack: string): Promise<Readonly<Record<string, OutputRecord>> | undefined>;
  /** The log of a stack, oldest first; it outlives the stack. */
  events(query: EventQuery): Promise<readonly PositionedEvent[]>;
  /** Finishes or undoes what an interrupted deployment left. */
  settle(options: SettleOptions): Promise<SettleResult>;
  /** The same for every stack of every scope: what an engine does at its start. */
  settleAll(options?: DeploymentOptions & { readonly isHolderGone?: boolean }): Promise<readonly SettleResult[]>;
}

export function createStacks(given: StackParts): Stacks {
  const parts: StackParts = { ...given, engineId: given.engineId ?? given.ids.hex(12) };
  return {
    validate: (source, options) => validateTemplate(parts, source, options),
    plan: async (options) => {
      const { plan, diagnostics } = await planTemplate(parts, options);
      return plan ? { plan, diagnostics } : { diagnostics };
    },
    planDestroy: async (options) => {
      const { plan, diagnostics } = await planTemplate(parts, { ...options, source: undefined });
      return plan ? { plan, diagnostics } : { diagnostics };
    },
    deploy: (request, options = {}) => deployTemplate(parts, request, options),
    destroy: (request, options = {}) => destroyStack(parts, request, options),
    list: (scope) => listStacks(parts, scope),
    get: (scope, stack) => getStack(parts, scope, stack),
    outputs: (scope, stack) => outputsOf(parts, scope, stack),
    events: (query) => listEvents(parts, query),
    settle: (options) => settleStack(parts, options),
    settleAll: (options = {}) => settleAll(parts, options),
  };
}

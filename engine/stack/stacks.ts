import type { Scope } from "../services/context.ts";
import type { DeploymentOptions } from "./apply/begin.ts";
import type { StackParts } from "./apply/deployment.ts";
import { Interrupts } from "./apply/interrupts.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { adoptedStack, type Adoptable, type AdoptedStack } from "./export/adopted-stack.ts";
import { exportStack } from "./export/export-stack.ts";
import type { ExportedStack } from "./export/exported.ts";
import type { ExportForm } from "./export/exporting.ts";
import type { Source } from "./diagnostics/source.ts";
import { conducted } from "./operations/conducted.ts";
import { deployPreparation, deployTemplate } from "./operations/deploy.ts";
import { historyOf, versionOf } from "./operations/history.ts";
import { planTemplate, validateTemplate } from "./operations/prepare.ts";
import { detectDrift } from "./operations/drift.ts";
import { inspect } from "./operations/inspect.ts";
import { getStack, listStacks, outputsOf } from "./operations/look.ts";
import { followEvents, listEvents } from "./operations/read-events.ts";
import { protect, setPolicy } from "./operations/protect.ts";
import { continueRollback, planRollback, rollback } from "./operations/rollback.ts";
import { settleAll, settleStack } from "./operations/settle.ts";
import type {
  ContinueRollbackRequest,
  DeployResult,
  EventQuery,
  HistoryEntry,
  Inspection,
  PlanOptions,
  PlanResult,
  PositionedEvent,
  RollbackPlan,
  RollbackRequest,
  SavedPlan,
  SettleOptions,
  SettleResult,
  StackDetails,
  StackQuery,
  VersionDetails,
} from "./requests.ts";
import type { DriftReport } from "./plan/drift.ts";
import type { StackPolicy } from "./plan/stack-policy.ts";
import type { FailurePolicy } from "./state/failure-policy.ts";
import type { OutputRecord, StackRecord } from "./state/model.ts";
import { templateReader } from "./template/read-template.ts";

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
  /** The same with every resource whole, for prices and policies; also of a saved plan, made again exactly. */
  inspect(request: PlanOptions | SavedPlan): Promise<Inspection>;
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
  /** What was changed outside a stack, held against what was deployed; undefined when there is no such stack. */
  drift(query: { readonly scope: Scope; readonly stack: string }): Promise<DriftReport | undefined>;
  /** The log of a stack, oldest first; it outlives the stack. */
  events(query: EventQuery): Promise<readonly PositionedEvent[]>;
  /** The same, and then each event as it happens, until the signal; of one deployment, until that has ended. */
  follow(query: EventQuery, signal?: AbortSignal): AsyncIterable<PositionedEvent>;
  /** The way back to an earlier version, or out of failed deployments that were kept. Touches nothing. */
  planRollback(request: RollbackRequest): Promise<RollbackPlan>;
  /**
   * Takes that way: to a version as a new deployment, with a new serial; out of what was kept by undoing its journals.
   */
  rollback(request: RollbackRequest, options?: DeploymentOptions): Promise<DeployResult>;
  /** Goes on with a rollback that failed, giving up what is to be skipped. */
  continueRollback(request: ContinueRollbackRequest, options?: DeploymentOptions): Promise<DeployResult>;
  /**
   * Ends a deployment of this engine by the name its options gave it: nothing more begins, what is in flight ends, then
   * its policy for failures holds, or the given one. False when there is none of that name.
   */
  interrupt(name: string, onFailure?: FailurePolicy): boolean;
  /** Protects a stack from being destroyed, or no longer. Diagnostics when it could not. */
  protect(query: StackQuery, isProtected: boolean): Promise<readonly Diagnostic[]>;
  /** Sets what updates of a stack may change, or takes that away. */
  setPolicy(query: StackQuery, policy: StackPolicy | undefined): Promise<readonly Diagnostic[]>;
  /** Every deployment of a stack, the last one first. */
  history(query: StackQuery): Promise<readonly HistoryEntry[]>;
  /** One version of a stack as it was deployed. */
  version(query: StackQuery, serial: number): Promise<VersionDetails | undefined>;
  /** A stack as code can be written of it. Throws `NoSuchStack` and `NotExportable`. */
  export(query: StackQuery, form: ExportForm): Promise<ExportedStack>;
  /** What exists already, as a stack that declares it as it is. Touches nothing. */
  adoption(query: StackQuery, adoptables: readonly Adoptable[]): Promise<AdoptedStack>;
  /** Finishes or undoes what an interrupted deployment left. */
  settle(options: SettleOptions): Promise<SettleResult>;
  /** The same for every stack of every scope: what an engine does at its start. */
  settleAll(options?: Omit<SettleOptions, "scope" | "stack">): Promise<readonly SettleResult[]>;
}

const stackOf = (request: PlanOptions | SavedPlan): StackQuery => {
  if (!("plan" in request)) return request;
  const { account, region, stack } = request.plan;
  return { scope: { account, region }, stack };
};

export function createStacks(given: Omit<StackParts, "parseTemplate">): Stacks {
  const interrupts = new Interrupts();
  const engineId = given.engineId ?? given.ids.hex(12);
  const parts: StackParts = { ...given, engineId, parseTemplate: templateReader() };
  return {
    validate: (source, options) => validateTemplate(parts, source, options),
    plan: async (options) => {
      const { plan, diagnostics } = await planTemplate(parts, options);
      return plan ? { plan, diagnostics } : { diagnostics };
    },
    inspect: (request) => inspect(parts, request),
    planDestroy: async (options) => {
      const { plan, diagnostics } = await planTemplate(parts, { ...options, source: undefined });
      return plan ? { plan, diagnostics } : { diagnostics };
    },
    deploy: (request, options = {}) =>
      conducted(parts, interrupts, stackOf(request), options, (running) => deployTemplate(parts, request, running)),
    destroy: (request, options = {}) =>
      conducted(parts, interrupts, request, options, (running) =>
        deployPreparation(parts, { ...request, source: undefined }, running),
      ),
    list: (scope) => listStacks(parts, scope),
    get: (scope, stack) => getStack(parts, scope, stack),
    outputs: (scope, stack) => outputsOf(parts, scope, stack),
    drift: (query) => detectDrift(parts, query),
    events: (query) => listEvents(parts, query),
    follow: (query, signal) => followEvents(parts, query, signal),
    planRollback: (request) => planRollback(parts, request),
    rollback: (request, options = {}) =>
      conducted(parts, interrupts, request, options, (running) => rollback(parts, request, running)),
    continueRollback: (request, options = {}) =>
      conducted(parts, interrupts, request, options, (running) => continueRollback(parts, request, running)),
    interrupt: (name, onFailure) => interrupts.interrupt(name, onFailure),
    protect: (query, isProtected) => protect(parts, query, isProtected),
    setPolicy: (query, policy) => setPolicy(parts, query, policy),
    history: (query) => historyOf(parts, query),
    version: (query, serial) => versionOf(parts, query, serial),
    export: (query, form) => exportStack(parts, query, form),
    adoption: (query, adoptables) => adoptedStack(parts, query, adoptables),
    settle: (options) => settleStack(parts, options),
    settleAll: (options = {}) => settleAll(parts, options),
  };
}

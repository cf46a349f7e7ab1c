import type { Scope } from "../services/context.ts";
import type { Conduct, DeploymentOptions } from "../stack/apply/begin.ts";
import type { StackEvent } from "../stack/apply/stack-event.ts";
import type { Source } from "../stack/diagnostics/source.ts";
import type {
  ContinueRollbackRequest,
  EventQuery,
  Interrupted,
  PlanOptions,
  PositionedEvent,
  RollbackRequest,
  SavedPlan,
  SettleResult,
} from "../stack/requests.ts";
import type { ExportLanguage } from "../stack/export/written-export.ts";
import type { StackPolicy } from "../stack/plan/stack-policy.ts";
import type { FailurePolicy } from "../stack/state/failure-policy.ts";
import { CHAOS_COMMANDS } from "./chaos/commands.ts";
import { CLOCK_COMMANDS } from "./clock/commands.ts";
import { FORK_COMMANDS } from "./forks/commands.ts";
import { adopt, type AdoptionInput } from "./adoption.ts";
import { exportTo } from "./export-stack.ts";
import { listResources } from "./list-resources.ts";
import type { Engine } from "./engine.ts";
import { resetState, saveState } from "./state.ts";

/** What a command tells while it works. */
export type CommandEvent =
  | { readonly stackEvent: StackEvent }
  | { readonly interrupted: Interrupted }
  | { readonly settled: SettleResult }
  | { readonly followed: PositionedEvent }
  | { readonly attending: true };

interface TemplateInput {
  readonly stack: string;
  readonly source: Source;
  readonly parameters?: Readonly<Record<string, string>>;
}
type PlanInput = TemplateInput & Pick<PlanOptions, "targets" | "imports" | "tags" | "isRefreshed">;
type Emit = (event: CommandEvent) => void;

interface SettleInput {
  readonly stack: string;
  /** True to finish a deployment that a crash interrupted instead of undoing it. */
  readonly resume?: boolean | undefined;
}

/** A deployment that a crash interrupted is settled before anything else is done with its stack. */
async function settleFirst(engine: Engine, scope: Scope, { stack, resume }: SettleInput, emit: Emit): Promise<void> {
  const settled = await engine.stacks.settle({
    scope,
    stack,
    how: resume ? "resume" : "undo",
    onFound: (interrupted) => emit({ interrupted }),
    onEvent: (stackEvent) => emit({ stackEvent }),
  });
  if (settled.status !== "clean" && settled.status !== "locked") emit({ settled });
}

const telling = (conduct: Conduct | undefined, emit: Emit): DeploymentOptions => ({
  ...conduct,
  onEvent: (stackEvent) => emit({ stackEvent }),
});

interface Conducted {
  readonly conduct?: Conduct;
}
type Unscoped<T> = Omit<T, "scope">;

/**
 * What the command line can ask of an engine, in its own process or of a server (`POST /_cloudstack/commands/<name>`).
 * Inputs, outputs and events are plain JSON. Errors are `ServiceError`s; a template's problems are diagnostics in the
 * output.
 */
export const COMMANDS = {
  async status(engine: Engine, scope: Scope, _input: object) {
    const stacks = await engine.stacks.list(scope);
    const resources: Record<string, number> = {};
    for (const { type } of await listResources(engine, scope)) resources[type] = (resources[type] ?? 0) + 1;
    const { version, storage, forkName: fork } = engine;
    return { version, storage, fork, ...scope, stacks: stacks.length, resources };
  },

  async validate(engine: Engine, scope: Scope, { source, parameters }: Omit<TemplateInput, "stack">) {
    return { diagnostics: await engine.stacks.validate(source, { scope, ...(parameters && { parameters }) }) };
  },

  async plan(engine: Engine, scope: Scope, { resume, ...input }: PlanInput & SettleInput, emit: Emit) {
    await settleFirst(engine, scope, { stack: input.stack, resume }, emit);
    return engine.stacks.plan({ scope, ...input });
  },

  /** The plan with every resource whole, for prices and policies. */
  async inspect(engine: Engine, scope: Scope, input: SavedPlan | (PlanInput & SettleInput), emit: Emit) {
    if ("plan" in input) return engine.stacks.inspect(input);
    const { resume, ...request } = input;
    await settleFirst(engine, scope, { stack: input.stack, resume }, emit);
    return engine.stacks.inspect({ scope, ...request });
  },

  async drift(engine: Engine, scope: Scope, { stack }: { readonly stack: string }, emit: Emit) {
    await settleFirst(engine, scope, { stack }, emit);
    return { drift: await engine.stacks.drift({ scope, stack }) };
  },

  async planDestroy(engine: Engine, scope: Scope, input: SettleInput, emit: Emit) {
    await settleFirst(engine, scope, input, emit);
    return engine.stacks.planDestroy({ scope, stack: input.stack });
  },

  async planRollback(engine: Engine, scope: Scope, input: Unscoped<RollbackRequest>, emit: Emit) {
    await settleFirst(engine, scope, { stack: input.stack }, emit);
    return engine.stacks.planRollback({ scope, ...input });
  },

  /** Applies exactly the plan that was shown, or refuses because the state has moved since. */
  deploy(engine: Engine, _scope: Scope, { conduct, ...saved }: SavedPlan & Conducted, emit: Emit) {
    return engine.stacks.deploy(saved, telling(conduct, emit));
  },

  rollback(
    engine: Engine,
    scope: Scope,
    { conduct, ...request }: Unscoped<RollbackRequest> & Conducted,
    emit: Emit,
  ) {
    return engine.stacks.rollback({ scope, ...request }, telling(conduct, emit));
  },

  continueRollback(
    engine: Engine,
    scope: Scope,
    { conduct, ...request }: Unscoped<ContinueRollbackRequest> & Conducted,
    emit: Emit,
  ) {
    return engine.stacks.continueRollback({ scope, ...request }, telling(conduct, emit));
  },

  /** Ends a deployment by the name that its `conduct` gave it. */
  async interrupt(
    engine: Engine,
    _scope: Scope,
    { name, onFailure }: { readonly name: string; readonly onFailure?: FailurePolicy },
  ) {
    return { interrupted: engine.stacks.interrupt(name, onFailure) };
  },

  async history(engine: Engine, scope: Scope, { stack }: { readonly stack: string }) {
    return { history: await engine.stacks.history({ scope, stack }) };
  },

  async version(
    engine: Engine,
    scope: Scope,
    { stack, serial }: { readonly stack: string; readonly serial: number },
  ) {
    return { version: await engine.stacks.version({ scope, stack }, serial) };
  },

  async stacks(engine: Engine, scope: Scope, _input: object) {
    const found = await engine.stacks.list(scope);
    return {
      stacks: found.map(({ name, serial, status, updatedAtMs, cause, ...more }) => ({
        name,
        serial,
        status,
        isProtected: more.isProtected ?? false,
        tags: more.tags ?? {},
        nested: more.nested ?? [],
        updatedAtMs,
        ...(cause && { cause }),
      })),
    };
  },

  async protect(
    engine: Engine,
    scope: Scope,
    { stack, isProtected }: { readonly stack: string; readonly isProtected: boolean },
  ) {
    return { diagnostics: await engine.stacks.protect({ scope, stack }, isProtected) };
  },

  /** `undefined` takes the policy away. */
  async setPolicy(
    engine: Engine,
    scope: Scope,
    { stack, policy }: { readonly stack: string; readonly policy?: StackPolicy | undefined },
  ) {
    return { diagnostics: await engine.stacks.setPolicy({ scope, stack }, policy) };
  },

  async policy(engine: Engine, scope: Scope, { stack }: { readonly stack: string }) {
    const found = await engine.stacks.get(scope, stack);
    return { exists: found !== undefined, policy: found?.policy };
  },

  async outputs(engine: Engine, scope: Scope, { stack }: { readonly stack: string }) {
    return { outputs: await engine.stacks.outputs(scope, stack) };
  },

  async events(engine: Engine, scope: Scope, query: Unscoped<EventQuery>) {
    return { events: await engine.stacks.events({ scope, ...query }) };
  },

  /** Emits events until the caller goes away; of one deployment, until that has ended. */
  async follow(engine: Engine, scope: Scope, query: Unscoped<EventQuery>, emit: Emit, signal: AbortSignal) {
    for await (const followed of engine.stacks.follow({ scope, ...query }, signal)) emit({ followed });
    return {};
  },

  export: (engine: Engine, scope: Scope, input: { readonly stack: string; readonly to: ExportLanguage }) =>
    exportTo(engine, scope, input),

  adoption: (engine: Engine, scope: Scope, input: AdoptionInput) => adopt(engine, scope, input),

  async resources(engine: Engine, scope: Scope, { type }: { readonly type?: string }) {
    return { resources: await listResources(engine, scope, type) };
  },

  /** Lasts until the caller goes away; an engine that serves for the time of one command waits for that. */
  async attend(engine: Engine, _scope: Scope, _input: object, emit: Emit, signal: AbortSignal) {
    emit({ attending: true });
    await engine.guests.stay(signal);
    return {};
  },

  snapshotSave: (engine: Engine, _scope: Scope, { file }: { readonly file: string }) => saveState(engine, file),
  reset: (engine: Engine, _scope: Scope, _input: object) => resetState(engine),
  ...CLOCK_COMMANDS,
  ...CHAOS_COMMANDS,
  ...FORK_COMMANDS,
} as const;

export type CommandName = keyof typeof COMMANDS;
export type CommandInput<N extends CommandName> = Parameters<(typeof COMMANDS)[N]>[2];
export type CommandOutput<N extends CommandName> = Awaited<ReturnType<(typeof COMMANDS)[N]>>;

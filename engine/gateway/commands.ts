import type { Scope } from "../services/context.ts";
import type { Conduct } from "../stack/apply/begin.ts";
import type { StackEvent } from "../stack/apply/stack-event.ts";
import type { Source } from "../stack/diagnostics/source.ts";
import type { Plan } from "../stack/plan/plan.ts";
import type { PlanOptions, SavedPlan, SettleResult } from "../stack/requests.ts";
import { listResources } from "./list-resources.ts";
import type { Engine } from "./engine.ts";
import { resetState, saveState } from "./state.ts";

/** What a command tells while it works. */
export type CommandEvent =
  { readonly plan: Plan } | { readonly stackEvent: StackEvent } | { readonly settled: SettleResult };

interface TemplateInput {
  readonly stack: string;
  readonly source: Source;
  readonly parameters?: Readonly<Record<string, string>>;
}
type PlanInput = TemplateInput & Pick<PlanOptions, "targets" | "imports" | "isRefreshed">;
type Emit = (event: CommandEvent) => void;

/** A deployment that a crash interrupted is settled before anything else is done with its stack. */
async function settleFirst(engine: Engine, scope: Scope, stack: string, emit: Emit): Promise<void> {
  const settled = await engine.stacks.settle({ scope, stack });
  if (settled.status !== "clean" && settled.status !== "locked") emit({ settled });
}

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
    return { version: engine.version, storage: engine.storage, ...scope, stacks: stacks.length, resources };
  },

  async validate(engine: Engine, scope: Scope, { source, parameters }: Omit<TemplateInput, "stack">) {
    return { diagnostics: await engine.stacks.validate(source, { scope, ...(parameters && { parameters }) }) };
  },

  async plan(engine: Engine, scope: Scope, input: PlanInput, emit: Emit) {
    await settleFirst(engine, scope, input.stack, emit);
    return engine.stacks.plan({ scope, ...input });
  },

  async drift(engine: Engine, scope: Scope, { stack }: { readonly stack: string }, emit: Emit) {
    await settleFirst(engine, scope, stack, emit);
    return { drift: await engine.stacks.drift({ scope, stack }) };
  },

  async planDestroy(engine: Engine, scope: Scope, input: { readonly stack: string }, emit: Emit) {
    await settleFirst(engine, scope, input.stack, emit);
    return engine.stacks.planDestroy({ scope, ...input });
  },

  /** Applies exactly the plan that was shown, or refuses because the state has moved since. */
  deploy(engine: Engine, _scope: Scope, { conduct, ...saved }: SavedPlan & { readonly conduct?: Conduct }, emit: Emit) {
    return engine.stacks.deploy(saved, { ...conduct, onEvent: (stackEvent) => emit({ stackEvent }) });
  },

  async stacks(engine: Engine, scope: Scope, _input: object) {
    const found = await engine.stacks.list(scope);
    return {
      stacks: found.map(({ name, serial, status, updatedAtMs, cause }) => ({
        name,
        serial,
        status,
        updatedAtMs,
        ...(cause && { cause }),
      })),
    };
  },

  async outputs(engine: Engine, scope: Scope, { stack }: { readonly stack: string }) {
    return { outputs: await engine.stacks.outputs(scope, stack) };
  },

  async events(
    engine: Engine,
    scope: Scope,
    query: { readonly stack: string; readonly deploymentId?: string; readonly after?: number; readonly limit?: number },
  ) {
    return { events: await engine.stacks.events({ scope, ...query }) };
  },

  async resources(engine: Engine, scope: Scope, { type }: { readonly type?: string }) {
    return { resources: await listResources(engine, scope, type) };
  },

  snapshotSave: (engine: Engine, _scope: Scope, { file }: { readonly file: string }) => saveState(engine, file),
  reset: (engine: Engine, _scope: Scope, _input: object) => resetState(engine),
} as const;

export type CommandName = keyof typeof COMMANDS;
export type CommandInput<N extends CommandName> = Parameters<(typeof COMMANDS)[N]>[2];
export type CommandOutput<N extends CommandName> = Awaited<ReturnType<(typeof COMMANDS)[N]>>;

import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import { hasErrors, problem, type Diagnostic, type Problem } from "../diagnostics/diagnostic.ts";
import { diagnosticsOf, type Source } from "../diagnostics/source.ts";
import { parameterValues } from "../parameters/parameter-values.ts";
import type { PlanInput } from "../plan/graph.ts";
import type { LiveState } from "../plan/live-state.ts";
import { makePlan, type Planned } from "../plan/make-plan.ts";
import { exportNamesOf } from "../plan/outputs.ts";
import type { Plan } from "../plan/plan.ts";
import { plannedSecrets } from "../parameters/secrets.ts";
import { firstImporter, readState, type RecordedState } from "../state/read-state.ts";
import { readTemplate } from "../template/read-template.ts";

const NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

export interface Preparation {
  readonly scope: Scope;
  readonly stack: string;
  /** Undefined to destroy. */
  readonly source: Source | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly isRefreshed?: boolean | undefined;
}

export interface Prepared {
  readonly plan?: Plan;
  /** What apply walks; absent when there are errors. */
  readonly planned?: Planned;
  readonly input?: PlanInput;
  readonly state?: RecordedState;
  readonly diagnostics: readonly Diagnostic[];
}

const NO_SOURCE: Source = { file: "", text: "" };

/** Reads the template and the state, in one consistent view, and plans. */
export async function planTemplate(parts: StackParts, options: Preparation): Promise<Prepared> {
  const { scope, stack, parameters = {}, targets = [], isRefreshed = true } = options;
  const source = options.source ?? NO_SOURCE;
  if (!NAME.test(stack)) {
    const found = problem(
      "CS3004",
      `"${stack}" cannot name a stack`,
      undefined,
      "use letters, digits and hyphens, a letter first",
    );
    return { diagnostics: diagnosticsOf([found], source) };
  }
  const read = options.source ? readTemplate(options.source) : { template: undefined, problems: [] };
  if (options.source && !read.template) return { diagnostics: diagnosticsOf(read.problems, source) };
  const problems: Problem[] = [...read.problems];
  const values = read.template ? parameterValues(read.template, parameters, problems, false) : new Map();
  const { state, live, importers } = await readEverything(parts, scope, stack, isRefreshed);
  if (!options.source && (!state.stack || state.stack.status === "destroyed")) {
    return { diagnostics: diagnosticsOf([problem("CS3003", `there is no stack "${stack}"`)], source) };
  }
  const input: PlanInput = {
    scope,
    stack,
    template: read.template,
    parameters: values,
    given: parameters,
    state,
    live,
    registry: parts.registry,
    targets,
  };
  const planned = makePlan(input, {
    file: source.file,
    text: source.text,
    importers,
    secrets: await plannedSecrets(scope, stack, read.template, parameters),
  });
  problems.push(...planned.problems);
  const diagnostics = diagnosticsOf(problems, source);
  return hasErrors(problems) ? { state, diagnostics } : { plan: planned.plan, planned, input, state, diagnostics };
}

async function readEverything(parts: StackParts, scope: Scope, stack: string, isRefreshed: boolean) {
  return parts.store.read(async (tx) => {
    const state = await readState(tx, scope, stack);
    const live = isRefreshed ? await readLive(tx, parts, scope, stack, state) : undefined;
    const importers = new Map<string, string>();
    for (const name of exportNamesOf(state.stack?.outputs ?? {})) {
      const importer = await firstImporter(tx, scope, name, stack);
      if (importer !== undefined) importers.set(name, importer);
    }
    return { state, live, importers };
  });
}

async function readLive(
  tx: Reader,
  parts: StackParts,
  scope: Scope,
  stack: string,
  state: RecordedState,
): Promise<ReadonlyMap<string, LiveState | "gone">> {
  const live = new Map<string, LiveState | "gone">();
  for (const { logicalId, type, id } of state.resources.values()) {
    const registered = parts.registry.get(type);
    if (!registered) continue;
    const ctx = resourceContext({ parts, scope, stack }, registered, logicalId);
    live.set(logicalId, ((await registered.type.handlers.read(tx, id, ctx)) as LiveState | undefined) ?? "gone");
  }
  return live;
}

/** A template on its own: what can be known without a stack. */
export async function validateTemplate(
  parts: StackParts,
  source: Source,
  options: { readonly scope: Scope; readonly parameters?: Readonly<Record<string, string>> },
): Promise<readonly Diagnostic[]> {
  const { template, problems: found } = readTemplate(source);
  if (!template) return diagnosticsOf(found, source);
  const problems: Problem[] = [...found];
  const parameters = options.parameters ?? {};
  const values = parameterValues(template, parameters, problems, true);
  const { exports } = await parts.store.read((tx) => readState(tx, options.scope, ""));
  const input: PlanInput = {
    scope: options.scope,
    stack: "validation",
    template,
    parameters: values,
    given: parameters,
    live: undefined,
    targets: [],
    registry: parts.registry,
    state: { stack: undefined, resources: new Map(), exports },
  };
  problems.push(
    ...makePlan(input, { file: source.file, text: source.text, importers: new Map() }).problems,
  );
  return diagnosticsOf(problems, source);
}

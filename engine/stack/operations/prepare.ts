import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import { hasErrors, problem, type Diagnostic, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { diagnosticsOf, type Source } from "../diagnostics/source.ts";
import type { Importable, PlanInput } from "../plan/graph.ts";
import type { LiveState } from "../plan/live-state.ts";
import { makePlan, type Planned } from "../plan/make-plan.ts";
import { exportNamesOf } from "../plan/outputs.ts";
import type { Plan } from "../plan/plan.ts";
import { plannedSecrets } from "../parameters/secrets.ts";
import { firstImporter, readState, resourceOwners, type RecordedState } from "../state/read-state.ts";
import { movesOf, relocate } from "../plan/relocate.ts";
import type { Template } from "../template/template.ts";
import { readWatched } from "../watched.ts";
import { readLive } from "./read-live.ts";
import { checkPlan, shownProblems } from "./check-plan.ts";
import { readInputs, type TemplateRequest } from "./read-inputs.ts";
import { unknownStack } from "./unknown-stack.ts";

const NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

export interface Preparation {
  readonly scope: Scope;
  readonly stack: string;
  /** Undefined to destroy. */
  readonly source: Source | undefined;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  readonly targets?: readonly string[] | undefined;
  readonly imports?: Readonly<Record<string, string>> | undefined;
  readonly renames?: Readonly<Record<string, string>> | undefined;
  readonly isRefreshed?: boolean | undefined;
  /** Undefined for those it has already. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface Prepared {
  readonly plan?: Plan;
  /** What apply walks; absent when there are errors. */
  readonly planned?: Planned;
  readonly input?: PlanInput;
  readonly state?: RecordedState;
  readonly diagnostics: readonly Diagnostic[];
}

type Wanted = readonly {
  readonly logicalId: string;
  readonly type: string;
  readonly id: string;
  readonly span?: Span;
}[];

const NO_SOURCE: Source = { file: "", text: "" };

/** Reads the template and the state, in one consistent view, and plans. */
export async function planTemplate(parts: StackParts, options: Preparation): Promise<Prepared> {
  const { scope, stack, parameters = {}, targets = [], imports = {}, renames: asked = {} } = options;
  const source = options.source ?? NO_SOURCE;
  if (!NAME.test(stack)) {
    const found = problem(
      "CS3004",
      `"${stack}" cannot name a stack`,
      undefined,
      "use letters, digits and hyphens, a letter first, at most 128 of them",
    );
    return { diagnostics: diagnosticsOf([found], source) };
  }
  const request = options.source && { scope, stack, source, parameters, mayBeMissing: false };
  const found = await readEverything(parts, options, request);
  const { read, importers } = found;
  if (read && !read.template) return { diagnostics: diagnosticsOf(read.problems, read.source) };
  const problems: Problem[] = [...(read?.problems ?? [])];
  if (!options.source && (!found.state.stack || found.state.stack.status === "destroyed")) {
    return { diagnostics: diagnosticsOf([unknownStack(stack)], source) };
  }
  const { resources, live, renames } = relocate(movesOf(read?.template, asked), found.state, found.live, problems);
  const state: RecordedState = { ...found.state, resources };
  const input: PlanInput = {
    scope,
    stack,
    template: read?.template,
    parameters: read?.parameters ?? new Map(),
    given: parameters,
    state,
    live,
    registry: parts.registry,
    tags: options.tags ?? found.state.stack?.tags ?? {},
    targets,
    renames,
    imports: found.importables,
  };
  const { file, text } = read?.source ?? source;
  const planned = makePlan(input, {
    file,
    text,
    imports,
    renames: asked,
    importers,
    secrets: await plannedSecrets(scope, stack, read?.template, parameters),
  });
  problems.push(...planned.problems, ...checkPlan(planned, parts.storedValues));
  const diagnostics = diagnosticsOf(shownProblems(problems, read), { file, text });
  return hasErrors(problems) ? { state, diagnostics } : { plan: planned.plan, planned, input, state, diagnostics };
}

/** What a template takes over, and where it says so; `given` adds to it. */
function wantedImports(template: Template | undefined, given: Readonly<Record<string, string>>): Wanted {
  const wanted = new Map<string, { readonly id: string; readonly span?: Span }>(template?.relocations.imports);
  for (const [logicalId, id] of Object.entries(given)) wanted.set(logicalId, { id });
  return [...wanted].map(([logicalId, each]) => ({
    logicalId,
    type: template?.resources.get(logicalId)?.type ?? "",
    ...each,
  }));
}

async function readEverything(by: StackParts, options: Preparation, request: TemplateRequest | undefined) {
  const { scope, stack, isRefreshed = true, imports = {} } = options;
  return readWatched(by, async (tx, parts) => {
    const read = request && (await readInputs(tx, parts, request));
    const state = { ...(await readState(tx, scope, stack)), ...(read && { others: read.others }) };
    const live = isRefreshed ? await readLive(tx, parts, scope, stack, state) : undefined;
    const importers = new Map<string, string>();
    for (const name of exportNamesOf(state.stack?.outputs ?? {})) {
      const importer = await firstImporter(tx, scope, name, stack);
      if (importer !== undefined) importers.set(name, importer);
    }
    const wanted = wantedImports(read?.template, imports);
    return { read, state, live, importers, importables: await readImportables(tx, parts, scope, stack, wanted) };
  });
}

async function readImportables(
  tx: Reader,
  parts: StackParts,
  scope: Scope,
  stack: string,
  wanted: Wanted,
): Promise<ReadonlyMap<string, Importable>> {
  const found = new Map<string, Importable>();
  if (wanted.length === 0) return found;
  const owners = await resourceOwners(tx, scope);
  for (const { logicalId, type, id, span } of wanted) {
    const registered = parts.registry.get(type);
    const ctx = registered && resourceContext({ parts, scope, stack }, registered, logicalId);
    const live = ctx && ((await registered.type.handlers.read(tx, id, ctx)) as LiveState | undefined);
    found.set(logicalId, { id, span, live, owner: owners(type, live?.id ?? id) });
  }
  return found;
}

/** A template on its own: what can be known without a stack. */
export async function validateTemplate(
  parts: StackParts,
  source: Source,
  options: { readonly scope: Scope; readonly parameters?: Readonly<Record<string, string>> },
): Promise<readonly Diagnostic[]> {
  const { scope, parameters = {} } = options;
  const stack = "validation";
  const { read, exports } = await parts.store.read(async (tx) => ({
    read: await readInputs(tx, parts, { scope, stack, source, parameters, mayBeMissing: true }),
    exports: (await readState(tx, scope, "")).exports,
  }));
  const { template, others } = read;
  const { file, text } = read.source;
  if (!template) return diagnosticsOf(read.problems, read.source);
  const problems: Problem[] = [...read.problems];
  const input: PlanInput = {
    scope,
    stack,
    template,
    parameters: read.parameters,
    given: parameters,
    live: undefined,
    targets: [],
    tags: {},
    renames: [],
    imports: new Map(),
    registry: parts.registry,
    state: { stack: undefined, resources: new Map(), exports, others },
  };
  const planned = makePlan(input, { file, text, imports: {}, renames: {}, importers: new Map() });
  problems.push(...planned.problems, ...checkPlan(planned, parts.storedValues));
  return diagnosticsOf(shownProblems(problems, read), read.source);
}

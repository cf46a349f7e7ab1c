import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { bundled, isUrl } from "../diagnostics/bundle.ts";
import type { Source } from "../diagnostics/source.ts";
import type { Environment, OtherStack } from "../expressions/environment.ts";
import { evaluate } from "../expressions/evaluate.ts";
import { parts } from "../expressions/expression.ts";
import { otherStackKey } from "../expressions/template-environment.ts";
import { isMap, type Value } from "../expressions/value.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import { checkRules } from "../parameters/check-rules.ts";
import { resolveParameters, type ParameterSource } from "../parameters/resolve-parameters.ts";
import type { LiveState } from "../plan/live-state.ts";
import { stackRecords } from "../state/model.ts";
import { readTemplate } from "../template/read-template.ts";
import { expressionsOf, type Template } from "../template/template.ts";

export interface TemplateInputs {
  /** The text that was read: with the templates in it that it nests by URL. */
  readonly source: Source;
  /** Undefined when the text is not a template at all, or there is none. */
  readonly template: Template | undefined;
  readonly parameters: ReadonlyMap<string, Value>;
  /** The other stacks whose outputs it uses, by region and name. */
  readonly others: ReadonlyMap<string, OtherStack>;
  readonly problems: readonly Problem[];
}

export interface TemplateRequest {
  readonly scope: Scope;
  readonly stack: string;
  readonly source: Source;
  readonly parameters: Readonly<Record<string, string>>;
  /** True when parameters without a value count as unknown: to check a template on its own. */
  readonly mayBeMissing: boolean;
}

/** Reads a template with the values it is given, and what it says of other stacks. */
export async function readInputs(tx: Reader, by: StackParts, request: TemplateRequest): Promise<TemplateInputs> {
  const { scope, stack, source, parameters: given, mayBeMissing } = request;
  const parsed = by.parseTemplate(source);
  const problems = [...parsed.problems];
  const { root } = parsed;
  if (!root) return { source, template: undefined, parameters: new Map(), others: new Map(), problems };
  const things = parameterSource(tx, by, request);
  const resolved = await resolveParameters(parsed.parameters, given, things, mayBeMissing);
  const { values } = resolved;
  const read = readTemplate({ ...parsed, root }, { scope, stack, values });
  const fetched = await fetchTemplates(read.missing, by, scope);
  if (fetched.size > 0)
    return readInputs(tx, by, { ...request, source: { ...source, text: bundled(source.text, fetched) } });
  const { template, environment } = read;
  problems.push(...resolved.problems, ...read.problems, ...checkRules(template, resolved, environment));
  const others = await readOtherStacks(tx, request, template, environment, problems);
  return { source, template, parameters: values, others, problems };
}

async function fetchTemplates(
  names: Iterable<string>,
  { templateFiles }: StackParts,
  scope: Scope,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of names) {
    const text = isUrl(name) ? await templateFiles?.read(name, scope) : undefined;
    if (text !== undefined) found.set(name, text);
  }
  return found;
}

const parameterSource = (tx: Reader, parts: StackParts, { scope, stack }: TemplateRequest): ParameterSource => ({
  scope,
  stored: parts.storedValues,
  async live(type, id) {
    const registered = parts.registry.get(type);
    if (!registered) return "no-type";
    const ctx = resourceContext({ parts, scope, stack }, registered, "");
    return (await registered.type.handlers.read(tx, id, ctx)) as LiveState | undefined;
  },
});

/** Which outputs are wanted must be known before anything is deployed, as for exports. */
async function readOtherStacks(
  tx: Reader,
  { scope, stack, source }: TemplateRequest,
  template: Template,
  environment: Environment,
  problems: Problem[],
): Promise<ReadonlyMap<string, OtherStack>> {
  const others = new Map<string, OtherStack>();
  if (!source.text.includes("GetStackOutput")) return others;
  for (const expression of expressionsOf(template)) {
    for (const part of parts(expression)) {
      if (part.kind !== "call" || part.function !== "Fn::GetStackOutput" || !part.arguments[0]) continue;
      const given = evaluate(part.arguments[0], environment);
      const name = isMap(given) ? given["StackName"] : undefined;
      const region = (isMap(given) ? given["Region"] : undefined) ?? scope.region;
      if (typeof name !== "string" || typeof region !== "string") {
        problems.push(problem("CS1102", "Fn::GetStackOutput names a stack that is known before apply", part.span));
        continue;
      }
      if (name === stack && region === scope.region) continue;
      const found = await stackRecords.get(tx, scope.account, region, name);
      if (found && found.status !== "destroyed" && found.serial > 0)
        others.set(otherStackKey(name, region), { outputs: found.outputs });
    }
  }
  return others;
}

import type { Scope } from "../../services/context.ts";
import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMeanOneOf } from "../diagnostics/suggestion.ts";
import { ZONE_LETTERS } from "../expressions/functions/lookup.ts";
import { isUnknown, Unknown, type Value } from "../expressions/value.ts";
import type { LiveState } from "../plan/live-state.ts";
import type { ParameterDeclaration } from "./parameter-declaration.ts";
import { constrained } from "./parameter-values.ts";
import type { CloudThing } from "./parameter-type.ts";
import type { StoredValues } from "./stored-values.ts";

/** Where parameters are looked up that name something. */
export interface ParameterSource {
  readonly scope: Scope;
  /** What exists under an id; `no-type` when this engine has no such resource type. */
  live(type: string, id: string): Promise<LiveState | undefined | "no-type">;
  readonly stored?: StoredValues | undefined;
}

export interface ResolvedParameters {
  readonly values: ReadonlyMap<string, Value>;
  /** What the values of a parameter name, as far as it was looked up; in their order. */
  readonly things: ReadonlyMap<string, readonly LiveState[]>;
}

interface Resolving {
  readonly source: ParameterSource;
  readonly problems: Problem[];
  readonly things: Map<string, readonly LiveState[]>;
}

/**
 * Checks what was given against the declarations and looks up what it names. A parameter without a value is a problem,
 * or unknown when `mayBeMissing`.
 */
export async function resolveParameters(
  declarations: ReadonlyMap<string, ParameterDeclaration>,
  given: Readonly<Record<string, string>>,
  source: ParameterSource,
  mayBeMissing: boolean,
): Promise<ResolvedParameters & { readonly problems: readonly Problem[] }> {
  const problems: Problem[] = [];
  for (const name of Object.keys(given)) {
    if (declarations.has(name)) continue;
    const hint = didYouMeanOneOf(name, declarations.keys());
    problems.push(problem("CS1304", `the template has no parameter "${name}"`, undefined, hint));
  }
  const resolving: Resolving = { source, problems, things: new Map() };
  const values = new Map<string, Value>();
  for (const declaration of declarations.values()) {
    const text = given[declaration.name] ?? declaration.default;
    if (text !== undefined) {
      values.set(declaration.name, await resolved(declaration, text, resolving));
      continue;
    }
    values.set(declaration.name, new Unknown(declaration.name));
    if (mayBeMissing) continue;
    const hint = `give it one: --parameter ${declaration.name}=VALUE`;
    problems.push(
      problem("CS1301", `parameter ${declaration.name} has no value and no default`, declaration.span, hint),
    );
  }
  return { values, things: resolving.things, problems };
}

async function resolved(declaration: ParameterDeclaration, text: string, resolving: Resolving): Promise<Value> {
  const { problems } = resolving;
  const { type } = declaration;
  const before = problems.length;
  // A default was checked where it is declared.
  const value = constrained(declaration, text, text === declaration.default ? [] : problems);
  // What does not fit is told here, and not once more wherever it is used.
  if (problems.length > before) return new Unknown(declaration.name);
  const stored = type.isStored ? await storedValue(declaration, text, resolving) : value;
  if (isUnknown(stored) || !type.thing) return stored;
  const ids = (Array.isArray(stored) ? stored : [stored]) as readonly string[];
  const things: LiveState[] = [];
  for (const id of ids) {
    const found = await lookedUp(declaration, type.thing, id, resolving);
    if (found) things.push(found);
  }
  resolving.things.set(declaration.name, things);
  return stored;
}

/** The value that an SSM parameter holds. Constraints hold for its name, as in the language's definition. */
async function storedValue(declaration: ParameterDeclaration, name: string, resolving: Resolving): Promise<Value> {
  const { source, problems } = resolving;
  const what = `parameter ${declaration.name} names the SSM parameter "${name}"`;
  const unknown = new Unknown(declaration.name);
  if (!source.stored?.services.includes("ssm")) {
    const message = `${what}, and this engine has no SSM parameters yet`;
    problems.push(problem("CS1309", message, declaration.span, "give the value itself"));
    return unknown;
  }
  const found = await source.stored.resolve({ service: "ssm", name }, source.scope);
  if (found === undefined) problems.push(problem("CS1309", `${what}, which does not exist`, declaration.span));
  if (found === undefined) return unknown;
  return declaration.type.isList ? found.split(",").map((item) => item.trim()) : found;
}

async function lookedUp(
  declaration: ParameterDeclaration,
  thing: CloudThing,
  id: string,
  { source, problems }: Resolving,
): Promise<LiveState | undefined> {
  const say = (message: string, hint?: string) =>
    problems.push(problem("CS1308", `parameter ${declaration.name}: ${message}`, declaration.span, hint));
  if (!thing.pattern.test(id)) {
    say(`"${id}" is not of type ${thing.name}`, `write one like ${thing.example}`);
    return undefined;
  }
  if (thing.name === "AWS::EC2::AvailabilityZone::Name") {
    const zones = ZONE_LETTERS.map((letter) => source.scope.region + letter);
    if (!zones.includes(id)) say(`there is no zone "${id}" in ${source.scope.region}`, `use ${zones.join(", ")}`);
    return undefined;
  }
  const found = thing.resource === undefined ? "no-type" : await source.live(thing.resource, id);
  if (found === "no-type") return undefined;
  if (!found) say(`there is no ${thing.resource} "${id}" in ${source.scope.region}`);
  return found;
}

import type { Scope } from "../../services/context.ts";
import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { isList, isMap, isUnknown, type Value } from "../expressions/value.ts";
import { hasReference, referencesIn, type DynamicReference, type StoredValues } from "./stored-values.ts";

type Path = readonly (string | number)[];

/** Every text of a value and where it stands; texts known in part too, as the parts that are. */
function* textsOf(value: Value | undefined, path: Path = []): Generator<readonly [text: string, path: Path]> {
  if (typeof value === "string") yield [value, path];
  else if (isUnknown(value) || value === null || typeof value !== "object") return;
  else if (isList(value)) for (const [index, item] of value.entries()) yield* textsOf(item, [...path, index]);
  else for (const [key, inner] of Object.entries(value)) yield* textsOf(inner, [...path, key]);
}

/** Whether a value, or a part of it, is resolved only when it is handed to a service. */
export function isStored(value: Value | undefined): boolean {
  for (const [text] of textsOf(value)) if (hasReference(text)) return true;
  return false;
}

/** What is wrong with the references of a value, as far as it can be told before they are resolved. */
export function referenceProblems(
  value: Value | undefined,
  stored: StoredValues | undefined,
  spanOf: (path: Path) => Span,
): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [text, path] of textsOf(value)) {
    if (!hasReference(text)) continue;
    for (const { text: written, reference, fault } of referencesIn(text)) {
      const what = `${written} cannot be resolved`;
      if (fault !== undefined) problems.push(problem("CS1112", `${what}: ${fault}`, spanOf(path)));
      else if (reference && !stored?.services.includes(reference.service)) {
        const message = `${what}: this engine has no ${SERVICE_NAMES[reference.service]} yet`;
        problems.push(problem("CS1112", message, spanOf(path), "pass the value as a parameter with NoEcho"));
      }
    }
  }
  return problems;
}

const SERVICE_NAMES = {
  ssm: "SSM parameters",
  "ssm-secure": "SSM parameters",
  secretsmanager: "Secrets Manager",
} as const satisfies Record<DynamicReference["service"], string>;

/** A reference that names nothing, found when it was resolved. */
export class ReferenceUnresolved extends Error {
  override name = "ReferenceUnresolved";
}

const unresolved = (written: string, why: string) =>
  new ReferenceUnresolved(`${written} cannot be resolved: ${why}.`);

/**
 * A value with its references resolved, each asked for once, and the texts they gave: those are secret.
 * Errors: `ReferenceUnresolved`; the `ServiceError`s of the service asked
 */
export async function resolveStored(
  value: Value,
  stored: StoredValues | undefined,
  scope: Scope,
): Promise<{ readonly value: Value; readonly secrets: readonly string[] }> {
  const found = new Map<string, string>();
  for (const [text] of textsOf(value)) {
    if (!hasReference(text)) continue;
    for (const { text: written, reference, fault } of referencesIn(text)) {
      if (found.has(written)) continue;
      if (!reference || !stored) throw unresolved(written, fault ?? "no service");
      found.set(written, await lookedUp(written, reference, stored, scope));
    }
  }
  return { value: found.size === 0 ? value : replaced(value, found), secrets: [...found.values()] };
}

async function lookedUp(
  written: string,
  reference: DynamicReference,
  stored: StoredValues,
  scope: Scope,
): Promise<string> {
  const whole = await stored.resolve(reference, scope);
  if (whole === undefined) throw unresolved(written, "it does not exist");
  if (reference.service !== "secretsmanager" || reference.jsonKey === undefined) return whole;
  const part = partOf(whole, reference.jsonKey);
  if (part !== undefined) return part;
  throw unresolved(written, "the secret is no JSON object with this key");
}

function partOf(whole: string, key: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(whole);
    const part = typeof parsed === "object" && parsed !== null && Object.hasOwn(parsed, key) && parsed[key as never];
    return part === false || part === undefined ? undefined : typeof part === "string" ? part : JSON.stringify(part);
  } catch {
    // Not JSON: it has no keys, which is what the caller says.
    return undefined;
  }
}

function replaced(value: Value, found: ReadonlyMap<string, string>): Value {
  if (typeof value === "string") {
    if (!hasReference(value)) return value;
    return [...found].reduce((text, [written, resolved]) => text.split(written).join(resolved), value);
  }
  if (isList(value)) return value.map((item) => replaced(item, found));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, found)]));
}

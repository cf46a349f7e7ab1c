import { isObject } from "../platform/is-object.ts";

/** A policy document: kept as the text that it was given as, and understood as far as these need. */
type PolicyDocument = Readonly<Record<string, unknown>>;

function documentOf(policy: string): PolicyDocument | undefined {
  try {
    const document: unknown = JSON.parse(policy);
    return isObject(document) ? document : undefined;
  } catch {
    // What is no JSON is no policy.
    return undefined;
  }
}

export const isPolicy = (text: string): boolean => documentOf(text) !== undefined;

/** A policy without its statement of that name; undefined when it has none. The one edit a service makes to one. */
export function withoutStatement(policy: string | undefined, sid: string): string | undefined {
  const document = policy === undefined ? undefined : documentOf(policy);
  if (document === undefined) return undefined;
  const statements: unknown[] = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const kept = statements.filter((one) => (one as { Sid?: unknown } | null | undefined)?.Sid !== sid);
  return kept.length < statements.length ? JSON.stringify({ ...document, Statement: kept }) : undefined;
}

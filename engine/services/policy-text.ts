/**
 * A policy document without its statement of that name; undefined when it has none, or is no policy at all. Policies
 * are kept as the texts they were given as: this is the one edit that a service makes to one.
 */
export function withoutStatement(policy: string | undefined, sid: string): string | undefined {
  if (policy === undefined) return undefined;
  const document = JSON.parse(policy) as { Statement?: unknown };
  const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement];
  const kept = statements.filter((one: { Sid?: unknown } | undefined) => one?.Sid !== sid);
  return kept.length < statements.length ? JSON.stringify({ ...document, Statement: kept }) : undefined;
}

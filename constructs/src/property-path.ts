/**
 * Sets a value deep in a tree of maps and lists, making the maps on the way; undefined removes it.
 * Shape: `path` leads through names and indices: `Rules.0.Status`; a dot in a name is written `\.`.
 */
export function setAtPath(tree: Record<string, unknown>, path: string, value: unknown): void {
  const steps = path.split(/(?<!\\)[.]/).map((step) => step.replaceAll("\\.", "."));
  const last = steps.pop();
  if (last === undefined || last === "") throw new Error(`"${path}" is not a path to a property`);
  let at: Record<string, unknown> = tree;
  for (const step of steps) {
    const next = at[step];
    if (typeof next === "object" && next !== null) at = next as Record<string, unknown>;
    else at = at[step] = {} as Record<string, unknown>;
  }
  if (value !== undefined) at[last] = value;
  else if (Array.isArray(at)) at.splice(Number(last), 1);
  else delete at[last];
}

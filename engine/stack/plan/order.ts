/**
 * Ids with dependencies first; among those that are free, in the order given. A circle is returned as its path,
 * first id repeated at the end. Not recursive: a chain may be as long as the template.
 */
export function dependencyOrder(
  ids: readonly string[], dependenciesOf: (id: string) => readonly string[],
): { readonly order: readonly string[]; readonly cycle?: readonly string[] } {
  const known = new Set(ids);
  const waitingFor = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const id of ids) {
    const dependencies = new Set(dependenciesOf(id).filter((each) => known.has(each)));
    waitingFor.set(id, dependencies.size);
    for (const each of dependencies) {
      const found = dependants.get(each);
      if (found) found.push(id);
      else dependants.set(each, [id]);
    }
  }
  const order = ids.filter((id) => waitingFor.get(id) === 0);
  for (let at = 0; at < order.length; at++) {
    for (const dependant of dependants.get(order[at] as string) ?? []) {
      const left = (waitingFor.get(dependant) ?? 0) - 1;
      waitingFor.set(dependant, left);
      if (left === 0) order.push(dependant);
    }
  }
  if (order.length === ids.length) return { order };
  return { order, cycle: findCycle(ids.filter((id) => (waitingFor.get(id) ?? 0) > 0), dependenciesOf) };
}

/** Every id left waits for another that is left, so walking along dependencies must come back to one already seen. */
function findCycle(left: readonly string[], dependenciesOf: (id: string) => readonly string[]): readonly string[] {
  const isLeft = new Set(left);
  const path: string[] = [];
  let at: string | undefined = left[0];
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    at = dependenciesOf(at).find((each) => isLeft.has(each));
  }
  return at === undefined ? path : [...path.slice(path.indexOf(at)), at];
}

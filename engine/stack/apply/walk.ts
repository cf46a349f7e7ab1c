export type Outcome = "done" | "failed" | "skipped";

/**
 * Runs `run` for every id after those it depends on, at most `concurrency` at a time. After the first failure nothing
 * more begins; what is in flight ends. What never began is `skipped`.
 */
export async function walk(
  ids: readonly string[],
  dependenciesOf: (id: string) => readonly string[],
  concurrency: number,
  run: (id: string) => Promise<boolean>,
  mayStart: () => boolean = () => true,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const known = new Set(ids);
  const waiting = new Map<string, number>();
  const dependants = new Map<string, string[]>();
  for (const id of ids) {
    const dependencies = dependenciesOf(id).filter((each) => known.has(each));
    waiting.set(id, dependencies.length);
    for (const each of dependencies) {
      const found = dependants.get(each);
      if (found) found.push(id);
      else dependants.set(each, [id]);
    }
  }
  const ready = ids.filter((id) => waiting.get(id) === 0);
  let next = 0;
  let inFlight = 0;
  let hasFailed = false;
  // Resolved, and replaced, whenever something ends: what idle workers wait for.
  let turn = openTurn();
  const finish = (id: string, isDone: boolean) => {
    outcomes.set(id, isDone ? "done" : "failed");
    if (!isDone) hasFailed = true;
    for (const dependant of isDone ? (dependants.get(id) ?? []) : []) {
      const left = (waiting.get(dependant) ?? 0) - 1;
      waiting.set(dependant, left);
      if (left === 0) ready.push(dependant);
    }
  };
  const worker = async (): Promise<void> => {
    while (outcomes.size < ids.length && !hasFailed && mayStart()) {
      const id = ready[next];
      if (id === undefined) {
        // Nothing in flight means that nothing will become ready: the rest depends on what failed.
        if (inFlight === 0) return;
        await turn.promise;
        continue;
      }
      next += 1;
      inFlight += 1;
      try {
        finish(id, await run(id));
      } catch (defect) {
        hasFailed = true;
        throw defect;
      } finally {
        inFlight -= 1;
        turn.resolve();
        turn = openTurn();
      }
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: Math.min(concurrency, Math.max(1, ids.length)) }, worker),
  );
  for (const each of ended) if (each.status === "rejected") throw each.reason;
  for (const id of ids) if (!outcomes.has(id)) outcomes.set(id, "skipped");
  return outcomes;
}

interface Turn {
  readonly promise: Promise<void>;
  resolve(): void;
}

function openTurn(): Turn {
  const turn = { resolve: (): void => undefined, promise: Promise.resolve() };
  turn.promise = new Promise((resolve) => {
    turn.resolve = resolve;
  });
  return turn;
}

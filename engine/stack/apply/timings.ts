/** When a step began and ended. */
export interface StepTime {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

/** One step of the critical path. */
export interface PathStep {
  readonly logicalId: string;
  /** Between the end of what it depends on, or the beginning of the deployment, and its own beginning. */
  readonly waitedMs: number;
  readonly tookMs: number;
}

/** How long a deployment took, and the chain of steps that made it so long: each began after the one before. */
export interface Timings {
  readonly elapsedMs: number;
  readonly criticalPath: readonly PathStep[];
}

export function timingsOf(
  startedAtMs: number,
  endedAtMs: number,
  times: ReadonlyMap<string, StepTime>,
  dependenciesOf: (logicalId: string) => readonly string[],
): Timings {
  const path: PathStep[] = [];
  let at = latest([...times.keys()], times);
  while (at !== undefined) {
    const time = times.get(at);
    if (!time) break;
    const before = latest(dependenciesOf(at), times);
    const readyAtMs = (before === undefined ? undefined : times.get(before)?.endedAtMs) ?? startedAtMs;
    path.unshift({
      logicalId: at,
      waitedMs: Math.max(0, time.beganAtMs - readyAtMs),
      tookMs: time.endedAtMs - time.beganAtMs,
    });
    at = before;
  }
  return { elapsedMs: endedAtMs - startedAtMs, criticalPath: path };
}

/** The one that ended last; of several, the first. */
function latest(ids: readonly string[], times: ReadonlyMap<string, StepTime>): string | undefined {
  let found: string | undefined;
  let foundMs = -Infinity;
  for (const id of ids) {
    const endedAtMs = times.get(id)?.endedAtMs ?? -Infinity;
    if (endedAtMs > foundMs) [found, foundMs] = [id, endedAtMs];
  }
  return found;
}

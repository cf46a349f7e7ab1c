import type { OperationCall } from "../services/operation-call.ts";
import type { Passage } from "../services/passage.ts";

/** Operations that were called, each with how often. */
export interface CalledOperation extends Pick<OperationCall, "cloud" | "service" | "operation"> {
  /** A name, a path or an ARN; of a resource type's handler `web/Uploads`; empty where the call names nothing. */
  readonly resource: string;
  readonly count: number;
}

export interface Recording {
  /** What was called since it began, in order of cloud, service, operation and resource. */
  rows(): readonly CalledOperation[];
  /** Hears nothing from now on; the rows stay. */
  stop(): void;
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Records every operation that the engine is asked for from now on, at the doors and by the handlers of stacks; of a
 * handler that makes operations of its cloud, those. One call counts once for each thing that it names, however
 * often its transaction had to run.
 */
export function recordOperations(passage: Passage): Recording {
  const counts = new Map<string, CalledOperation>();
  const stop = passage.listen(({ cloud, service, operation, resource: first = "", alsoAbout = [] }) => {
    for (const resource of [first, ...alsoAbout]) {
      const key = JSON.stringify([cloud, service, operation, resource]);
      const count = (counts.get(key)?.count ?? 0) + 1;
      counts.set(key, { cloud, service, operation, resource, count });
    }
  });
  return {
    stop,
    rows: () =>
      [...counts.values()].sort(
        (a, b) =>
          compare(a.cloud, b.cloud) ||
          compare(a.service, b.service) ||
          compare(a.operation, b.operation) ||
          compare(a.resource, b.resource),
      ),
  };
}

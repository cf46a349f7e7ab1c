import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import type { ResourceRecord } from "../state/model.ts";
import type { Template } from "../template/template.ts";
import type { LiveState } from "./live-state.ts";

/** A recorded resource that goes on under another name. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

type Records = ReadonlyMap<string, ResourceRecord>;
type Live = ReadonlyMap<string, LiveState | "gone"> | undefined;

interface Asked extends Rename {
  readonly span?: Span;
}

/** What a template renames, and what else is asked for. */
export const movesOf = (template: Template | undefined, asked: Readonly<Record<string, string>>): readonly Asked[] => [
  ...(template?.relocations.moved ?? []),
  ...Object.entries(asked).map(([from, to]) => ({ from, to })),
];

/**
 * Before the passes, so that none of them has to know: the recorded and the live state under the names that the
 * template's `Moved` gives. An entry whose work is done (only its new name is recorded) says nothing.
 */
export function relocate(
  moves: readonly Asked[],
  { resources }: { readonly resources: Records },
  live: Live,
  problems: Problem[],
): { readonly resources: Records; readonly live: Live; readonly renames: readonly Rename[] } {
  const renames = renamesOf(moves, resources, problems);
  if (renames.length === 0) return { resources, live, renames };
  const newName = new Map(renames.map(({ from, to }) => [from, to]));
  const nameOf = (logicalId: string) => newName.get(logicalId) ?? logicalId;
  const moved = new Map<string, ResourceRecord>();
  for (const [logicalId, record] of resources) moved.set(nameOf(logicalId), renamed(record, nameOf));
  const movedLive = live && new Map([...live].map(([logicalId, each]) => [nameOf(logicalId), each]));
  return { resources: moved, live: movedLive, renames };
}

/** A record under its new name, depending on others under theirs. */
export const renamed = (record: ResourceRecord, nameOf: (logicalId: string) => string): ResourceRecord => ({
  ...record,
  logicalId: nameOf(record.logicalId),
  dependencies: record.dependencies.map(nameOf),
});

function renamesOf(moves: readonly Asked[], resources: Records, problems: Problem[]): Rename[] {
  const moved = moves.filter(({ from }) => resources.has(from));
  const leaving = new Set(moved.map(({ from }) => from));
  return moved.flatMap(({ from, to, span }) => {
    const isTaken = resources.has(to) && !leaving.has(to);
    if (!isTaken) return [{ from, to }];
    const message = `"${from}" cannot become "${to}": the stack has both`;
    problems.push(problem("CS2010", message, span, `move ${to} as well, or take this entry out of Moved`));
    return [];
  });
}

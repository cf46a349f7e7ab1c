import { type Problem } from "../diagnostics/diagnostic.ts";
import type { Value } from "../expressions/value.ts";
import { entriesOf, plainValue, type SourceEntry } from "./source-tree.ts";
import type { Mapping } from "./template.ts";

export function readMapping({ key, value }: SourceEntry, problems: Problem[]): Mapping {
  const mapping = new Map<string, ReadonlyMap<string, Value>>();
  const rows = entriesOf(value, `mapping ${key}`, problems);
  for (const row of rows) {
    const cells = entriesOf(row.value, `${key}.${row.key}`, problems);
    mapping.set(row.key, new Map(cells.map((cell) => [cell.key, plainValue(cell.value) as Value])));
  }
  return mapping;
}

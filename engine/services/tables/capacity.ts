import type { TableRecord } from "./model.ts";
import type { IndexWrites } from "./storage/followers.ts";

export type CapacityDetail = "none" | "total" | "indexes";

/** What one request took of a table's capacity. */
export interface Consumed {
  readonly table: string;
  readonly units: number;
  readonly readUnits?: number;
  readonly writeUnits?: number;
  /** With `indexes` only: the table's own share, and each index's. */
  readonly tableUnits?: number;
  readonly globalIndexes?: Readonly<Record<string, number>>;
  readonly localIndexes?: Readonly<Record<string, number>>;
}

/** 4 KiB to the unit, half of one when a slightly older answer will do. */
export const readUnits = (sizeBytes: number, isConsistent: boolean): number =>
  Math.max(1, Math.ceil(sizeBytes / 4096)) * (isConsistent ? 1 : 0.5);

/** 1 KiB to the unit, counted on the larger of what was and what is. */
export const writeUnits = (oldBytes: number, newBytes: number): number =>
  Math.max(1, Math.ceil(Math.max(oldBytes, newBytes) / 1024));

const sum = (record: Readonly<Record<string, number>>): number =>
  Object.values(record).reduce((total, units) => total + units, 0);

/** Whether a request is told what it took, which is counted on what stood there before too. */
export const isMeasured = (detail: CapacityDetail | undefined): detail is "total" | "indexes" =>
  detail !== undefined && detail !== "none";

/** `kind`: transactions name reads or writes beside the total. */
export function consumed(
  detail: CapacityDetail | undefined,
  table: TableRecord,
  tableUnits: number,
  indexUnits: IndexWrites = {},
  kind?: "read" | "write",
): Consumed | undefined {
  if (!isMeasured(detail)) return undefined;
  const units = tableUnits + sum(indexUnits);
  const split = kind === undefined ? {} : kind === "read" ? { readUnits: units } : { writeUnits: units };
  if (detail === "total") return { table: table.name, units, ...split };
  const partOf = (isLocal: boolean) => {
    const entries = table.indexes
      .filter((index) => index.isLocal === isLocal && indexUnits[index.name] !== undefined)
      .map((index) => [index.name, indexUnits[index.name] ?? 0] as const);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  const [globalIndexes, localIndexes] = [partOf(false), partOf(true)];
  return {
    table: table.name,
    units,
    ...split,
    tableUnits,
    ...(globalIndexes && { globalIndexes }),
    ...(localIndexes && { localIndexes }),
  };
}

const merged = (a: Readonly<Record<string, number>> | undefined, b: Readonly<Record<string, number>> | undefined) => {
  if (!a || !b) return a ?? b;
  const total: Record<string, number> = { ...a };
  for (const [name, units] of Object.entries(b)) total[name] = (total[name] ?? 0) + units;
  return total;
};

/** Several requests' shares of one table as one. */
export function addedUp(parts: readonly Consumed[]): Consumed[] {
  const byTable = new Map<string, Consumed>();
  for (const part of parts) {
    const known = byTable.get(part.table);
    if (!known) {
      byTable.set(part.table, part);
      continue;
    }
    const globalIndexes = merged(known.globalIndexes, part.globalIndexes);
    const localIndexes = merged(known.localIndexes, part.localIndexes);
    byTable.set(part.table, {
      table: part.table,
      units: known.units + part.units,
      ...(known.readUnits !== undefined && { readUnits: known.readUnits + (part.readUnits ?? 0) }),
      ...(known.writeUnits !== undefined && { writeUnits: known.writeUnits + (part.writeUnits ?? 0) }),
      ...(known.tableUnits !== undefined && { tableUnits: known.tableUnits + (part.tableUnits ?? 0) }),
      ...(globalIndexes && { globalIndexes }),
      ...(localIndexes && { localIndexes }),
    });
  }
  return [...byTable.values()];
}

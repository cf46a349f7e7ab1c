/** Upper bounds of the duration histogram, in seconds. */
export const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] as const;

/** What has been answered, by cloud, operation and status. */
export interface TallyRow {
  readonly cloud: string;
  readonly operation: string;
  readonly status: number;
  count: number;
  sumS: number;
  readonly buckets: number[];
}

/** Counts answers cheaply on the request path; `metrics.ts` turns the rows into Prometheus text when asked. */
export interface Tally {
  record(cloud: string, operation: string, status: number, durationMs: number): void;
  rows(): Iterable<TallyRow>;
}

export function createTally(): Tally {
  const rows = new Map<string, TallyRow>();
  return {
    record(cloud, operation, status, durationMs) {
      const key = `${cloud} ${operation} ${status}`;
      let row = rows.get(key);
      if (!row) rows.set(key, (row = { cloud, operation, status, count: 0, sumS: 0, buckets: BUCKETS_S.map(() => 0) }));
      const seconds = durationMs / 1000;
      row.count += 1;
      row.sumS += seconds;
      const bucket = BUCKETS_S.findIndex((bound) => seconds <= bound);
      if (bucket >= 0) row.buckets[bucket] = (row.buckets[bucket] ?? 0) + 1;
    },
    rows: () => rows.values(),
  };
}

import { Counter, Gauge, Registry } from "prom-client";
import { BUCKETS_S, type Tally } from "./tally.ts";

/**
 * The tally as Prometheus text. The counters are filled at the moment of the scrape, so a request pays only for the
 * tally's increments and prom-client is not loaded before somebody asks.
 */
export async function metricsText(tally: Tally, memoryBytes: number): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  const labelNames = ["cloud", "operation", "status"] as const;
  const requests = new Counter({
    name: "cloudstack_requests_total",
    help: "Answered requests.",
    labelNames,
    registers: [registry],
  });
  const seconds = new Counter({
    name: "cloudstack_request_seconds_sum",
    help: "Time spent answering, in seconds.",
    labelNames,
    registers: [registry],
  });
  const buckets = new Counter({
    name: "cloudstack_request_seconds_bucket",
    help: "Requests answered within `le` seconds.",
    labelNames: [...labelNames, "le"],
    registers: [registry],
  });
  for (const row of tally.rows()) {
    const labels = { cloud: row.cloud, operation: row.operation, status: String(row.status) };
    requests.inc(labels, row.count);
    seconds.inc(labels, row.sumS);
    let within = 0;
    BUCKETS_S.forEach((bound, index) => {
      within += row.buckets[index] ?? 0;
      buckets.inc({ ...labels, le: String(bound) }, within);
    });
    buckets.inc({ ...labels, le: "+Inf" }, row.count);
  }
  new Gauge({
    name: "cloudstack_resident_memory_bytes",
    help: "Resident memory of the engine.",
    registers: [registry],
  }).set(memoryBytes);
  return { type: registry.contentType, text: await registry.metrics() };
}

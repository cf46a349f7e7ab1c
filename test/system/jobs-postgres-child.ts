// A second engine process on one PostgreSQL store: runs jobs of type "count", and holds one of type "hold" for ever.
import { createJobRunner } from "../../engine/kernel/job-runner.ts";
import { postgresStore } from "../../engine/kernel/postgres.ts";
import { systemClock } from "../../engine/platform/clock.ts";
import { idsFrom } from "../../engine/platform/ids.ts";
import { systemRandom } from "../../engine/platform/random.ts";
import { countRun } from "../../engine/testing/crash-records.ts";

const [url = "", leaseMs = "1000"] = process.argv.slice(2);
const say = (line: string) => void process.stdout.write(`${line}\n`);
const store = await postgresStore(url);
const runner = createJobRunner({
  store, clock: systemClock(), ids: idsFrom(systemRandom()), leaseMs: Number(leaseMs), concurrency: 4,
  handlers: {
    count: { local: async (tx, job) => { await countRun(tx, job); tx.set(["ran-in", job.id], process.pid); } },
    hold: { external: () => { say("holding"); return new Promise<void>(() => {}); } },
  },
});
runner.start();
say("ready");
// Its alarms keep no process alive; its parent kills it.
setInterval(() => {}, 60_000);

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { manualClock } from "../platform/clock.ts";
import { idsFrom } from "../platform/ids.ts";
import { seededRandom } from "../platform/random.ts";
import { createJobRunner, type JobRunner, type JobRunnerParts } from "./job-runner.ts";
import {
  cancel, type Job, type JobHandler, type JobRequest, listJobs, schedule, scheduleUnlessPresent,
} from "./jobs.ts";
import { memoryStore } from "./memory.ts";
import type { Store, Transaction } from "./store.ts";

const SECOND_MS = 1000;

/** A store, a clock that stands still, and a local handler `note` that counts its runs in the store, by job id. */
function world() {
  const store = memoryStore();
  const clock = manualClock();
  const ids = idsFrom(seededRandom(3));
  const startMs = clock.nowMs();
  const note = async (tx: Transaction, job: Job) => {
    tx.set(["ran", job.id], (await tx.get<number>(["ran", job.id]) ?? 0) + 1);
  };
  const runner = (handlers: Record<string, JobHandler> = {}, parts: Partial<JobRunnerParts> = {}): JobRunner => {
    const runner = createJobRunner({ store, clock, ids, handlers: { note: { local: note }, ...handlers }, ...parts });
    runner.start();
    return runner;
  };
  return {
    store, clock, startMs, runner, note,
    put: (request: Partial<JobRequest>) =>
      store.transact((tx) => schedule(tx, { type: "note", dueAtMs: startMs, ...request })),
    jobs: () => store.read((reader) => listJobs(reader, { limit: 100 })),
    runs: (id: string) => store.read(async (reader) => await reader.get<number>(["ran", id]) ?? 0),
  };
}

/** The store as one engine sees it whose transactions wait for `before`, or fail with it. */
function intercepting(store: Store, before: () => Promise<void>): Store {
  return {
    transact: async (run, options) => {
      await before();
      return store.transact(run, options);
    },
    read: (run, options) => store.read(run, options),
    watch: (range, onChange) => store.watch(range, onChange),
    fork: () => store.fork(),
    isSeenByForks: (range) => store.isSeenByForks(range),
    position: (atLeast) => store.position(atLeast),
    close: () => store.close(),
  };
}

/** A promise and its key. */
function gate() {
  let open = () => {};
  const passed = new Promise<void>((resolve) => { open = resolve; });
  return { open: () => open(), passed };
}

test("a job runs when it falls due, not before, and then is gone", async () => {
  const { put, runner, clock, startMs, runs, jobs } = world();
  const engine = runner();
  await put({ id: "a", dueAtMs: startMs + 30 * SECOND_MS });
  clock.advanceSeconds(29);
  await engine.settled();
  expect(await runs("a")).toBe(0);
  clock.advanceSeconds(1);
  await engine.settled();
  expect(await runs("a")).toBe(1);
  expect(await jobs()).toEqual([]);
});

test("a commit wakes the runner for a job that is due at once", async () => {
  const { put, runner } = world();
  const ran = gate();
  runner({ open: { external: async () => ran.open() } });
  await put({ type: "open" });
  await ran.passed;
});

test("the clock wakes the runner for a job that falls due later", async () => {
  const { put, runner, clock, startMs } = world();
  const ran = gate();
  const engine = runner({ open: { external: async () => ran.open() } });
  await put({ type: "open", dueAtMs: startMs + 10 });
  await engine.settled();
  clock.advanceMs(10);
  await ran.passed;
});

test("jobs run in the order they fall due, those of one moment in the order of their ids", async () => {
  const { put, runner, clock, startMs } = world();
  const order: string[] = [];
  for (const [id, afterMs] of [["late", 20], ["b", 10], ["a", 10], ["early", 5]] as const) {
    await put({ id, type: "log", dueAtMs: startMs + afterMs });
  }
  clock.advanceMs(100);
  const engine = runner({ log: { external: async (job) => void order.push(job.id) } }, { concurrency: 1 });
  await engine.settled();
  expect(order).toEqual(["early", "a", "b", "late"]);
});

test("a handler is given the job as it was scheduled", async () => {
  const { put, runner, startMs } = world();
  const seen: Job[] = [];
  const engine = runner({ log: { external: async (job) => void seen.push(job) } });
  await put({ id: "a", type: "log", payload: { machine: "m-1" } });
  await engine.settled();
  expect(seen).toEqual([{ id: "a", type: "log", dueAtMs: startMs, payload: { machine: "m-1" }, attempt: 1 }]);
});

test("jobs without an id do not replace each other", async () => {
  const { put, runner } = world();
  const seen: string[] = [];
  const engine = runner({ log: { external: async (job) => void seen.push(job.id) } });
  await put({ type: "log" });
  await put({ type: "log" });
  await engine.settled();
  expect(new Set(seen).size).toBe(2);
});

test("scheduling an id again moves its job, cancelling removes it", async () => {
  const { put, store, jobs, startMs } = world();
  await put({ id: "a", dueAtMs: startMs + 10 });
  await put({ id: "a", dueAtMs: startMs + 20 });
  expect(await jobs()).toMatchObject([{ id: "a", nextAtMs: startMs + 20, attempt: 0, isLeased: false }]);
  expect(await store.transact((tx) => cancel(tx, "a"))).toBe(true);
  expect(await store.transact((tx) => cancel(tx, "a"))).toBe(false);
  expect(await jobs()).toEqual([]);
});

test("a job is scheduled only if its transaction commits", async () => {
  const { store, jobs, startMs } = world();
  await expect(store.transact(async (tx) => {
    await schedule(tx, { id: "a", type: "note", dueAtMs: startMs });
    throw new Error("no");
  })).rejects.toThrow("no");
  expect(await jobs()).toEqual([]);
});

test("a local failure undoes the work, is recorded, and is tried again after a growing pause", async () => {
  const { put, runner, clock, startMs, jobs, note, runs } = world();
  let failuresLeft = 2;
  const engine = runner({
    shaky: {
      local: async (tx, job) => {
        await note(tx, job);
        if (failuresLeft-- > 0) throw new RangeError("disk full");
      },
    },
  });
  await put({ id: "a", type: "shaky" });
  await engine.settled();
  expect(await runs("a")).toBe(0);
  expect(await jobs()).toEqual([{
    id: "a", type: "shaky", dueAtMs: startMs, payload: null, attempt: 1, nextAtMs: startMs + 1000,
    isLeased: false, failure: "RangeError: disk full",
  }]);
  clock.advanceSeconds(1);
  await engine.settled();
  expect(await jobs()).toMatchObject([{ attempt: 2, nextAtMs: startMs + 3000 }]);
  clock.advanceSeconds(2);
  await engine.settled();
  expect(await runs("a")).toBe(1);
  expect(await jobs()).toEqual([]);
});

test("an external failure is tried again too", async () => {
  const { put, runner, clock, jobs } = world();
  const attempts: number[] = [];
  const engine = runner({
    call: {
      external: async (job) => {
        attempts.push(job.attempt);
        if (job.attempt < 3) throw new Error("refused");
      },
    },
  });
  await put({ id: "a", type: "call" });
  await engine.settled();
  expect(await jobs()).toMatchObject([{ failure: "Error: refused" }]);
  clock.advanceSeconds(1);
  await engine.settled();
  clock.advanceSeconds(2);
  await engine.settled();
  expect(attempts).toEqual([1, 2, 3]);
  expect(await jobs()).toEqual([]);
});

test("a job that nobody knows how to run says so and waits", async () => {
  const { put, runner, jobs } = world();
  const engine = runner();
  await put({ id: "a", type: "unheard-of" });
  await engine.settled();
  expect(await jobs()).toMatchObject([{ id: "a", failure: 'Error: No handler for jobs of type "unheard-of".' }]);
});

test("a recurring job falls due again; times missed while nothing ran are not made up for", async () => {
  const { put, runner, clock, startMs, runs, jobs } = world();
  await put({ id: "sweep", everyMs: 60_000 });
  const engine = runner();
  await engine.settled();
  expect(await runs("sweep")).toBe(1);
  clock.advanceSeconds(60);
  await engine.settled();
  expect(await runs("sweep")).toBe(2);
  await engine.stop();
  clock.advanceSeconds(3_600 + 30);
  const next = runner();
  await next.settled();
  expect(await runs("sweep")).toBe(3);
  expect(await jobs()).toMatchObject([{ id: "sweep", nextAtMs: startMs + 62 * 60_000, attempt: 0 }]);
});

test("recurring work is set up once, however often engines start", async () => {
  const { store, startMs, jobs } = world();
  for (const dueAtMs of [startMs + 10, startMs + 20]) {
    await store.transact((tx) => scheduleUnlessPresent(tx, { id: "sweep", type: "note", dueAtMs, everyMs: 1000 }));
  }
  expect(await jobs()).toMatchObject([{ id: "sweep", nextAtMs: startMs + 10 }]);
});

test("a handler may end its own recurrence, or schedule its id afresh", async () => {
  const { put, runner, startMs, jobs } = world();
  const engine = runner({
    once: { local: async (tx, job) => void await cancel(tx, job.id) },
    again: { local: (tx, job) => schedule(tx, { id: job.id, type: "note", dueAtMs: startMs + 5000 }) },
  });
  await put({ id: "a", type: "once", everyMs: 1000 });
  await put({ id: "b", type: "again" });
  await engine.settled();
  expect(await jobs()).toMatchObject([{ id: "b", type: "note", nextAtMs: startMs + 5000, attempt: 0 }]);
});

test("two runners share the work and each job runs once", async () => {
  const { put, runner, runs } = world();
  const ids = Array.from({ length: 40 }, (_, i) => `job-${i}`);
  const engines = [runner({}, { concurrency: 3 }), runner({}, { concurrency: 3 })];
  for (const id of ids) await put({ id });
  await Promise.all(engines.map((engine) => engine.settled()));
  await Promise.all(engines.map((engine) => engine.stop()));
  expect(await Promise.all(ids.map(runs))).toEqual(ids.map(() => 1));
});

test("no more jobs run side by side than the runner was told", async () => {
  const { put, runner } = world();
  let running = 0;
  let runningMax = 0;
  const engine = runner({
    slow: {
      external: async () => {
        runningMax = Math.max(runningMax, ++running);
        await new Promise(setImmediate);
        running -= 1;
      },
    },
  }, { concurrency: 2 });
  for (let i = 0; i < 9; i++) await put({ id: `slow-${i}`, type: "slow" });
  await engine.settled();
  expect(runningMax).toBe(2);
});

test("external jobs that are kept waiting do not keep others waiting", async () => {
  const { put, runner, runs } = world();
  const finish = gate();
  const begun: string[] = [];
  const call = { external: (job: Job) => { begun.push(job.id); return finish.passed; } };
  const engine = runner({ call }, { concurrency: 2, externalConcurrency: 4 });
  for (const id of ["a", "b", "c"]) await put({ id, type: "call" });
  await put({ id: "local" });
  while (begun.length < 3 || (await runs("local")) < 1) await new Promise(setImmediate);
  expect(begun).toEqual(["a", "b", "c"]);
  finish.open();
  await engine.stop();
});

test("the lease of a dead runner ends, and another takes its job over", async () => {
  const { put, runner, clock, jobs } = world();
  const attempts: string[] = [];
  const never = new Promise<void>(() => {});
  const started = gate();
  // Its clock stands still: it renews nothing, as a dead process would.
  runner({ call: { external: (job) => { attempts.push(`dead ${job.attempt}`); started.open(); return never; } } },
    { clock: { nowMs: clock.nowMs, wakeAt: () => () => {} }, leaseMs: 10_000 });
  await put({ id: "a", type: "call" });
  await started.passed;
  const heir = runner({ call: { external: async (job) => void attempts.push(`heir ${job.attempt}`) } });
  clock.advanceMs(9_999);
  await heir.settled();
  expect(attempts).toEqual(["dead 1"]);
  expect(await jobs()).toMatchObject([{ id: "a", isLeased: true }]);
  clock.advanceMs(1);
  await heir.settled();
  expect(attempts).toEqual(["dead 1", "heir 2"]);
  expect(await jobs()).toEqual([]);
});

test("a runner that lost its lease commits no local effect", async () => {
  const { put, store, runner, clock, runs, note } = world();
  const held = gate();
  const reached = gate();
  // The claim goes through, the work itself is held up before it begins.
  let calls = 0;
  const heldUp = intercepting(store, async () => {
    if (++calls === 1) return;
    reached.open();
    await held.passed;
  });
  await put({ id: "a", type: "slow" });
  const stale = runner({ slow: { local: note } }, { store: heldUp, leaseMs: 10_000, concurrency: 1 });
  await reached.passed;
  clock.advanceMs(10_000);
  const heir = runner({ slow: { local: note } });
  await heir.settled();
  expect(await runs("a")).toBe(1);
  held.open();
  await stale.stop();
  expect(await runs("a")).toBe(1);
});

test("external work that outlasts its lease keeps it while its runner lives", async () => {
  const { put, runner, clock, jobs } = world();
  const finish = gate();
  const started = gate();
  let runCount = 0;
  const call: JobHandler = { external: () => { runCount += 1; started.open(); return finish.passed; } };
  const owner = runner({ call }, { leaseMs: 10_000 });
  await put({ id: "a", type: "call" });
  await started.passed;
  const other = runner({ call }, { leaseMs: 10_000 });
  for (let i = 0; i < 10; i++) {
    const before = (await jobs())[0]?.nextAtMs;
    clock.advanceMs(5_000);
    await expect.poll(async () => (await jobs())[0]?.nextAtMs).not.toBe(before);
    await other.settled();
  }
  expect(runCount).toBe(1);
  finish.open();
  await owner.settled();
  expect(await jobs()).toEqual([]);
});

test("stop waits for what is running and begins nothing more", async () => {
  const { put, runner, jobs } = world();
  const finish = gate();
  const started = gate();
  const engine = runner({ call: { external: () => { started.open(); return finish.passed; } } }, { concurrency: 1 });
  await put({ id: "a", type: "call" });
  await put({ id: "b", type: "call" });
  await started.passed;
  let isStopped = false;
  const stopping = engine.stop().then(() => { isStopped = true; });
  await new Promise(setImmediate);
  expect(isStopped).toBe(false);
  finish.open();
  await stopping;
  expect((await jobs()).map(({ id }) => id)).toEqual(["b"]);
});

test("a store that fails is reported and tried again", async () => {
  const { put, store, clock, runner, runs } = world();
  const faults: unknown[] = [];
  const down = new Error("connection lost");
  let isDown = true;
  const shaky = intercepting(store, async () => {
    if (isDown) throw down;
  });
  await put({ id: "a" });
  const engine = runner({}, { store: shaky, onFault: (error) => faults.push(error) });
  await expect.poll(() => faults).toEqual([down]);
  isDown = false;
  clock.advanceSeconds(1);
  await engine.settled();
  expect(await runs("a")).toBe(1);
});

test("whatever is scheduled, moved, cancelled and crashed, each job that is left runs exactly once", async () => {
  const id = fc.integer({ min: 0, max: 5 }).map((n) => `job-${n}`);
  const step = fc.oneof(
    fc.record({ do: fc.constant("schedule" as const), id, afterMs: fc.integer({ min: 0, max: 30_000 }) }),
    fc.record({ do: fc.constant("cancel" as const), id }),
    fc.record({ do: fc.constant("advance" as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ do: fc.constant("crash" as const) }),
    fc.record({ do: fc.constant("settle" as const) }),
  );
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    const { store, clock, runner, note } = world();
    let crashed = { isCrashed: false };
    const engineOf = () => {
      const life = crashed = { isCrashed: false };
      const mortal = intercepting(store, async () => {
        if (life.isCrashed) await new Promise<never>(() => {});
      });
      return runner({ count: { local: note } }, { store: mortal, leaseMs: 5_000, concurrency: 2 });
    };
    let engine = engineOf();
    let serial = 0;
    /** What each job should come to: the generation that is live, by id. */
    const live = new Map<string, string>();
    const expected = new Map<string, number>();
    const dueBefore = async () => store.read((reader) => listJobs(reader, { limit: 100 }));
    for (const s of steps) {
      if (s.do === "schedule") {
        const job = `${s.id}/${serial++}`;
        const before = live.get(s.id);
        await store.transact(async (tx) => {
          if (before !== undefined && await cancel(tx, before)) expected.set(before, 0);
          else if (before !== undefined) expected.set(before, 1);
          await schedule(tx, { id: job, type: "count", dueAtMs: clock.nowMs() + s.afterMs });
        });
        live.set(s.id, job);
        expected.set(job, 1);
      } else if (s.do === "cancel") {
        const job = live.get(s.id);
        if (job !== undefined && await store.transact((tx) => cancel(tx, job))) expected.set(job, 0);
        live.delete(s.id);
      } else if (s.do === "advance") clock.advanceMs(s.ms);
      else if (s.do === "settle") await engine.settled();
      else {
        crashed.isCrashed = true;
        engine = engineOf();
      }
    }
    while ((await dueBefore()).length > 0) {
      clock.advanceMs(5_000);
      await engine.settled();
    }
    for (const [job, times] of expected) {
      expect([job, await store.read((reader) => reader.get(["ran", job])) ?? 0]).toEqual([job, times]);
    }
  }), { numRuns: 60, seed: 1 });
});

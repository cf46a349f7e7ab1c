// `npx tsx test/bench/forks.ts`: what it takes to make a fork, to write to it first, to compare it and to drop it, on
// stores of 10 MB and of 1 GB with the same resources in them. Times in milliseconds, each the least of ROUNDS.
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEngine } from "../../engine/compose.ts";
import { COMMANDS } from "../../engine/gateway/commands.ts";
import type { Engine } from "../../engine/gateway/engine.ts";
import { DEFAULT_SCOPE } from "../../engine/services/context.ts";
import { objects } from "../../engine/services/objects/service.ts";
import { queues } from "../../engine/services/queues/service.ts";
import { writeSection } from "./results.ts";

const SIZES_MB = (process.env["SIZES_MB"] ?? "10,1000").split(",").map(Number);
const ROUNDS = Number(process.env["ROUNDS"] ?? 15);
const OBJECT_BYTES = 16 * 1024;
const RESOURCES = 50;
const CLIENTS = 64;
const OVERWRITTEN = 500;
const PHASES = ["fork", "first write", "diff", "drop"] as const;

type Times = Record<(typeof PHASES)[number], number>;
interface Figures extends Times {
  readonly storeBytes: number;
  readonly forkBytes: number;
  readonly writtenBytes: number;
  /** A write to the base, in microseconds of CPU: without a fork, the first of a key with one, and the next. */
  readonly alone: number;
  readonly kept: number;
  readonly again: number;
}

const opened = (dataDirectory: string, durability: "full" | "relaxed") =>
  openEngine({ dataDirectory, store: "sqlite", durability, logLevel: "error" });
const bytesIn = (folder: string): number =>
  !existsSync(folder) ? 0 : readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .reduce((sum, each) => sum + statSync(join(each.parentPath, each.name)).size, 0);

const put = (engine: Engine, at: number) => {
  const body = Buffer.alloc(OBJECT_BYTES, `object ${at}`);
  const object = { bucket: `bench-${at % RESOURCES}`, key: `object-${at}` };
  return engine.calls.call(objects, "putObject", object, { ...DEFAULT_SCOPE, body });
};
const makeQueue = (engine: Engine, queue: string) =>
  engine.calls.call(queues, "createQueue", { queue }, DEFAULT_SCOPE);

async function fill(folder: string, sizeMb: number): Promise<void> {
  const engine = await opened(folder, "relaxed");
  for (let at = 0; at < RESOURCES; at++) {
    await engine.calls.call(objects, "createBucket", { bucket: `bench-${at}` }, DEFAULT_SCOPE);
    await makeQueue(engine, `bench-${at}`);
  }
  const count = Math.ceil((sizeMb * 1_000_000) / OBJECT_BYTES);
  let next = 0;
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    while (next < count) await put(engine, next++);
  }));
  await engine.close();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** Microseconds of CPU of a write to the base, the least of some rounds over the same objects. */
async function writeUs(engine: Engine, rounds: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let at = 0; at < OVERWRITTEN; at++) await put(engine, at);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / OVERWRITTEN);
  }
  return least;
}

async function measure(sizeMb: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-forks-"));
  await fill(folder, sizeMb);
  const storeBytes = statSync(join(folder, "store.sqlite")).size;
  const engine = await opened(folder, "full");
  const forks = join(folder, "forks");
  const rounds: Times[] = [];
  let [forkBytes, writtenBytes] = [0, 0];
  for (let round = 0; round < ROUNDS; round++) {
    const name = `fork-${round}`;
    const fork = await timed(() => engine.forks.create(name, { of: "main" }));
    forkBytes = bytesIn(forks);
    const first = await timed(async () => makeQueue(await engine.forks.engineOf(name), "of-the-fork"));
    writtenBytes = bytesIn(forks);
    const diff = await timed(() => COMMANDS.forkDiff(engine, DEFAULT_SCOPE, { name }));
    const drop = await timed(() => engine.forks.drop(name));
    rounds.push({ fork, "first write": first, diff, drop });
  }
  const alone = await writeUs(engine, 5);
  await engine.forks.create("standing", { of: "main" });
  const [kept, again] = [await writeUs(engine, 1), await writeUs(engine, 5)];
  await engine.close();
  rmSync(folder, { recursive: true });
  const least = (phase: (typeof PHASES)[number]) => Math.min(...rounds.map((each) => each[phase]));
  const times = Object.fromEntries(PHASES.map((phase) => [phase, least(phase)])) as Times;
  return { ...times, storeBytes, forkBytes, writtenBytes, alone, kept, again };
}

const figures: Figures[] = [];
for (const sizeMb of SIZES_MB) figures.push(await measure(sizeMb));
const row = (name: string, of: (each: Figures) => number, digits: number) => {
  const values = figures.map(of);
  const growth = (values.at(-1) ?? 0) / (values[0] || 1);
  return `| ${[name, ...values.map((value) => value.toFixed(digits)), growth.toFixed(2)].join(" | ")} |`;
};
writeSection("Forks", [
  "Made by `npx tsx test/bench/forks.ts`: an engine on a store of each size, durability full, with the same "
  + `${2 * RESOURCES} resources`,
  `in it and objects of ${OBJECT_BYTES / 1024} KiB; ${ROUNDS} forks one after the other, the least time of each (Node `
  + `${process.version}).`,
  "The first write opens the fork; the diff lists the resources of one account and region as they were and as they "
  + "are.",
  "",
  `| | ${figures.map(({ storeBytes }) => `${Math.round(storeBytes / 1e6)} MB`).join(" | ")} | growth |`,
  `| --- |${" --- |".repeat(figures.length + 1)}`,
  ...PHASES.map((phase) => row(`${phase}, ms`, (each) => each[phase], 1)),
  row("disk of a new fork, KB", (each) => each.forkBytes / 1000, 1),
  row("disk after its first write, KB", (each) => each.writtenBytes / 1000, 0),
  row("PutObject on the base without forks, CPU us", (each) => each.alone, 0),
  row("with one, the first of a key, CPU us", (each) => each.kept, 0),
  row("with one, the next of that key, CPU us", (each) => each.again, 0),
].join("\n"));

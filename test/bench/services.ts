// `npx tsx test/bench/services.ts`: operations of S3, DynamoDB, SQS and SNS with a thousand and with a million records
// of everything, as ratios to a bare node:http server in the same run; bodies of 10 MiB against a copy of files.
// `FILLED=FOLDER` keeps the filled stores for the next run, `ONLY=PutItem,Query` measures some rows and writes nothing.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cpuUs, load, median, startEngine, startServer, type Figure, type Running } from "./processes.ts";
import { writeSection } from "./results.ts";

const FEW = 1000;
const MANY = 1_000_000;
const SECONDS = Number(process.env["SECONDS"] ?? 3);
const ROUNDS = Number(process.env["ROUNDS"] ?? 3);
const CONNECTIONS = 32;
const BODY_CONNECTIONS = 4;
const BODY_MB = 10.485_76;
const QUEUE_URL = "http://localhost/000000000000/bench-queue";

const OPERATIONS = [
  "PutObject",
  "GetObject",
  "ListObjectsV2",
  "PutItem",
  "PutItemIndexed",
  "GetItem",
  "Query",
  "TransactWriteItems",
  "SendMessage",
  "SendReceiveDelete",
  "Publish",
] as const;
const BODY_OPERATIONS = ["PutObject10MiB", "GetObject10MiB"] as const;

const only = process.env["ONLY"]?.split(",");
const isWanted = (operation: string) => only?.includes(operation) ?? true;
const kept = process.env["FILLED"];
const folder = kept ?? mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));

function filled(records: number): string {
  const path = join(folder, `${records}-records`);
  if (existsSync(path)) return path;
  const args = ["--import", "tsx", join(import.meta.dirname, "fill.ts"), `${path}-half`, `${records}`];
  execFileSync(process.execPath, args, { stdio: "inherit" });
  // Only what is whole has the name that the next run looks for.
  renameSync(`${path}-half`, path);
  return path;
}

interface Measured extends Figure {
  /** Of the server, for each request. */
  readonly cpuUs: number;
}

/** What servers make of the same load in turn, so that the machine's moods strike all of them. */
function inTurn<Name extends string>(
  operation: string,
  connections: number,
  servers: Readonly<Record<Name, Running & { readonly records?: number }>>,
): Record<Name, Measured>[] {
  let seed = 0;
  const measured = (seconds: number) => {
    const figures = {} as Record<Name, Measured>;
    for (const name in servers) {
      const { endpoint, pid, records = FEW } = servers[name];
      seed += 1;
      const settings = { QUEUE_URL, RECORDS: `${records}`, SEED: `${process.pid}${seed}` };
      const before = cpuUs(pid);
      const figure = load(endpoint, { operation, connections, seconds, settings });
      figures[name] = { ...figure, cpuUs: (cpuUs(pid) - before) / figure.requests };
    }
    return figures;
  };
  measured(1);
  return Array.from({ length: ROUNDS }, () => measured(SECONDS));
}

const rows: string[] = [];
const bodyRows: string[] = [];
const print = (list: string[], ...cells: readonly (string | number)[]) => {
  list.push(`| ${cells.join(" | ")} |`);
  console.log(list.at(-1));
};

/** Has the machine hold a store's file, so that nobody measures how fast it reads its disk for the first time. */
async function warm(path: string): Promise<string> {
  // oxlint-disable-next-line no-unused-vars -- reading is all there is to do
  for await (const _ of createReadStream(join(path, "store.sqlite"), { highWaterMark: 2 ** 22 }));
  return path;
}

const bare = await startServer("bare-server.mjs");
const few = await startEngine(await warm(filled(FEW)));
const many = await startEngine(await warm(filled(MANY)));
for (const operation of OPERATIONS.filter(isWanted)) {
  const rounds = inTurn(operation, CONNECTIONS, {
    bare,
    few,
    many: { ...many, records: MANY },
  });
  const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure));
  print(
    rows,
    operation,
    Number(of((round) => round.few.perSecond / round.bare.perSecond).toPrecision(2)),
    Number(of((round) => round.many.perSecond / round.bare.perSecond).toPrecision(2)),
    of((round) => round.few.perSecond / round.many.perSecond).toFixed(2),
    Math.round(of((round) => round.many.perSecond)),
    of((round) => round.many.p50Us),
    of((round) => round.many.p99Us),
    Math.round(of((round) => round.few.cpuUs)),
    Math.round(of((round) => round.many.cpuUs)),
    rounds.reduce((sum, round) => sum + round.few.failed + round.many.failed, 0),
  );
}
await bare.stop();
await many.stop();

await few.stop();

const bodies = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
const copy = await startServer("copy-server.mjs", bodies);
const engine = await startEngine(bodies);
await fetch(`${engine.endpoint}/bench-bucket`, { method: "PUT" });
for (const operation of BODY_OPERATIONS.filter(isWanted)) {
  const rounds = inTurn(operation, BODY_CONNECTIONS, { copy, engine });
  const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure));
  print(
    bodyRows,
    operation,
    of((round) => round.engine.perSecond / round.copy.perSecond).toFixed(2),
    Math.round(of((round) => round.engine.perSecond * BODY_MB)),
    Math.round(of((round) => round.copy.perSecond * BODY_MB)),
    of((round) => round.engine.p50Us / 1000).toFixed(1),
    of((round) => round.engine.cpuUs / 1000).toFixed(1),
    of((round) => round.copy.cpuUs / 1000).toFixed(1),
    rounds.reduce((sum, round) => sum + round.engine.failed, 0),
  );
}
await copy.stop();
await engine.stop();
rmSync(bodies, { recursive: true });
if (kept === undefined) rmSync(folder, { recursive: true });

const text = `Made by \`npm run build && npx tsx test/bench/services.ts\`
(wrk, ${SECONDS} s, median of ${ROUNDS} rounds; store sqlite, durability full; Node ${process.version}).
One engine holds ${FEW} objects of 1 KiB, items in each of two tables, and messages; another ${MANY}. Keys are
random among them. The ratios are to a bare \`node:http\` server that answers \`{}\` to the same requests over
${CONNECTIONS} connections, measured in turn with the engines; growth is how many times longer a request takes with
${MANY} records than with ${FEW}. \`ListObjectsV2\` lists 1,000 keys, \`Query\` 100 items; \`PutItemIndexed\` moves
an entry of an index; \`TransactWriteItems\` puts 10 items; \`SendReceiveDelete\` is a third of each; \`Publish\`
reaches 10 queues.

| operation | ratio, ${FEW} | ${MANY} | growth | requests/s | p50 us | p99 us | CPU us, ${FEW} | ${MANY} | failed |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Bodies of 10 MiB over ${BODY_CONNECTIONS} connections, against a \`node:http\` server that copies them into files, which
the disk has before it answers, and out of them.

| operation | ratio to copy | MB/s | copy MB/s | p50 ms | CPU ms | copy CPU ms | failed |
| --- | --- | --- | --- | --- | --- | --- | --- |
${bodyRows.join("\n")}`;
if (only === undefined) writeSection("Services", text);

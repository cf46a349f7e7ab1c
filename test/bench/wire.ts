// `npm run bench`: six AWS operations over 32 connections, as ratios to a bare node:http server in the same run;
// start time and memory.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { writeSection } from "./results.ts";

const OPERATIONS = ["GetCallerIdentity", "PutObject", "GetObject", "PutItem", "GetItem", "SendMessage"] as const;
const CONNECTIONS = 32;
const SECONDS = Number(process.env.SECONDS ?? 5);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const STARTS = 7;
const here = import.meta.dirname;
const program = resolve(here, "../../engine/dist/cloudstack.js");

interface Figure {
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly failed: number;
}

function load(endpoint: string, operation: string, queueUrl: string): Figure {
  const { stdout } = spawnSync(
    "wrk",
    ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, "-s", join(here, "operations.lua"), endpoint],
    {
      encoding: "utf8",
      env: { ...process.env, OP: operation, QUEUE_URL: queueUrl },
    },
  );
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk printed no result: ${stdout}`);
  return JSON.parse(line) as Figure;
}

async function firstLine(child: ChildProcess): Promise<string> {
  child.stdout?.setEncoding("utf8");
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [string];
  return text.trim();
}

const startEngine = (folder: string) =>
  spawn(process.execPath, [program, "start", "--port", "0", "--data-dir", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
const endpointOf = (banner: string) => `http:${/http\+https:(\/\/\S+)/.exec(banner)?.[1] ?? ""}`;

async function prepare(endpoint: string): Promise<string> {
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const dynamodb = new DynamoDBClient(options);
  await s3.send(new CreateBucketCommand({ Bucket: "bench-bucket" }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "bench-table",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    }),
  );
  for (let i = 0; i < 1000; i++) {
    await s3.send(new PutObjectCommand({ Bucket: "bench-bucket", Key: `key${i}`, Body: "x".repeat(1024) }));
    await dynamodb.send(
      new PutItemCommand({
        TableName: "bench-table",
        Item: { id: { S: `k${i}` }, v: { S: "y".repeat(256) }, n: { N: "42" } },
      }),
    );
  }
  const { QueueUrl = "" } = await new SQSClient(options).send(new CreateQueueCommand({ QueueName: "bench-queue" }));
  return QueueUrl;
}

/** From the start of the process to its first answer, in milliseconds, and its resident memory then, in MB. */
async function startOnce(): Promise<{ readonly ms: number; readonly mb: number }> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  const began = performance.now();
  const child = startEngine(folder);
  const endpoint = endpointOf(await firstLine(child));
  await fetch(endpoint, {
    method: "POST",
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const ms = performance.now() - began;
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
  child.kill("SIGTERM");
  await once(child, "close");
  rmSync(folder, { recursive: true });
  return { ms, mb };
}

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function measure(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  const bare = spawn(process.execPath, [join(here, "bare-server.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  const bareEndpoint = `http://127.0.0.1:${await firstLine(bare)}`;
  const engine = startEngine(folder);
  const endpoint = endpointOf(await firstLine(engine));
  const queueUrl = await prepare(endpoint);
  const rows: string[] = [];
  for (const operation of OPERATIONS) {
    // The compilers of both warm up; then the two in turn, so that the machine's moods strike both.
    load(endpoint, operation, queueUrl);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      bare: load(bareEndpoint, operation, queueUrl),
      engine: load(endpoint, operation, queueUrl),
    }));
    const failed = rounds.reduce((sum, round) => sum + round.engine.failed, 0);
    const ratio = median(rounds.map((round) => round.engine.perSecond / round.bare.perSecond));
    const rate = median(rounds.map((round) => round.engine.perSecond));
    const [p50, p99] = [
      median(rounds.map((round) => round.engine.p50Us)),
      median(rounds.map((round) => round.engine.p99Us)),
    ];
    rows.push(`| ${operation} | ${ratio.toFixed(2)} | ${rate} | ${p50} | ${p99} | ${failed} |`);
    console.log(rows.at(-1));
  }
  engine.kill("SIGTERM");
  bare.kill();
  await once(engine, "close");
  rmSync(folder, { recursive: true });
  return rows;
}

const rows = await measure();
const starts = [];
for (let i = 0; i < STARTS; i++) starts.push(await startOnce());
const startMs = median(starts.map((start) => start.ms));
const idleMb = median(starts.map((start) => start.mb));
writeSection(
  "Requests",
  `Made by \`npm run bench\` (wrk, ${CONNECTIONS} connections, ${SECONDS} s, median of ${ROUNDS} rounds;
store sqlite, durability full; Node ${process.version}).
The ratio is to a bare \`node:http\` server that answers \`{}\` to the same requests, measured in turn with the engine.

| operation | ratio to bare | requests/s | p50 us | p99 us | failed |
| --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Start to the first answered request: ${Math.round(startMs)} ms (median of ${STARTS}).
Resident memory then: ${Math.round(idleMb)} MB.`,
);
console.log(`start ${Math.round(startMs)} ms, idle ${Math.round(idleMb)} MB`);

// `npm run bench`: six AWS operations over 32 connections, as ratios to a bare node:http server in the same run;
// start time and memory.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { load, median, startEngine, startServer } from "./processes.ts";
import { writeSection } from "./results.ts";

const OPERATIONS = ["GetCallerIdentity", "PutObject", "GetObject", "PutItem", "GetItem", "SendMessage"] as const;
const CONNECTIONS = 32;
const SECONDS = Number(process.env.SECONDS ?? 5);
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const STARTS = 7;

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
  const engine = await startEngine(folder);
  await fetch(engine.endpoint, {
    method: "POST",
    body: "Action=GetCallerIdentity&Version=2011-06-15",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  const ms = performance.now() - began;
  const mb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${engine.pid}/status`, "utf8"))?.[1]) / 1024;
  await engine.stop();
  rmSync(folder, { recursive: true });
  return { ms, mb };
}

async function measure(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-bench-"));
  const bare = await startServer("bare-server.mjs");
  const least = await startServer("least-server.mjs");
  const engine = await startEngine(folder);
  const settings = { QUEUE_URL: await prepare(engine.endpoint) };
  const rows: string[] = [];
  for (const operation of OPERATIONS) {
    // The compilers warm up; then all in turn, so that the machine's moods strike each of them.
    const wanted = { operation, connections: CONNECTIONS, seconds: SECONDS, settings };
    for (const { endpoint } of [least, engine]) load(endpoint, wanted);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      bare: load(bare.endpoint, wanted),
      least: load(least.endpoint, wanted),
      engine: load(engine.endpoint, wanted),
    }));
    const failed = rounds.reduce((sum, round) => sum + round.engine.failed, 0);
    const ratioOf = (name: "engine" | "least") =>
      median(rounds.map((round) => round[name].perSecond / round.bare.perSecond)).toFixed(2);
    const rate = Math.round(median(rounds.map((round) => round.engine.perSecond)));
    const [p50, p99] = [
      median(rounds.map((round) => round.engine.p50Us)),
      median(rounds.map((round) => round.engine.p99Us)),
    ];
    rows.push(`| ${operation} | ${ratioOf("engine")} | ${ratioOf("least")} | ${rate} | ${p50} | ${p99} | ${failed} |`);
    console.log(rows.at(-1));
  }
  await engine.stop();
  await least.stop();
  await bare.stop();
  rmSync(folder, { recursive: true });
  return rows;
}

const rows = await measure();
const starts = [];
for (let i = 0; i < STARTS; i++) starts.push(await startOnce());
const startMs = median(starts.map((start) => start.ms));
const idleMb = median(starts.map((start) => start.mb));
writeSection(
  `Requests, Node ${process.versions.node.split(".")[0]}`,
  `Made by \`npm run bench\` (wrk, ${CONNECTIONS} connections, ${SECONDS} s, median of ${ROUNDS} rounds;
store sqlite, durability full; Node ${process.version}).
The ratio is to a bare \`node:http\` server that answers \`{}\` to the same requests, measured in turn with the engine;
beside it that of \`least-server.mjs\`, the least that a durable server can do: it checks and isolates nothing.

| operation | ratio to bare | of the least server | requests/s | p50 us | p99 us | failed |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join("\n")}

Start to the first answered request: ${Math.round(startMs)} ms (median of ${STARTS}).
Resident memory then: ${Math.round(idleMb)} MB.`,
);
console.log(`start ${Math.round(startMs)} ms, idle ${Math.round(idleMb)} MB`);

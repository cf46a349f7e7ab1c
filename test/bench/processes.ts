import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
/** `DIST` names another build than the one in `engine/dist`. */
const program = resolve(here, "../../engine", process.env["DIST"] ?? "dist", "cloudstack.js");
/** `PROFILE`: a folder for a V8 profile of every engine. */
const flags = process.env["PROFILE"] === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${process.env["PROFILE"]}`];

export interface Running {
  readonly endpoint: string;
  readonly pid: number;
  stop(): Promise<void>;
}

async function running(child: ChildProcess, endpointOf: (line: string) => string): Promise<Running> {
  child.stdout?.setEncoding("utf8");
  const [text] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [string];
  return {
    endpoint: endpointOf(text.trim()),
    pid: child.pid as number,
    async stop() {
      child.kill("SIGTERM");
      await once(child, "close");
    },
  };
}

/** The built engine on a folder, durability full. */
export function startEngine(folder: string): Promise<Running> {
  const child = spawn(process.execPath, [...flags, program, "start", "--port", "0", "--data-dir", folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return running(child, (banner) => `http:${/http\+https:(\/\/\S+)/.exec(banner)?.[1] ?? ""}`);
}

/** A server that the engine is compared with: `script` prints its port. */
export function startServer(script: string, ...args: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [join(here, script), ...args], { stdio: ["ignore", "pipe", "inherit"] });
  return running(child, (port) => `http://127.0.0.1:${port}`);
}

/** `getconf CLK_TCK` of every Linux there is. */
const TICK_US = 10_000;

/** CPU that all of a process's threads have used, in microseconds. */
export function cpuUs(pid: number): number {
  // The name in brackets, which comes second, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
}

export interface Load {
  /** One of `operations.lua`. */
  readonly operation: string;
  readonly connections: number;
  readonly seconds: number;
  /** What else the script reads from its environment. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Figure {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly failed: number;
}

/** Puts a load on a server and waits until it is over. */
export function load(endpoint: string, { operation, connections, seconds, settings }: Load): Figure {
  const { stdout } = spawnSync(
    "wrk",
    ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", join(here, "operations.lua"), endpoint],
    { encoding: "utf8", env: { ...process.env, OP: operation, ...settings } },
  );
  const line = /RESULT (.*)/.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`wrk printed no result: ${stdout}`);
  return JSON.parse(line) as Figure;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

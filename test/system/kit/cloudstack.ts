import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../../..");
/** Another build than the usual one can be named. */
export const PROGRAM = process.env.CLOUDSTACKS_PROGRAM ?? join(ROOT, "engine/dist/cloudstack.js");

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A new empty folder, and how to remove it. */
export function emptyFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "cloudstacks-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What CI tells of the run that the tests are a part of. The program takes it for what its own run is about. */
const TOLD_BY_CI = /^(CI|GITHUB|GITLAB)(_|$)/;

/** The variables of the tests' process that a program under test is given. */
export function inheritedVariables(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _color, CLOUDSTACKS_ENDPOINT: _endpoint, ...inherited } = process.env;
  return Object.fromEntries(Object.entries(inherited).filter(([name]) => !TOLD_BY_CI.test(name)));
}

function launch(args: readonly string[], cwd: string, environment: Record<string, string> = {}): ChildProcess {
  if (!existsSync(PROGRAM)) throw new Error("The program is not built: npm run build");
  return spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { ...inheritedVariables(), NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Runs the built program as a user does, and gives its exit code and what it printed. */
export function cloudstack(
  args: readonly string[],
  cwd: string,
  environment?: Record<string, string>,
): Promise<Finished> {
  return collect(launch(args, cwd, environment));
}

/** Runs the program and kills it, beyond all clean-up, as soon as it has printed `text`. */
export async function killedAfter(text: string, args: readonly string[], cwd: string): Promise<void> {
  const child = launch(args, cwd);
  let out = "";
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    out += more;
    if (out.includes(text)) child.kill("SIGKILL");
  });
  const { code } = await collect(child);
  if (code !== null) throw new Error(`It ended with ${code} before it could be killed: ${out}`);
}

/**
 * Runs the program and sends it Ctrl-C as soon as it has printed `text`, and once more, when that is wanted, as soon as
 * it has said that it was interrupted.
 */
export function interruptedAfter(
  text: string,
  times: 1 | 2,
  args: readonly string[],
  cwd: string,
): Promise<Finished> {
  const child = launch(args, cwd);
  let out = "";
  let sent = 0;
  child.stdout?.setEncoding("utf8").on("data", (more: string) => {
    out += more;
    if (sent === 0 && out.includes(text)) {
      sent = 1;
      child.kill("SIGINT");
    }
  });
  child.stderr?.setEncoding("utf8").on("data", (more: string) => {
    if (sent < times && more.includes("interrupted:")) {
      sent += 1;
      child.kill("SIGINT");
    }
  });
  return collect(child);
}

export interface Begun {
  readonly ended: Promise<Finished>;
  printed(): string;
  /** Sends it Ctrl-C. */
  interrupt(): void;
}

/** Begins to run the program, and leaves it running. */
export function begin(args: readonly string[], cwd: string, environment?: Record<string, string>): Begun {
  const child = launch(args, cwd, environment);
  let out = "";
  child.stdout?.setEncoding("utf8").on("data", (more: string) => (out += more));
  return { ended: collect(child), printed: () => out, interrupt: () => void child.kill("SIGINT") };
}

export function collect(child: ChildProcess): Promise<Finished> {
  let out = "";
  let err = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (err += text));
  return new Promise((resolved, rejected) => {
    child.once("error", rejected);
    child.once("close", (code) => resolved({ code, out, err }));
  });
}

export interface RunningServer {
  readonly endpoint: string;
  readonly pid: number;
  /** What it printed when it was ready. */
  readonly banner: string;
  /** Ends it with a signal and gives its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** `cloudstack start` on a free port; resolves when it is ready. */
export async function startServer(
  cwd: string,
  args: readonly string[] = [],
  environment?: Record<string, string>,
): Promise<RunningServer> {
  const child = launch(["start", "--port", "0", ...args], cwd, environment);
  let printed = "";
  let problems = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (problems += text));
  const closed = new Promise<number | null>((resolved) => child.once("close", resolved));
  const endpoint = await new Promise<string>((resolved, rejected) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const found = /http\+https:(\/\/\S+)/.exec(printed);
      if (found && printed.includes("cloudstack env")) resolved(`http:${found[1]}`);
    });
    void closed.then((code) => rejected(new Error(`cloudstack start ended with ${code}: ${problems}`)));
  });
  return {
    endpoint,
    pid: child.pid ?? 0,
    banner: printed,
    end(signal) {
      child.kill(signal);
      return closed;
    },
  };
}

import { spawn } from "node:child_process";
import { accessSync, constants as files, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where a program stands, by the search path. */
export function findProgram(name: string, environment: Environment): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`, name] : [name];
  const folders = (environment["PATH"] ?? environment["Path"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((each) => join(folder, each))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, files.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const INTERRUPTS = ["SIGINT", "SIGQUIT"] as const;
const ENDS = ["SIGTERM", "SIGHUP"] as const;
const SIGNAL_EXIT = 128;

/** What is done about a signal that the program has got by itself. */
const goOn = () => undefined;

/**
 * Runs a program on this process's own standard streams and gives its exit code: 128 and the signal's number when a
 * signal ended it, as shells have it. Signals go to the program, which decides what they mean.
 */
export function runTool(program: string, args: readonly string[], environment: Environment): Promise<number> {
  const child = spawn(program, args, { stdio: "inherit", env: environment });
  // A terminal sends Ctrl-C to both; twice means "at once" to Terraform, so it is not handed on then.
  const isOfTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  const handOn = (signal: NodeJS.Signals) => void child.kill(signal);
  const handlers = [
    ...INTERRUPTS.map((signal) => [signal, isOfTerminal ? goOn : handOn] as const),
    ...ENDS.map((signal) => [signal, handOn] as const),
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? SIGNAL_EXIT + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
  });
}

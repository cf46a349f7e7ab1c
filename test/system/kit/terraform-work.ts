import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { collect, emptyFolder, type Finished } from "./cloudstack.ts";

export interface TerraformWork {
  readonly path: string;
  write(file: string, text: string): void;
  /** Runs a command, which must succeed, and gives what it printed. */
  run(...args: readonly string[]): Promise<string>;
  /** Runs a command and gives its exit code and what it printed. */
  tell(...args: readonly string[]): Promise<Finished>;
  /** Begins a command that asks, and resolves when it does. Its answer is written to its standard input. */
  ask(...args: readonly string[]): Promise<{ readonly child: ChildProcess; readonly ended: Promise<Finished> }>;
  remove(): void;
}

/** A folder for Terraform that needs no provider but the one within it. `command` is what runs Terraform. */
export function terraformWork(
  environment: Readonly<Record<string, string>>,
  command: readonly [string, ...string[]] = ["terraform"],
): TerraformWork {
  const { path, remove } = emptyFolder();
  const { AWS_CA_BUNDLE: _bundle, CLOUDSTACKS_ENDPOINT: _endpoint, ...inherited } = process.env;
  const [program, ...before] = command;
  const env = { ...inherited, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "", ...environment };
  const launch = (args: readonly string[]) => {
    const child = spawn(program, [...before, ...args], { cwd: path, env });
    return { child, ended: collect(child) };
  };
  const tell = (...args: readonly string[]) => {
    const { child, ended } = launch(args);
    child.stdin.end();
    return ended;
  };
  return {
    path,
    write(file, text) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), text);
    },
    tell,
    async run(...args) {
      const { code, out, err } = await tell(...args);
      if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${out}${err}`);
      return out;
    },
    async ask(...args) {
      const { child, ended } = launch(args);
      await new Promise<void>((resolve, reject) => {
        let printed = "";
        child.stdout.on("data", (chunk: Buffer) => {
          printed += chunk.toString();
          if (printed.includes("Enter a value:")) resolve();
        });
        void ended.then(({ code, err }) => reject(new Error(`It ended with ${code} and did not ask: ${err}`)));
      });
      return { child, ended };
    },
    remove,
  };
}

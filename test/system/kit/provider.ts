import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeEngine } from "../../../engine/compose.ts";
import type { ProviderEngine } from "../../../engine/gateway/terraform-provider/session.ts";
import { openReattachDoor } from "../../../engine/gateway/terraform-provider/reattach-door.ts";
import type { Engine } from "../../../engine/gateway/engine.ts";
import { memoryBlobStore } from "../../../engine/kernel/memory-blobs.ts";
import { memoryStore } from "../../../engine/kernel/memory.ts";
import { systemClock } from "../../../engine/platform/clock.ts";
import { idsFrom } from "../../../engine/platform/ids.ts";
import { silentLog } from "../../../engine/platform/log.ts";
import { systemRandom } from "../../../engine/platform/random.ts";
import { VERSION } from "../../../engine/platform/version.ts";
import { createCalls } from "../../../engine/services/calls.ts";
import { DEFAULT_SCOPE } from "../../../engine/services/context.ts";
import type { Service } from "../../../engine/services/manifest.ts";
import { createRegistry } from "../../../engine/stack/registry/registry.ts";
import { isMissing } from "./clients.ts";

/** Our own provider needs nothing but the program. */
export const isTerraformMissing = isMissing("terraform", "version");

export interface ProviderUnderTest {
  /** Variables by which Terraform finds the provider. */
  readonly variables: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** An engine in this process, with everything that one has unless it is another. */
export async function startEngine(): Promise<Engine> {
  const engine = composeEngine({ store: memoryStore(), blobs: memoryBlobStore() });
  await engine.start();
  return engine;
}

/** As much of an engine as the provider needs, with these services and no others. */
export function engineOf(services: readonly Service[]): ProviderEngine {
  const [store, blobs, clock, random] = [memoryStore(), memoryBlobStore(), systemClock(), systemRandom()];
  const ids = idsFrom(random);
  const calls = createCalls({ store, blobs, clock, ids, random, services });
  const registry = createRegistry(services);
  return { store, calls, registry, clock, ids, log: silentLog, defaultScope: DEFAULT_SCOPE, version: VERSION };
}

/** The provider's door for runs of Terraform. */
export async function providerUnderTest(engine: ProviderEngine): Promise<ProviderUnderTest> {
  const door = await openReattachDoor(engine);
  return { variables: { TF_REATTACH_PROVIDERS: JSON.stringify(door.providers) }, stop: () => door.stop() };
}

const REQUIRED = `terraform {
  required_providers {
    cloudstacks = { source = "cloudstacks/cloudstacks" }
  }
}
`;

type Variables = Readonly<Record<string, string>>;
export interface Ran {
  readonly code: number;
  readonly text: string;
}

export interface Workspace {
  readonly path: string;
  /** Replaces a file of the configuration. */
  write(file: string, text: string): void;
  /** Runs a command, whatever comes of it. */
  run(...args: string[]): Promise<Ran>;
  /** Runs a command that has to succeed, and gives what it printed. */
  must(...args: string[]): Promise<string>;
  /** Applies, and expects the plan after it to be empty. */
  settle(...args: string[]): Promise<void>;
  /** The plan as Terraform's own JSON has it. */
  planned(): Promise<PlannedChange[]>;
  /** Begins a command in a process group of its own, as a terminal does, and leaves it running. */
  begin(...args: string[]): ChildProcess;
  remove(): void;
}

export interface PlannedChange {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly replace_paths?: readonly (readonly unknown[])[];
  };
}

/** A folder with a configuration for our provider alone. */
export function workspace(variables: Variables, configuration: string, file = "main.tf"): Workspace {
  const path = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
  const write = (name: string, text: string) => writeFileSync(join(path, name), text);
  write("provider.tf", REQUIRED);
  write(file, configuration);
  write("terraform.rc", "");
  const env = {
    ...process.env,
    TF_CLI_CONFIG_FILE: join(path, "terraform.rc"),
    TF_IN_AUTOMATION: "1",
    CHECKPOINT_DISABLE: "1",
    ...variables,
  };
  const options = { cwd: path, env, maxBuffer: 2 ** 26 };
  const run = (...args: string[]) =>
    new Promise<Ran>((resolve) => {
      execFile("terraform", args, options, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), text: stdout + stderr }),
      );
    });
  const must = async (...args: string[]) => {
    const { code, text } = await run(...args);
    if (code !== 0) throw new Error(`terraform ${args.join(" ")} ended with ${code}:\n${text}`);
    return text;
  };
  return {
    path,
    write,
    run,
    must,
    async settle(...args) {
      await must("apply", "-no-color", "-auto-approve", ...args);
      await must("plan", "-no-color", "-detailed-exitcode", ...args);
    },
    async planned() {
      await must("plan", "-no-color", "-out=plan.bin");
      const shown = JSON.parse(await must("show", "-json", "plan.bin")) as { resource_changes?: PlannedChange[] };
      return shown.resource_changes ?? [];
    },
    begin: (...args) => spawn("terraform", args, { cwd: path, env, stdio: ["ignore", "pipe", "pipe"], detached: true }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

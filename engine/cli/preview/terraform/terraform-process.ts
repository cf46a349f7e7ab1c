import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../../platform/clock.ts";
import { idsFrom } from "../../../platform/ids.ts";
import { systemRandom } from "../../../platform/random.ts";
import { Failure } from "../../failure.ts";
import { toolEnvironment } from "../../terraform/client-variables.ts";
import { startGuard } from "../../terraform/guard.ts";
import { attachedProviders } from "../../terraform/providers.ts";
import { findProgram } from "../../terraform/run-tool.ts";
import type { Scope } from "../../../services/context.ts";
import { endWithUs } from "./end-with-us.ts";
import { warmProvider } from "./warm-provider.ts";

export interface TerraformRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Terraform in one folder, against one engine. */
export interface TerraformProcess {
  run(...args: readonly string[]): Promise<TerraformRun>;
  /** Starts the AWS provider once for several runs; undefined when it cannot be. */
  warm(): Promise<WarmTerraform | undefined>;
  /** Lets go of what it needed beside the engine. */
  end(): Promise<void>;
}

/** Terraform whose AWS provider is running already. */
export interface WarmTerraform extends Pick<TerraformProcess, "run"> {
  end(): void;
}

export interface TerraformPlace {
  /** Of the root module. */
  readonly folder: string;
  /** For what it needs beside that. */
  readonly own: string;
  readonly endpoint: string;
  readonly scope: Scope;
  readonly environment: NodeJS.ProcessEnv;
  /** The name of its state in the engine. */
  readonly state: string;
  readonly onRefused: (text: string) => void;
}

/** Errors: `Failure` when there is no Terraform on the search path */
export function terraformProgram(environment: NodeJS.ProcessEnv): string {
  const program = findProgram("terraform", environment) ?? findProgram("tofu", environment);
  if (program !== undefined) return program;
  throw new Failure("Neither terraform nor tofu is on the PATH.", ["Install one of them, or add its folder to PATH."]);
}

/** Names of the user's own that would lead a run to another state, or another folder. */
const NOT_INHERITED = [/^TF_HTTP_/, /^TF_WORKSPACE$/, /^TF_DATA_DIR$/, /^TF_CLI_ARGS/, /^TF_LOG/];

/** Terraform with the engine for a cloud, as `cloudstack terraform` runs it: real clouds are refused. */
export async function terraformAt(program: string, place: TerraformPlace): Promise<TerraformProcess> {
  const { endpoint, folder } = place;
  const inherited = Object.fromEntries(
    Object.entries(place.environment).filter(([name]) => !NOT_INHERITED.some((pattern) => pattern.test(name))),
  );
  const guard = await startGuard({
    engine: new URL(endpoint),
    environment: inherited,
    clock: systemClock(),
    ids: idsFrom(systemRandom()),
    onRefused: place.onRefused,
  });
  const authorities = join(place.own, "authorities.pem");
  writeFileSync(authorities, guard.authority);
  const { set, removed } = toolEnvironment(inherited, {
    endpoint,
    account: place.scope.account,
    region: place.scope.region,
    guard: guard.address,
    authorities,
    providers: await attachedProviders(endpoint),
    state: place.state,
  });
  const kept = Object.entries(inherited).filter(([name]) => !removed.includes(name));
  const environment = { ...Object.fromEntries(kept), ...set, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  return {
    run: (...args) => collected(program, args, folder, environment),
    async warm() {
      const provider = await warmProvider(folder, environment);
      if (!provider) return undefined;
      const attached = JSON.parse(set["TF_REATTACH_PROVIDERS"] ?? "{}") as object;
      const all = { ...environment, TF_REATTACH_PROVIDERS: JSON.stringify({ ...provider.providers, ...attached }) };
      return { run: (...args) => collected(program, args, folder, all), end: provider.end };
    },
    end: () => guard.stop(),
  };
}

function collected(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<TerraformRun> {
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  endWithUs(child);
  return new Promise<TerraformRun>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}

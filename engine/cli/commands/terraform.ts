import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SECRET_KEY_VARIABLE } from "../../gateway/client-environment.ts";
import { authorityFile } from "../../gateway/trust.ts";
import { systemClock } from "../../platform/clock.ts";
import { idsFrom } from "../../platform/ids.ts";
import { systemRandom } from "../../platform/random.ts";
import { Failure } from "../failure.ts";
import type { Output } from "../output.ts";
import { requireSecretKey } from "../secret-key.ts";
import type { SessionOptions } from "../session.ts";
import { toolEnvironment, type ToolEnvironment } from "../terraform/client-variables.ts";
import { leavesAddressOpen, moduleFolder, stateNameOf } from "../terraform/configuration.ts";
import { startGuard, type Guard } from "../terraform/guard.ts";
import { attachedProviders } from "../terraform/providers.ts";
import { findProgram, runTool } from "../terraform/run-tool.ts";
import { serveOrReuse, type Serving } from "../terraform/serving.ts";

export interface TerraformRun {
  readonly tool: "terraform" | "tofu";
  readonly args: readonly string[];
  readonly isExplained: boolean;
  /** A name of one's own for the state of an HTTP backend. */
  readonly state?: string | undefined;
}

/**
 * Runs the user's own Terraform or OpenTofu against the engine, told by its environment alone: no file of the user's is
 * written. Exit code, standard streams and signals are the tool's.
 */
export async function runTerraform(output: Output, options: SessionOptions, run: TerraformRun): Promise<void> {
  const program = findProgram(run.tool, process.env);
  if (program === undefined)
    throw new Failure(`${run.tool} is not on the PATH.`, ["Install it, or add its folder to PATH."]);
  const serving = await serveOrReuse(options);
  try {
    await requireSecretKey(serving.endpoint, process.env[SECRET_KEY_VARIABLE]);
    await runGuarded(output, options, { ...run, program, serving });
  } finally {
    await serving.leave((others) =>
      output.problem(`waiting for ${others} other ${others === 1 ? "run" : "runs"} on this engine (Ctrl-C ends it)`),
    );
  }
}

interface GuardedRun extends TerraformRun {
  readonly program: string;
  readonly serving: Serving;
}

async function runGuarded(output: Output, options: SessionOptions, run: GuardedRun): Promise<void> {
  const { serving, program } = run;
  const guard = await startGuard({
    engine: new URL(serving.endpoint),
    environment: process.env,
    clock: systemClock(),
    ids: idsFrom(systemRandom()),
    onRefused: (text) => output.problem(text),
  });
  const own = mkdtempSync(join(tmpdir(), "cloudstack-terraform-"));
  try {
    const authorities = join(own, "authorities.pem");
    writeFileSync(authorities, authoritiesOf(options.dataDirectory, guard));
    const environment = toolEnvironment(process.env, {
      endpoint: serving.endpoint,
      account: options.account,
      region: options.region,
      guard: guard.address,
      authorities,
      providers: await attachedProviders(serving.endpoint),
      state: stateFor(run, options),
    });
    if (run.isExplained) output.problem(explanation({ program, serving, guard, environment }));
    if (run.args.length > 0 || !run.isExplained)
      process.exitCode = await runTool(program, run.args, inheriting(environment));
  } finally {
    await guard.stop();
    rmSync(own, { recursive: true, force: true });
  }
}

/** Those that sign the engine's certificate and the guard's. */
function authoritiesOf(dataDirectory: string, guard: Guard): string {
  const file = authorityFile(dataDirectory);
  return `${existsSync(file) ? readFileSync(file, "utf8") : ""}${guard.authority}`;
}

function stateFor({ args, state, serving }: GuardedRun, { dataDirectory }: SessionOptions): string | undefined {
  const folder = moduleFolder(args, process.cwd());
  if (leavesAddressOpen({ folder, args, dataFolder: process.env["TF_DATA_DIR"] }))
    return state ?? stateNameOf(folder, serving.isOfDirectory ? dataDirectory : undefined);
  if (state === undefined) return undefined;
  throw new Failure(`${folder} has no HTTP backend without an address, which --state could name the state of.`, [
    'Declare one: terraform { backend "http" {} }',
  ]);
}

function inheriting({ set, removed }: ToolEnvironment): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !removed.includes(name));
  return { ...Object.fromEntries(kept), ...set };
}

function explanation(parts: {
  readonly program: string;
  readonly serving: Serving;
  readonly guard: Guard;
  readonly environment: ToolEnvironment;
}): string {
  const { serving, environment } = parts;
  return [
    `program   ${parts.program}`,
    `engine    ${serving.endpoint} (${serving.origin})`,
    `guard     ${parts.guard.address} refuses requests to real clouds; everything else passes`,
    "set       for this run only:",
    ...Object.entries(environment.set).map(([name, value]) => `  ${name}=${value}`),
    ...(environment.removed.length > 0 ? [`not set   ${environment.removed.join(", ")}`] : []),
  ].join("\n");
}

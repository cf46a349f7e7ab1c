import { once } from "node:events";
import { serveEngine } from "../../compose.ts";
import { modelIndex } from "../../protocols/aws/model-index.ts";
import { monotonicMs } from "../../platform/clock.ts";
import { portOwner } from "../../platform/port-owner.ts";
import type { Engine } from "../../gateway/engine.ts";
import { EXIT, SIGNALS } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { openOnFork } from "../open-on-fork.ts";
import type { StorageOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { settling } from "./with-session.ts";

export interface StartOptions extends StorageOptions {
  readonly port: number;
  readonly host: string;
  readonly account?: string;
  readonly region?: string;
  /** What requests are for that name no fork; `main` by default. */
  readonly fork?: string | undefined;
}

/** Serves until it is told to stop: by a signal, or by `cloudstack stop`. A second signal ends at once. */
export async function start(output: Output, options: StartOptions): Promise<void> {
  const { base, engine } = await openOnFork(options);
  const tell = settling(output);
  const settled = await engine.stacks.settleAll({ onFound: (interrupted) => tell({ interrupted }) });
  for (const each of settled) if (each.status !== "clean") tell({ settled: each });
  const stopping = new AbortController();
  const server = await serveEngine(engine, {
    port: options.port,
    host: options.host,
    onStop: () => stopping.abort(),
  }).catch(async (problem: NodeJS.ErrnoException) => {
    await base.close();
    throw portFailure(problem, options);
  });
  base.announce(server.endpoint);
  printBanner(output, engine, server.endpoint);

  for (const signal of SIGNALS) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(EXIT.interrupted));
      stopping.abort();
    });
  }
  await once(stopping.signal, "abort");
  output.note("stopping: requests in flight are finished first");
  await server.stop();
  await base.close();
  output.note("stopped");
}

function portFailure(problem: NodeJS.ErrnoException, { port, host }: StartOptions): Error {
  if (problem.code === "EADDRINUSE") {
    const owner = portOwner(port);
    const who = owner ? `process ${owner.pid} (${owner.command})` : "another process";
    return new Failure(
      `Port ${port} is in use by ${who}.`,
      [`Stop it, or choose another port: cloudstack start --port ${port + 1}`],
      problem,
    );
  }
  if (problem.code === "EACCES")
    return new Failure(
      `Port ${port} needs more rights than this user has.`,
      ["Choose a port above 1023 with --port."],
      problem,
    );
  if (problem.code === "EADDRNOTAVAIL" || problem.code === "ENOTFOUND") {
    return new Failure(
      `This machine has no address "${host}".`,
      ["--host takes an address of this machine, e.g. 127.0.0.1 or 0.0.0.0."],
      problem,
    );
  }
  return problem;
}

function printBanner(output: Output, engine: Engine, endpoint: string): void {
  const { colors } = output;
  const inFull = engine.clouds.flatMap((cloud) => cloud.services);
  const modelled = modelIndex().rows.length;
  const readyMs = Math.round(monotonicMs());
  const both = endpoint.replace(/^http:/, "http+https:");
  const { account, region } = engine.defaultScope;
  output.answer(
    { version: engine.version, endpoint, readyMs, storage: engine.storage, account, region, services: inFull },
    () =>
      [
        `${colors.bold(`CloudStacks ${engine.version}`)}   ready in ${readyMs} ms   ${both}`,
        `  store   ${engine.storage}      account ${account}, region ${region}`,
        `  clouds  aws (${inFull.join(", ")}; ${modelled} services modelled)      coverage: cloudstack coverage`,
        `  point your tools here:  eval "$(cloudstack env${engine.checksSignatures ? " --secret-key SECRET" : ""})"`,
      ].join("\n"),
  );
}

import { serveEngine } from "../../compose.ts";
import { type ForkFacts, MAIN } from "../../gateway/forks/fork-facts.ts";
import { DirectoryInUse } from "../../kernel/directory-lock.ts";
import { directoryOwner } from "../../kernel/directory-owner.ts";
import { Failure } from "../failure.ts";
import { openOnFork } from "../open-on-fork.ts";
import { PORT } from "../options.ts";
import { callRemote } from "../remote.ts";
import type { SessionOptions } from "../session.ts";

/** An engine that serves while another program runs. */
export interface Serving {
  readonly endpoint: string;
  /** How it came about, in words. */
  readonly origin: string;
  /** True when it keeps its state in the data directory of this command. */
  readonly isOfDirectory: boolean;
  /** Lets the engine go; ends it when it was begun for this run, as soon as nobody else uses it. */
  leave(onWaiting: (others: number) => void): Promise<void>;
}

const POLL_MS = 100;
/** How long an engine may take from its lock on the data directory to its first answer. */
const BEGINNING_MS_MAX = 15_000;

/**
 * The engine that is named, or that serves the data directory; one of its own for this run when there is none.
 * Errors: `Failure` when the directory is held by a process that does not serve
 */
export async function serveOrReuse(options: SessionOptions): Promise<Serving> {
  if (options.endpoint !== undefined) {
    // `cloudstack env` names the server of the data directory.
    const isOfDirectory = directoryOwner(options.dataDirectory)?.endpoint === options.endpoint;
    return attend(options.endpoint, "named by CLOUDSTACKS_ENDPOINT", { ...options, isOfDirectory });
  }
  for (let waitedMs = 0; ; waitedMs += POLL_MS) {
    try {
      return await serveOwn(options);
    } catch (problem) {
      if (!(problem instanceof DirectoryInUse)) throw problem;
      const { endpoint, pid } = directoryOwner(options.dataDirectory) ?? {};
      const origin = `running, process ${pid}`;
      const found = endpoint === undefined ? undefined : await attendIfThere(endpoint, origin, options);
      if (found) return found;
      if (waitedMs >= BEGINNING_MS_MAX)
        throw new Failure(problem.message, ["If that is another cloudstack command, wait for it to end."], problem);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
}

async function serveOwn(options: SessionOptions): Promise<Serving> {
  // Standard error is the other program's: what an engine warns of, such as each 501, that program tells by itself.
  const logLevel = options.logLevel === "warn" ? "error" : options.logLevel;
  const { base, engine } = await openOnFork({ ...options, logLevel });
  const listenOn = (port: number) => serveEngine(engine, { port, host: "127.0.0.1" });
  // The usual port when it is free, so that addresses in a state stay true from run to run.
  const server = await listenOn(PORT).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === "EADDRINUSE") return listenOn(0);
    throw problem;
  });
  base.announce(server.endpoint);
  return {
    endpoint: server.endpoint,
    origin: `begun for this run on ${engine.storage}`,
    isOfDirectory: true,
    async leave(onWaiting) {
      if (engine.guests.count() > 0) onWaiting(engine.guests.count());
      await engine.guests.gone();
      await server.stop();
      await base.close();
    },
  };
}

interface Found {
  readonly isOfDirectory?: boolean;
  readonly fork?: string | undefined;
}

/** Other programs name no fork, so that one is given a port of its own. */
async function portOf(endpoint: string, fork: string): Promise<string> {
  const served = await callRemote(endpoint, { name: "forkServe", input: { name: fork, port: 0 } }, () => undefined);
  return (served as Required<ForkFacts>).endpoint;
}

async function attend(
  endpoint: string, origin: string, { isOfDirectory = true, fork = MAIN }: Found): Promise<Serving> {
  const leaving = new AbortController();
  await new Promise<void>((resolve, reject) => {
    callRemote(endpoint, { name: "attend", input: {}, signal: leaving.signal }, () => resolve()).then(
      () => resolve(),
      // After the first answer this is the end of the run, or of the engine, which the run itself notices.
      reject,
    );
  });
  const its = fork === MAIN ? endpoint : await portOf(endpoint, fork);
  return { endpoint: its, origin, isOfDirectory, leave: async () => leaving.abort() };
}

/** Undefined when it ended meanwhile. */
async function attendIfThere(endpoint: string, origin: string, found: Found): Promise<Serving | undefined> {
  try {
    return await attend(endpoint, origin, found);
  } catch (problem) {
    if (problem instanceof Failure) return undefined;
    throw problem;
  }
}

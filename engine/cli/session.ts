import { openEngine } from "../compose.ts";
import {
  COMMANDS,
  type CommandEvent,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from "../gateway/commands.ts";
import type { Engine } from "../gateway/engine.ts";
import { DirectoryInUse } from "../kernel/directory-lock.ts";
import type { Scope } from "../services/context.ts";
import { Failure } from "./failure.ts";
import type { StorageOptions } from "./options.ts";
import { callRemote } from "./remote.ts";

/** An engine that commands are sent to: in this process, or a running server. */
export interface Session {
  /** Of the server, when there is one. */
  readonly endpoint?: string;
  run<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    onEvent?: (event: CommandEvent) => void,
  ): Promise<CommandOutput<N>>;
  close(): Promise<void>;
}

export interface SessionOptions extends StorageOptions {
  /** A server that was named outright (`CLOUDSTACKS_ENDPOINT`). */
  readonly endpoint?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/**
 * Talks to the server that is named, or that owns the data directory; without one, opens the engine here.
 * Errors: `Failure` when the directory is held by a process that does not serve
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  if (options.endpoint !== undefined) return remoteSession(options.endpoint, options);
  try {
    return localSession(await openEngine(options), options);
  } catch (problem) {
    if (!(problem instanceof DirectoryInUse)) throw problem;
    if (problem.owner?.endpoint !== undefined) return remoteSession(problem.owner.endpoint, options);
    throw new Failure(problem.message, ["If that is another cloudstack command, wait for it to end."], problem);
  }
}

const scopeOf = (options: SessionOptions, fallback: Scope): Scope => ({
  account: options.account ?? fallback.account,
  region: options.region ?? fallback.region,
});

function localSession(engine: Engine, options: SessionOptions): Session {
  const scope = scopeOf(options, engine.defaultScope);
  return {
    run: (name, input, onEvent = () => undefined) => COMMANDS[name](engine, scope, input as never, onEvent) as never,
    close: () => engine.close(),
  };
}

function remoteSession(endpoint: string, options: SessionOptions): Session {
  return {
    endpoint,
    run: (name, input, onEvent = () => undefined) =>
      callRemote(endpoint, { name, input, account: options.account, region: options.region }, onEvent) as never,
    close: async () => undefined,
  };
}

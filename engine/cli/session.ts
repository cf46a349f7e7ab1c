import {
  COMMANDS,
  type CommandEvent,
  type CommandInput,
  type CommandName,
  type CommandOutput,
} from "../gateway/commands.ts";
import type { Engine } from "../gateway/engine.ts";
import { MAIN } from "../gateway/forks/fork-facts.ts";
import type { StoredBody } from "../kernel/blobs.ts";
import { DirectoryInUse } from "../kernel/directory-lock.ts";
import { openBody } from "../kernel/joined-body.ts";
import { invariant } from "../platform/invariant.ts";
import type { Scope } from "../services/context.ts";
import { Failure } from "./failure.ts";
import type { StorageOptions } from "./options.ts";
import { openOnFork } from "./open-on-fork.ts";
import { callOperation, callRemote, readOperation } from "./remote.ts";

/** An engine that commands are sent to: in this process, or a running server. */
export interface Session {
  /** Of the server, when there is one. */
  readonly endpoint?: string;
  run<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    onEvent?: (event: CommandEvent) => void,
    /** Ends a command that would go on for ever. */
    signal?: AbortSignal,
  ): Promise<CommandOutput<N>>;
  /** Calls an operation of a service with the body it takes, as the native API does. */
  call(service: string, operation: string, input: object, body?: Uint8Array): Promise<unknown>;
  /** Calls an operation of a service for the body it gives. */
  read(service: string, operation: string, input: object): Promise<Buffer>;
  /** The same engine in another account or region; only the whole session is closed. */
  within(scope: Partial<Scope>): Session;
  close(): Promise<void>;
}

export interface SessionOptions extends StorageOptions {
  /** A server that was named outright (`CLOUDSTACKS_ENDPOINT`). */
  readonly endpoint?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** The fork to work on; what a server serves by itself, or `main`, when none is named. */
  readonly fork?: string | undefined;
  /** How long to wait for another command to let the data directory go; none by default. */
  readonly lockTimeoutMs?: number | undefined;
}

const ALIVE_MS = 60_000;
const POLL_MS = 100;

/**
 * Talks to the server that is named, or that owns the data directory; without one, opens the engine here.
 * Errors: `Failure` when the directory is held by a process that does not serve
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  if (options.endpoint !== undefined) return remoteSession(options.endpoint, options);
  try {
    return await openHere(options);
  } catch (problem) {
    if (!(problem instanceof DirectoryInUse)) throw problem;
    if (problem.owner?.endpoint !== undefined) return remoteSession(problem.owner.endpoint, options);
    const { lockTimeoutMs = 0 } = options;
    if (lockTimeoutMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      return openSession({ ...options, lockTimeoutMs: lockTimeoutMs - POLL_MS });
    }
    const cure = "If that is another cloudstack command, wait for it to end, with --lock-timeout 1m for example.";
    throw new Failure(problem.message, [cure], problem);
  }
}

/** While a fork is worked on, the state that it was made of stays as it is. */
async function openHere(options: SessionOptions): Promise<Session> {
  const { fork = MAIN } = options;
  const { base, engine } = await openOnFork({ ...options, isStill: fork !== MAIN });
  return localSession(engine, options, () => base.close());
}

const scopeOf = (options: SessionOptions, fallback: Scope): Scope => ({
  account: options.account ?? fallback.account,
  region: options.region ?? fallback.region,
});

/** What is absent stays as it was. */
const optionsWithin = (options: SessionOptions, scope: Partial<Scope>): SessionOptions => ({
  ...options,
  account: scope.account ?? options.account,
  region: scope.region ?? options.region,
});

function localSession(engine: Engine, options: SessionOptions, close: () => Promise<void>): Session {
  const scope = scopeOf(options, engine.defaultScope);
  const call: Session["call"] = (name, operation, input, body) => {
    const service = engine.services.find((each) => each.name === name);
    invariant(service !== undefined, `${name} is one of the engine's services`);
    return engine.calls.call(service, operation, input as never, { ...scope, ...(body && { body }) });
  };
  return {
    within: (other) => localSession(engine, optionsWithin(options, other), close),
    call,
    async read(name, operation, input) {
      const { body } = (await call(name, operation, input)) as { readonly body?: StoredBody };
      invariant(body !== undefined, `${operation} gives a body`);
      return Buffer.concat(await openBody(engine.blobs, body).toArray());
    },
    async run(name, input, onEvent = () => undefined, signal = new AbortController().signal) {
      // An engine that waits (for a lock, between two attempts) does not keep the process alive by itself.
      const alive = setInterval(() => undefined, ALIVE_MS);
      try {
        return (await COMMANDS[name](engine, scope, input as never, onEvent, signal)) as never;
      } finally {
        clearInterval(alive);
      }
    },
    close,
  };
}

const remoteScopeOf = ({ account, region, fork }: SessionOptions) => ({ account, region, fork });

function remoteSession(endpoint: string, options: SessionOptions): Session {
  return {
    endpoint,
    within: (scope) => remoteSession(endpoint, optionsWithin(options, scope)),
    call: (service, operation, input, body) =>
      callOperation(endpoint, { service, operation, input, body, ...remoteScopeOf(options) }),
    read: (service, operation, input) =>
      readOperation(endpoint, { service, operation, input, ...remoteScopeOf(options) }),
    run: (name, input, onEvent = () => undefined, signal) =>
      callRemote(endpoint, { name, input, ...remoteScopeOf(options), signal }, onEvent) as never,
    close: async () => undefined,
  };
}

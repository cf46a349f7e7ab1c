import type { Readable } from "node:stream";
import { type BlobStore, INLINE_BYTES_MAX, type StoredBody } from "../kernel/blobs.ts";
import { writeSealed } from "../kernel/sealed-body.ts";
import type { Reader, Store, Transaction } from "../kernel/store.ts";
import type { Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Random } from "../platform/random.ts";
import type { Caller, OperationContext, Scope } from "./context.ts";
import { ServiceError } from "./errors.ts";
import type { OperationInput, OperationName, OperationOutput, Service } from "./manifest.ts";
import type { AnyOperation, WaitOut } from "./operation.ts";
import { waitForMore } from "./waiting.ts";

/** Who asks, for what scope, and the body that comes with it. */
export interface CallOptions extends Scope {
  readonly caller?: Caller;
  readonly requestId?: string;
  readonly body?: Readable | Uint8Array | undefined;
  /** Who waits for the answer. Its signal, asked for only by a long poll, ends that: the client or the engine goes. */
  readonly waiter?: { readonly signal?: AbortSignal | undefined } | undefined;
}

/** Calls operations by name: the one way in for every door (clouds, native API, tests). */
export interface Calls {
  call<S extends Service, N extends OperationName<S>>(
    service: S,
    name: N,
    input: OperationInput<S, N>,
    options: CallOptions,
  ): Promise<OperationOutput<S, N>>;
  /** The context a service's code is given, for doors that bring their own transaction (the stack engine, jobs). */
  contextOf(service: Service, options: CallOptions, body?: StoredBody): OperationContext<never>;
  readonly blobs: BlobStore;
  readonly store: Store;
}

export interface CallParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly services: readonly Service[];
}

const ENGINE: Caller = { principal: "cloudstack" };

/** Fills every service's `uses` from the others' `provides`; a port nobody provides, or two do, stops the start. */
function fillPorts(services: readonly Service[]): Map<string, Readonly<Record<string, object>>> {
  const providers = new Map<string, { by: string; port: object }>();
  for (const service of services) {
    for (const [name, port] of Object.entries(service.provides ?? {})) {
      const other = providers.get(name);
      if (other) throw new Error(`Port "${name}" is provided by both ${other.by} and ${service.name}.`);
      providers.set(name, { by: service.name, port });
    }
  }
  const portsOf = (service: Service) => {
    const filled: Record<string, object> = {};
    for (const name of Object.keys(service.uses ?? {})) {
      const provider = providers.get(name);
      if (!provider) throw new Error(`Service ${service.name} needs port "${name}", which no service provides.`);
      filled[name] = provider.port;
    }
    for (const name of Object.keys(service.mayUse ?? {})) {
      const provider = providers.get(name);
      if (provider) filled[name] = provider.port;
    }
    return filled;
  };
  return new Map(services.map((service) => [service.name, portsOf(service)]));
}

export function createCalls(parts: CallParts): Calls {
  const { store, blobs, clock, ids, random } = parts;
  const ports = fillPorts(parts.services);

  const contextOf: Calls["contextOf"] = (service, options, body) => ({
    account: options.account,
    region: options.region,
    caller: options.caller ?? ENGINE,
    clock,
    ids,
    random,
    blobs,
    requestId: options.requestId ?? ids.uuid(),
    ports: (ports.get(service.name) ?? {}) as never,
    ...(body && { body }),
  });

  /** Stores the body that comes with a call, sealed where its operation says so. */
  const takeBody = async (service: Service, operation: AnyOperation, input: unknown, options: CallOptions) => {
    const { body = new Uint8Array() } = options;
    const digesters = operation.digests?.(input);
    const isAtHand = body instanceof Uint8Array && body.byteLength <= INLINE_BYTES_MAX;
    const seal = isAtHand ? undefined : await operation.seal?.(store, input, contextOf(service, options));
    return seal ? writeSealed(blobs, body, digesters ?? {}, seal) : blobs.write(body, digesters);
  };

  return {
    store,
    blobs,
    contextOf,
    async call(service, name, input, options) {
      const operation = service.operations[name];
      if (!operation)
        throw new ServiceError("UnknownOperation", "unimplemented", `${service.name} has no operation "${name}".`);
      const body =
        operation.body === "in"
          ? await takeBody(service, operation, input, options)
          : operation.prepare && (await operation.prepare(store, input, { ...contextOf(service, options), blobs }));
      const ctx = contextOf(service, options, body);
      const sequence = operation.sequence?.(input, options);
      const run = (): Promise<WaitOut> =>
        operation.effects === "read"
          ? store.read((tx: Reader) => operation.run(tx, input, ctx))
          : store.transact((tx: Transaction) => operation.run(tx, input, ctx), sequence && { sequence });
      const startedAtMs = clock.nowMs();
      const first = await run();
      const result = first.wait
        ? await waitForMore(first.wait, run, { store, clock, startedAtMs, signal: options.waiter?.signal })
        : first;
      return result as OperationOutput<typeof service, typeof name>;
    },
  };
}

import { join } from "node:path";
import { AWS_SERVICES, SERVICES } from "./catalog.generated.ts";
import { createAwsDoor } from "./clouds/aws/door.ts";
import type { Engine } from "./gateway/engine.ts";
import { createControl } from "./gateway/control.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createTally } from "./gateway/tally.ts";
import type { BlobStore } from "./kernel/blobs.ts";
import { lockDirectory, type DirectoryLock } from "./kernel/directory-lock.ts";
import { fileBlobStore } from "./kernel/file-blobs.ts";
import { memoryBlobStore } from "./kernel/memory-blobs.ts";
import { memoryStore } from "./kernel/memory.ts";
import type { Store } from "./kernel/store.ts";
import { systemClock, type Clock } from "./platform/clock.ts";
import { idsFrom } from "./platform/ids.ts";
import { createLog, silentLog, type Log, type LogLevel } from "./platform/log.ts";
import { systemRandom, type Random } from "./platform/random.ts";
import { VERSION } from "./platform/version.ts";
import { createCalls } from "./services/calls.ts";
import { createRegistry } from "./stack/registry/registry.ts";
import { createStacks } from "./stack/stacks.ts";

export const DEFAULT_ACCOUNT = "000000000000";
export const DEFAULT_REGION = "us-east-1";

/** What an engine stands on. Everything has a default but the store and the blobs. */
export interface EngineParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** What `status` says of the store. */
  readonly storage?: string;
  readonly dataDirectory?: string | undefined;
  /** Held by this process until the engine is closed. */
  readonly lock?: DirectoryLock;
}

/** The composition root: the only place where the engine's parts are put together. */
export function composeEngine(parts: EngineParts): Engine {
  const { store, blobs, clock = systemClock(), random = systemRandom(), log = silentLog } = parts;
  const ids = idsFrom(random);
  const calls = createCalls({ store, blobs, clock, ids, random, services: SERVICES });
  const registry = createRegistry(SERVICES);
  return {
    version: VERSION,
    store,
    blobs,
    clock,
    ids,
    log,
    calls,
    registry,
    stacks: createStacks({
      store, calls, registry, clock, ids, holder: `cloudstack (process ${process.pid})`, isAlone: parts.lock !== undefined,
    }),
    tally: createTally(),
    services: SERVICES,
    clouds: [createAwsDoor({ calls, services: AWS_SERVICES, clock, log })],
    defaultScope: { account: DEFAULT_ACCOUNT, region: DEFAULT_REGION },
    storage: parts.storage ?? "memory",
    dataDirectory: parts.dataDirectory,
    async close() {
      await store.close();
      parts.lock?.release();
    },
    announce: (endpoint) => parts.lock?.announce(endpoint),
  };
}

export interface StorageOptions {
  /** Created when it is not there. */
  readonly dataDirectory: string;
  /** `sqlite`, `memory` or a PostgreSQL URL. */
  readonly store: string;
  readonly durability: "full" | "relaxed";
  readonly logLevel: LogLevel;
}

const DURABILITY_WORDS = { full: "durable", relaxed: "relaxed: a power cut may take the last moments" } as const;

/**
 * Opens the engine on its storage.
 * Errors: `DirectoryInUse` with the owner, `StoreUnavailable` for a file or a server that cannot serve as a store
 */
export async function openEngine({ dataDirectory, store, durability, logLevel }: StorageOptions): Promise<Engine> {
  const log = createLog(logLevel);
  const ids = idsFrom(systemRandom());
  if (store === "memory")
    return composeEngine({ store: memoryStore(), blobs: memoryBlobStore(), log, storage: "memory (nothing is kept)" });
  const blobs = fileBlobStore(join(dataDirectory, "blobs"), { ids });
  if (store !== "sqlite") {
    // Loaded here because most engines never speak to PostgreSQL.
    const { postgresStore } = await import("./kernel/postgres.ts");
    const shared = await postgresStore(store);
    return composeEngine({
      store: shared,
      blobs,
      log,
      dataDirectory,
      storage: `${new URL(store).host} (postgres, bodies in ${dataDirectory})`,
    });
  }
  const lock = lockDirectory(dataDirectory, process.pid);
  try {
    const { sqliteStore } = await import("./kernel/sqlite.ts");
    return composeEngine({
      store: sqliteStore(join(dataDirectory, "store.sqlite"), { durability }),
      blobs,
      log,
      dataDirectory,
      lock,
      storage: `${dataDirectory} (sqlite, ${DURABILITY_WORDS[durability]})`,
    });
  } catch (problem) {
    lock.release();
    throw problem;
  }
}

export interface Server {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** Finishes what is in flight; the engine stays open. */
  stop(): Promise<void>;
}

/** Serves an engine on one port. Port 0 takes a free one. */
export async function serveEngine(
  engine: Engine,
  options: { readonly port: number; readonly host: string; readonly onStop?: () => void },
): Promise<Server> {
  const gateway = createGateway({
    clouds: engine.clouds,
    clock: engine.clock,
    ids: engine.ids,
    log: engine.log,
    tally: engine.tally,
    dataDirectory: engine.dataDirectory,
    control: createControl({ engine, onStop: options.onStop ?? (() => undefined) }),
  });
  const address = await gateway.listen(options.port, options.host);
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { endpoint: `http://${host}:${address.port}`, stop: gateway.stop };
}

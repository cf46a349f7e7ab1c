import { join } from "node:path";
import { AWS_SERVICES, SERVICES } from "./catalog.generated.ts";
import { awsResourceTypes } from "./clouds/aws/binding.ts";
import { createAwsDoor } from "./clouds/aws/door.ts";
import type { Engine } from "./gateway/engine.ts";
import { createChaos } from "./gateway/chaos/chaos.ts";
import { vocabularyOf } from "./gateway/chaos/vocabulary.ts";
import { createEngineClock } from "./gateway/clock/engine-clock.ts";
import { MAIN } from "./gateway/forks/fork-facts.ts";
import { NamedForks } from "./gateway/forks/named-forks.ts";
import { controlByFork } from "./gateway/forks/routing.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createGuests } from "./gateway/guests.ts";
import { objectTemplates } from "./gateway/object-templates.ts";
import { createTally } from "./gateway/tally.ts";
import { settleBlobHome, type BlobPlace } from "./kernel/blob-home.ts";
import { blobJobs, scheduleBlobSweep } from "./kernel/blob-upkeep.ts";
import type { BlobStore } from "./kernel/blobs.ts";
import { lockDirectory, type DirectoryLock } from "./kernel/directory-lock.ts";
import { fileBlobStore } from "./kernel/file-blobs.ts";
import { forkBlobStore } from "./kernel/fork-blobs.ts";
import { ForkHome } from "./kernel/fork-home.ts";
import type { ForkPlace } from "./kernel/fork-place.ts";
import { newForkTag, taggedIds } from "./kernel/fork-tag.ts";
import { createJobRunner } from "./kernel/job-runner.ts";
import type { Job, JobHandler } from "./kernel/jobs.ts";
import { createOutbox, type Subscriber } from "./kernel/outbox.ts";
import { memoryBlobStore } from "./kernel/memory-blobs.ts";
import { memoryStore } from "./kernel/memory.ts";
import { startingWith } from "./kernel/key.ts";
import { isRestoring } from "./kernel/snapshot.ts";
import type { OptimisticStore } from "./kernel/optimistic.ts";
import { StoreUnavailable, type Store } from "./kernel/store.ts";
import { awsEnvironment } from "./platform/aws-environment.ts";
import { systemClock, type Clock } from "./platform/clock.ts";
import { systemHttpClient, type HttpClient } from "./platform/http-client.ts";
import { movableClock } from "./platform/movable-clock.ts";
import { idsFrom, type Ids } from "./platform/ids.ts";
import { createLog, silentLog, type Log, type LogLevel } from "./platform/log.ts";
import { systemRandom, type Random } from "./platform/random.ts";
import { VERSION } from "./platform/version.ts";
import { createCalls, type Calls } from "./services/calls.ts";
import { DEFAULT_SCOPE, type Scope } from "./services/context.ts";
import { createPassage } from "./services/passage.ts";
import { createRegistry } from "./stack/registry/registry.ts";
import { createStacks } from "./stack/stacks.ts";

/** What an engine stands on. Everything has a default but the store and the blobs. */
export interface EngineParts {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock?: Clock;
  readonly random?: Random;
  readonly log?: Log;
  /** How the engine reaches the endpoints that its users name. */
  readonly http?: HttpClient;
  /** What every request must be signed with; any signature is taken when it is absent. */
  readonly secretKey?: string | undefined;
  /** What `status` says of the store. */
  readonly storage?: string;
  readonly dataDirectory?: string | undefined;
  /** Held by this process until the engine is closed. */
  readonly lock?: DirectoryLock;
  /** True when no other engine can be at work on the store. */
  readonly isAlone?: boolean;
  /** Where the forks of this state are that have names. */
  readonly forkHome?: ForkHome;
  /** Of an engine over one of them: all of them, and which it is. */
  readonly named?: { readonly forks: NamedForks; readonly name: string };
}

/** The parts of an engine over a fork that lives as long as it is open. */
async function forkInMemory(parts: EngineParts, ids: Ids): Promise<EngineParts> {
  const { store, blobs, lock: _lock, forkHome: _forkHome, named: _named, ...rest } = parts;
  const tag = newForkTag(ids);
  const own = memoryBlobStore({ ids: taggedIds(ids, tag) });
  return {
    ...rest,
    store: await store.fork(),
    blobs: forkBlobStore(own, blobs, tag),
    storage: `a fork of ${parts.storage ?? "memory"}`,
    isAlone: true,
  };
}

const NO_FORK_HOME =
  "This engine has no forks with names. A state in PostgreSQL is forked from a snapshot: " +
  "cloudstack snapshot save FILE, then cloudstack --store sqlite fork NAME --from FILE.";

/** The forks of `main` by name; each is an engine of its own over the same parts. */
function forksOf(parts: EngineParts, main: () => Engine): NamedForks {
  const { lock: _lock, forkHome: home, ...shared } = parts;
  const forks: NamedForks = new NamedForks({
    home,
    why: NO_FORK_HOME,
    main,
    compose: (fork, { name }) =>
      composeEngine({
        ...shared,
        ...fork,
        storage: `fork ${name} of ${parts.storage ?? "memory"}`,
        isAlone: true,
        named: { forks, name },
      }),
    serve: (engine, port) => serveEngine(engine, { port, host: "127.0.0.1" }),
  });
  return forks;
}

/** The composition root: the only place where the engine's parts are put together. */
export function composeEngine(parts: EngineParts): Engine {
  const { store, blobs, clock: base = systemClock(), random = systemRandom(), log = silentLog } = parts;
  const { http = systemHttpClient() } = parts;
  const ids = idsFrom(random);
  const clock = movableClock(base);
  const calls = createCalls({ store, blobs, clock, ids, random, services: SERVICES });
  const registry = createRegistry(SERVICES, awsResourceTypes(AWS_SERVICES));
  const passage = createPassage();
  const work = workOf({ store, blobs, clock, ids, log }, calls, http);
  const clouds = [createAwsDoor({ calls, services: AWS_SERVICES, clock, log, passage, secretKey: parts.secretKey })];
  const time = createEngineClock({ store, clock, settled: work.settled, jobCount: work.jobCount });
  const vocabulary = () => vocabularyOf(clouds, SERVICES, registry);
  const chaos = createChaos({ store, passage, clock: base, random, vocabulary });
  const settings = settingsOf(store, log, [time, chaos]);
  const forks = parts.named?.forks ?? forksOf({ ...parts, clock: base, random, log, http }, () => engine);
  const engine: Engine = {
    version: VERSION,
    store,
    blobs,
    clock,
    time,
    chaos,
    ids,
    log,
    calls,
    registry,
    stacks: createStacks({
      store,
      calls,
      registry,
      clock,
      ids,
      templateFiles: objectTemplates(calls, SERVICES),
      holder: `cloudstack (process ${process.pid})`,
      isAlone: parts.isAlone ?? parts.lock !== undefined,
      passage,
    }),
    passage,
    tally: createTally(),
    guests: createGuests(),
    services: SERVICES,
    clouds,
    checksSignatures: parts.secretKey !== undefined,
    defaultScope: DEFAULT_SCOPE,
    storage: parts.storage ?? "memory",
    dataDirectory: parts.dataDirectory,
    async start() {
      await settings.start();
      await store.transact((tx) => scheduleBlobSweep(tx, clock.nowMs()));
      work.start();
    },
    settled: work.settled,
    async close() {
      if (parts.named === undefined) await forks.close();
      settings.stop();
      await work.stop();
      await store.close();
      parts.lock?.release();
    },
    forks,
    forkName: parts.named?.name ?? MAIN,
    async fork() {
      const fork = composeEngine(await forkInMemory({ ...parts, clock: base, random, log }, ids));
      await fork.start();
      return fork;
    },
    announce: (endpoint) => parts.lock?.announce(endpoint),
  };
  return engine;
}

/** What an engine does that nobody asks it for: jobs that fall due, events that are handed on. */
function workOf(
  { store, blobs, clock, ids, log }: Pick<Engine, "store" | "blobs" | "clock" | "ids" | "log">,
  calls: Calls,
  http: HttpClient,
) {
  let jobCount = 0;
  const ending = new AbortController();
  const runner = createJobRunner({
    store,
    clock,
    ids,
    handlers: { ...blobJobs({ store, blobs, clock }), ...serviceJobs(calls, http, ending.signal) },
    onRun: () => (jobCount += 1),
    onFault: (problem) => log.warn({ problem: String(problem) }, "jobs wait: the store does not answer"),
  });
  const outbox = createOutbox({
    store,
    clock,
    ids,
    subscribers: subscribers(calls),
    onFault: (problem) => log.warn({ problem: String(problem) }, "events wait: the store does not answer"),
  });
  return {
    jobCount: () => jobCount,
    start() {
      runner.start();
      outbox.start();
    },
    async settled() {
      // An event may schedule a job, and a job may tell an event.
      await runner.settled();
      await outbox.settled();
      await runner.settled();
    },
    async stop() {
      ending.abort();
      await runner.stop();
      await outbox.stop();
    },
  };
}

/** What an engine was set to stands in its store: taken over at the start, and whenever another engine changes it. */
function settingsOf(store: Store, log: Log, holders: readonly { load(): Promise<void> }[]) {
  let unwatch: (() => void) | undefined;
  const load = async () => {
    for (const holder of holders) await holder.load();
  };
  const onFault = (problem: unknown) => log.warn({ problem: String(problem) }, "the engine's settings cannot be read");
  return {
    async start() {
      await load();
      unwatch = store.watch(startingWith(["engine"]), () => void load().catch(onFault));
    },
    stop: () => unwatch?.(),
  };
}

/** The services' timed work. A job's payload names the scope that it acts in. */
function serviceJobs(calls: Calls, http: HttpClient, ending: AbortSignal): Record<string, JobHandler> {
  const handlers: Record<string, JobHandler> = {};
  for (const service of SERVICES) {
    for (const [type, run] of Object.entries(service.jobs ?? {})) {
      handlers[type] = { local: (tx, job) => run(tx, job, calls.contextOf(service, job.payload as Scope)) };
    }
    for (const [type, run] of Object.entries(service.externalJobs ?? {})) {
      const contextOf = (job: Job) => calls.contextOf(service, job.payload as Scope);
      handlers[type] = { external: (job) => run(job, { store: calls.store, http, ending, ctx: contextOf(job) }) };
    }
  }
  return handlers;
}

/** Who hears of what: services and clouds that act on news. */
function subscribers(calls: Calls): Subscriber[] {
  const ofServices = SERVICES.flatMap((service) => {
    const { events } = service;
    if (!events) return [];
    const deliver: Subscriber["deliver"] = {
      local: async (tx, event) => events[event.type]?.(tx, event, calls.contextOf(service, event.payload as Scope)),
    };
    return [{ name: service.name, types: Object.keys(events), deliver }];
  });
  const ofClouds = AWS_SERVICES.flatMap(({ model, events }) => {
    if (!events) return [];
    const deliver: Subscriber["deliver"] = { local: async (tx, event) => events[event.type]?.(tx, event, calls) };
    return [{ name: `aws.${model}`, types: Object.keys(events), deliver }];
  });
  return [...ofServices, ...ofClouds];
}

export interface StorageOptions {
  /** True for the commands that mend a store whose restore was cut off; every other one is refused then. */
  readonly acceptsHalfRestored?: boolean;
  /** True to begin no background work: the storage stays as it is, unless a call changes it. */
  readonly isStill?: boolean;
  /** Created when it is not there. */
  readonly dataDirectory: string;
  /** `sqlite`, `memory` or a PostgreSQL URL. */
  readonly store: string;
  /** `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`; files in the data directory when it is absent. */
  readonly blobs?: string | undefined;
  readonly durability: "full" | "relaxed";
  /** Of `start`: what requests must be signed with. */
  readonly secretKey?: string | undefined;
  readonly logLevel: LogLevel;
}

const DURABILITY_WORDS = { full: "durable", relaxed: "relaxed: a power cut may take the last moments" } as const;

/**
 * Opens the engine on its storage and begins its background work.
 * Errors: `DirectoryInUse` with the owner, `StoreUnavailable` for a file or a server that cannot serve as a store
 */
export async function openEngine(options: StorageOptions): Promise<Engine> {
  const engine = composeEngine({
    ...(await openStorage(options)),
    log: createLog(options.logLevel),
    secretKey: options.secretKey,
  });
  try {
    if (!options.acceptsHalfRestored && (await isRestoring(engine.store))) {
      throw new StoreUnavailable(
        `A restore into ${engine.storage} was cut off, so only a part of the snapshot is there. ` +
          "Run `cloudstack snapshot restore FILE` again, or start empty with `cloudstack reset`.",
      );
    }
    if (!options.isStill) await engine.start();
    return engine;
  } catch (problem) {
    await engine.close();
    throw problem;
  }
}

async function openStorage(options: StorageOptions): Promise<EngineParts> {
  const { place, ...bodies } = await openBodies(options);
  const parts = await openRecords(options, bodies);
  try {
    await settleBlobHome(parts.store, idsFrom(systemRandom()), place);
    return parts;
  } catch (problem) {
    await parts.store.close();
    parts.lock?.release();
    throw problem;
  }
}

interface Bodies {
  readonly blobs: BlobStore;
  /** For the text that says where everything is; empty when that goes without saying. */
  readonly where: string;
}

async function openBodies(options: StorageOptions): Promise<Bodies & { readonly place?: BlobPlace | undefined }> {
  const { store, blobs, dataDirectory } = options;
  const ids = idsFrom(systemRandom());
  if (blobs !== undefined) {
    if (store === "memory") throw new StoreUnavailable("--store memory keeps nothing, so that it takes no --blobs.");
    const { readS3Location, describeS3Location } = await import("./kernel/s3-location.ts");
    const { s3BlobPlace, s3BlobStore } = await import("./kernel/s3-blobs.ts");
    const location = readS3Location(blobs, awsEnvironment());
    const where = `, bodies in ${describeS3Location(location)}`;
    return { blobs: s3BlobStore(location, { ids }), place: s3BlobPlace(location), where };
  }
  if (store === "memory") return { blobs: memoryBlobStore(), where: "" };
  const isShared = store !== "sqlite";
  const where = isShared ? `, bodies in ${dataDirectory}` : "";
  return { blobs: fileBlobStore(join(dataDirectory, "blobs"), { ids }), where };
}

async function openRecords(
  { dataDirectory, store, durability }: StorageOptions,
  { blobs, where }: Bodies,
): Promise<EngineParts> {
  if (store === "memory") {
    const records = memoryStore();
    const { memoryForkPlace } = await import("./kernel/memory-fork-place.ts");
    const forkHome = await forkHomeOf(records, blobs, memoryForkPlace());
    return { store: records, blobs, forkHome, storage: "memory (nothing is kept)" };
  }
  // The drivers are loaded here because each engine speaks to one store only.
  if (store !== "sqlite") {
    const { postgresStore } = await import("./kernel/postgres.ts");
    const storage = `${new URL(store).host} (postgres${where})`;
    return { store: await postgresStore(store), blobs, dataDirectory, storage };
  }
  const lock = lockDirectory(dataDirectory, process.pid);
  try {
    const { sqliteStore } = await import("./kernel/sqlite.ts");
    const storage = `${dataDirectory} (sqlite, ${DURABILITY_WORDS[durability]}${where})`;
    const { folderPlace } = await import("./kernel/fork-place.ts");
    const records = sqliteStore(join(dataDirectory, "store.sqlite"), { durability });
    return {
      store: records,
      blobs,
      forkHome: await forkHomeOf(records, blobs, folderPlace(join(dataDirectory, "forks"), durability)),
      dataDirectory,
      lock,
      storage,
    };
  } catch (problem) {
    lock.release();
    throw problem;
  }
}

/** Before anything is committed to the store, so that its forks of before go on seeing what they saw. */
async function forkHomeOf(store: OptimisticStore, blobs: BlobStore, place: ForkPlace): Promise<ForkHome> {
  const home = new ForkHome({ store, blobs, place, ids: idsFrom(systemRandom()), clock: systemClock() });
  try {
    await home.resume();
    return home;
  } catch (problem) {
    await store.close();
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
  const ending = new AbortController();
  const gateway = createGateway({
    clouds: engine.clouds,
    cloudsOf: async (fork) => (await engine.forks.engineOf(fork)).clouds,
    // Who is at the other end lives by the machine's time: dates of answers, certificates.
    clock: engine.clock.base,
    ids: engine.ids,
    log: engine.log,
    tally: engine.tally,
    dataDirectory: engine.dataDirectory,
    control: controlByFork({ engine, onStop: options.onStop ?? (() => undefined), ending: ending.signal }),
  });
  const address = await gateway.listen(options.port, options.host);
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return {
    endpoint: `http://${host}:${address.port}`,
    stop() {
      ending.abort();
      return gateway.stop();
    },
  };
}

import type { BlobStore } from "../kernel/blobs.ts";
import type { Fork, Store } from "../kernel/store.ts";
import type { MovableClock } from "../platform/movable-clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Log } from "../platform/log.ts";
import type { CloudDoor } from "../protocols/wire.ts";
import type { Registry } from "../stack/registry/registry.ts";
import type { Stacks } from "../stack/stacks.ts";
import type { Calls } from "../services/calls.ts";
import type { Passage } from "../services/passage.ts";
import type { Scope } from "../services/context.ts";
import type { Service } from "../services/manifest.ts";
import type { Chaos } from "./chaos/chaos.ts";
import type { EngineClock } from "./clock/engine-clock.ts";
import type { ForkFacts, NewFork } from "./forks/fork-facts.ts";
import type { Guests } from "./guests.ts";
import type { Tally } from "./tally.ts";

/**
 * The forks of a state by name. Each has an engine of its own over its layer: its own time, jobs and events; those of
 * the base are not disturbed.
 */
export interface Forks {
  /** In order of their names. */
  list(): readonly ForkFacts[];
  /**
   * Makes a fork of `main`, or of another fork, as it is now, or of the snapshot in a file.
   * Errors: `InvalidForkName`, `ForkExists`, `ForkNotFound`, `SnapshotRefused`, `ForksUnavailable`
   */
  create(name: string, origin: NewFork): Promise<ForkFacts>;
  /** The engine of a fork, or of `main`. Errors: `ForkNotFound` */
  engineOf(name: string): Promise<Engine>;
  /** The records of a fork, with what they were when it was made. Errors: `ForkNotFound` */
  storeOf(name: string): Promise<Fork>;
  /** Serves a fork on a port of its own, 0 for any free one; one that has a port keeps it. Errors: `ForkNotFound` */
  serve(name: string, port: number): Promise<ForkFacts>;
  /** Ends a fork and all that is its own. Errors: `ForkNotFound`, `ForkInUse` when other forks were made of it */
  drop(name: string): Promise<void>;
}

/** A composed engine, as its doors (gateway, command line, tests) see it. `compose.ts` builds it. */
export interface Engine {
  readonly version: string;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly clock: MovableClock;
  /** Rules by which operations fail. */
  readonly chaos: Chaos;
  /** Moves that clock. */
  readonly time: EngineClock;
  readonly ids: Ids;
  readonly log: Log;
  readonly tally: Tally;
  readonly guests: Guests;
  readonly services: readonly Service[];
  readonly calls: Calls;
  readonly registry: Registry;
  readonly stacks: Stacks;
  readonly clouds: readonly CloudDoor[];
  /** False when requests are taken with any signature. */
  readonly checksSignatures: boolean;
  /** Where operations are heard of, and disturbed, before they are carried out. */
  readonly passage: Passage;
  /** Account and region of calls that name none. */
  readonly defaultScope: Scope;
  /** What `status` and the banner say: `.cloudstacks (sqlite, durable)`. */
  readonly storage: string;
  readonly dataDirectory?: string | undefined;
  /** Begins the work that nobody asks for: jobs that fall due, sweeps. */
  start(): Promise<void>;
  /** Resolves when nothing is due at the present time of the clock and every event was handed on. */
  settled(): Promise<void>;
  /** The forks that have names, whichever of them this engine is; `main` is one of theirs. */
  readonly forks: Forks;
  /** `main`, or the name of the fork whose engine this is. */
  readonly forkName: string;
  /**
   * An engine of its own over the state as it is now, in memory: nothing is copied, neither sees what the other does
   * from here on, and all that the fork did is gone when it is closed. Closed before this engine is.
   */
  fork(): Promise<Engine>;
  /** Tells other processes where this engine serves. */
  announce(endpoint: string): void;
  /** Ends timers and jobs, then closes the store and lets the data directory go. */
  close(): Promise<void>;
}

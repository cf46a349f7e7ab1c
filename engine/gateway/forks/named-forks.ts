import type { ForkHome, OpenFork } from "../../kernel/fork-home.ts";
import type { ForkRecord } from "../../kernel/fork-place.ts";
import { SnapshotRefused } from "../../kernel/snapshot-format.ts";
import type { Fork } from "../../kernel/store.ts";
import { defineErrors } from "../../services/errors.ts";
import type { Engine, Forks } from "../engine.ts";
import { type ForkFacts, MAIN, type NewFork } from "./fork-facts.ts";

const RESERVED = new Set([MAIN, "list", "drop", "diff", "switch"]);
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const errors = defineErrors({
  ForksUnavailable: { kind: "unimplemented", message: ({ why }: { why: string }) => why },
  InvalidForkName: {
    kind: "invalidInput",
    message: ({ name }: { name: string }) =>
      RESERVED.has(name) ? `"${name}" cannot be the name of a fork.`
        : `"${name}" is not a name for a fork: write up to 63 lower-case letters, digits and "-".`,
  },
  ForkNotFound: {
    kind: "notFound",
    message: ({ name, forks }: { name: string; forks: readonly string[] }) =>
      `There is no fork "${name}"${forks.length === 0 ? "; nor any other." : `: ${forks.join(", ")}.`}`,
  },
  ForkExists: { kind: "alreadyExists", message: ({ name }: { name: string }) => `There is a fork "${name}" already.` },
  ForkInUse: {
    kind: "failedPrecondition",
    message: ({ name, forks }: { name: string; forks: readonly string[] }) =>
      `Forks were made of "${name}", which must be dropped first: ${forks.join(", ")}.`,
  },
  SnapshotRefused: { kind: "invalidInput", message: ({ why }: { why: string }) => why },
});

/** Where a fork is served on a port of its own. */
export interface ForkServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export interface ForksParts {
  /** Undefined for a state that has no named forks, for a reason that `why` tells. */
  readonly home: ForkHome | undefined;
  readonly why: string;
  readonly main: () => Engine;
  readonly compose: (fork: OpenFork, record: ForkRecord) => Engine;
  readonly serve: (engine: Engine, port: number) => Promise<ForkServer>;
}

/** Forks whose engines are opened when somebody first asks for them, and last until the fork or the base ends. */
export class NamedForks implements Forks {
  private readonly parts: ForksParts;
  private readonly engines = new Map<string, Promise<Engine>>();
  private readonly servers = new Map<string, ForkServer>();

  constructor(parts: ForksParts) {
    this.parts = parts;
  }

  private get home(): ForkHome {
    if (this.parts.home === undefined) throw errors.ForksUnavailable({ why: this.parts.why });
    return this.parts.home;
  }

  list(): readonly ForkFacts[] {
    return this.parts.home?.list().map((record) => this.factsOf(record)) ?? [];
  }

  private factsOf({ name, createdAtMs, of }: ForkRecord): ForkFacts {
    const endpoint = this.servers.get(name)?.endpoint;
    const origin = of.kind === "snapshot" ? { snapshot: of.file } : { fork: of.kind === "main" ? MAIN : of.name };
    return { name, createdAtMs, of: origin, ...(endpoint !== undefined && { endpoint }) };
  }

  private require(name: string): ForkRecord {
    const record = this.home.get(name);
    if (record === undefined) throw errors.ForkNotFound({ name, forks: this.home.list().map((each) => each.name) });
    return record;
  }

  async create(name: string, { of, snapshot }: NewFork): Promise<ForkFacts> {
    const { home } = this;
    if (RESERVED.has(name) || !NAME.test(name)) throw errors.InvalidForkName({ name });
    if (home.get(name)) throw errors.ForkExists({ name });
    if (snapshot !== undefined) {
      const made = await home.create(name, { kind: "snapshot", file: snapshot }).catch((problem: Error) => {
        throw problem instanceof SnapshotRefused ? errors.SnapshotRefused({ why: problem.message }) : problem;
      });
      return this.factsOf(made);
    }
    if (of !== MAIN) this.require(of);
    return this.factsOf(await home.create(name, of === MAIN ? { kind: "main" } : { kind: "fork", name: of }));
  }

  async engineOf(name: string): Promise<Engine> {
    if (name === MAIN) return this.parts.main();
    const known = this.engines.get(name);
    if (known !== undefined) return known;
    const record = this.require(name);
    const opening = this.openEngine(record);
    this.engines.set(name, opening);
    opening.catch(() => this.engines.delete(name));
    return opening;
  }

  private async openEngine(record: ForkRecord): Promise<Engine> {
    const engine = this.parts.compose(await this.home.open(record.name), record);
    await engine.start();
    return engine;
  }

  async storeOf(name: string): Promise<Fork> {
    await this.engineOf(this.require(name).name);
    return (await this.home.open(name)).store;
  }

  async serve(name: string, port: number): Promise<ForkFacts> {
    const record = this.require(name);
    if (!this.servers.has(name)) this.servers.set(name, await this.parts.serve(await this.engineOf(name), port));
    return this.factsOf(record);
  }

  async drop(name: string): Promise<void> {
    this.require(name);
    const standing = this.home.madeOf(name).map((each) => each.name);
    if (standing.length > 0) throw errors.ForkInUse({ name, forks: standing });
    await this.end(name);
    await this.home.drop(name);
  }

  private async end(name: string): Promise<void> {
    await this.servers.get(name)?.stop();
    this.servers.delete(name);
    const engine = this.engines.get(name);
    this.engines.delete(name);
    await (await engine)?.close();
  }

  /** Ends the engines of all forks, each before the one that it stands on; the forks stay. */
  async close(): Promise<void> {
    const endWithItsOwn = async (name: string): Promise<void> => {
      for (const above of this.home.madeOf(name)) await endWithItsOwn(above.name);
      await this.end(name);
    };
    for (const name of this.engines.keys()) await endWithItsOwn(name);
  }
}

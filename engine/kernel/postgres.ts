import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Changes, EncodedEntry, View } from "./backend.ts";
import { encodeKey } from "./key.ts";
import { PostgresAttempt, type Append } from "./postgres-attempt.ts";
import { CHANNEL, listenForChanges, type Listening } from "./postgres-listener.ts";
import { prepareTables } from "./postgres-tables.ts";
import { encodeRecord, decodeRecord } from "./record-format.ts";
import { Sequencer } from "./sequencer.ts";
import type {
  EncodedKey, Fork, Key, KeyRange, Reader, ReadOptions, Store, Transaction, TransactOptions,
} from "./store.ts";
import { StoreUnavailable } from "./store.ts";
import { ViewReader } from "./view-reader.ts";
import { Watchers } from "./watchers.ts";

const CONNECTIONS_MAX = 10;
/** Conflicts in a row after which the server, not the code, must be at fault. */
const CONFLICTS_MAX = 1000;
/** Connections lost in a row, each replaced, before a transaction gives up; all of the pool may have died at once. */
const LOSSES_MAX = 2 * CONNECTIONS_MAX;
/** How long and how often a transaction's end is asked for whose COMMIT got no answer. */
const LOOKUPS_MAX = 100;
const LOOKUP_PAUSE_MS = 100;
/** NOTIFY takes 8000 bytes; a longer list of keys says "something". */
const NOTIFIED_BYTES_MAX = 7500;

/** Somebody else won (serialization failure, deadlock): begin again. */
const isConflict = (problem: unknown): boolean =>
  ["40001", "40P01"].includes((problem as { code?: string }).code ?? "");

/** The connection is gone: the server was stopped (57P..), ended it, or cannot be heard (08...). */
const isLoss = (problem: unknown): boolean =>
  /^(57P0[125]|08)/.test((problem as { code?: string }).code ?? "")
  || /Connection terminated|not queryable|connection error|ECONNRESET|EPIPE/.test(String(problem));

/** The server said no to a statement; anything else that a client throws is the connection. */
const isFromServer = (problem: unknown): boolean => /^[0-9A-Z]{5}$/.test((problem as { code?: string }).code ?? "");

const bytesOf = (key: EncodedKey): Buffer => Buffer.from(key, "latin1");

/** Reads in one server transaction. */
class PostgresView implements View {
  private readonly client: pg.PoolClient;
  constructor(client: pg.PoolClient) {
    this.client = client;
  }

  async get(key: EncodedKey): Promise<unknown> {
    const { rows } = await this.client.query<{ value: Buffer }>({
      name: "get", text: "SELECT value FROM cloudstacks_entry WHERE key = $1", values: [bytesOf(key)],
    });
    return rows[0] && decodeRecord(rows[0].value);
  }

  async range(range: KeyRange, limit: number, reverse: boolean): Promise<EncodedEntry[]> {
    const { rows } = await this.client.query<{ key: Buffer; value: Buffer }>({
      name: reverse ? "backwards" : "forwards",
      text: `SELECT key, value FROM cloudstacks_entry WHERE key >= $1 AND key < $2
             ORDER BY key ${reverse ? "DESC" : ""} LIMIT $3`,
      values: [bytesOf(range.from), bytesOf(range.to), Math.min(limit, Number.MAX_SAFE_INTEGER)],
    });
    return rows.map(({ key, value }) => ({ key: key.toString("latin1") as EncodedKey, value: decodeRecord(value) }));
  }

  async count(range: KeyRange): Promise<number> {
    const { rows } = await this.client.query<{ count: string }>({
      name: "count", text: "SELECT count(*) FROM cloudstacks_entry WHERE key >= $1 AND key < $2",
      values: [bytesOf(range.from), bytesOf(range.to)],
    });
    return Number(rows[0]?.count);
  }
}

/** One run of a transaction: what is known of it when its connection is lost. */
interface Run {
  /** The server's id of it, once it has written something. */
  transactionId?: string;
  isCommitting: boolean;
}

/** How a run ended: with a result that counts, or to be begun again because of `problem`. */
type Ended<T> = { readonly result: T } | { readonly problem: unknown; readonly isLost: boolean };

/** The lock that orders the appends of one log; two logs that share one by chance only wait for each other. */
const lockOf = (prefix: Key): bigint =>
  createHash("sha256").update(encodeKey(prefix), "latin1").digest().readBigInt64BE(0);

/**
 * A store in a PostgreSQL database that many engines share. Every transaction is a SERIALIZABLE one of the server,
 * begun again when the server says that it lost.
 *
 * Positions of `append`: a sequence number or transaction id alone is not in the order of commits (a smaller one can
 * commit later, after a reader has passed it). Stamping entries with their transaction id and hiding them until all
 * older ones have ended would be safe, but an acknowledged entry would stay unseen for as long as any old transaction
 * of the cluster runs, and ids start again when a database is moved. So: the last thing before COMMIT, a transaction
 * takes one advisory lock per log and then a number from the sequence. The lock is released only after the commit is
 * visible to others, so the next number of that log is taken after everybody can see the one before: order of
 * positions is order of commits, and readers need no bound. The price is one commit at a time per log; services split
 * hot logs by key. (CockroachDB has no advisory locks; there a row per log, updated in the same place, is queued by
 * its lock table.)
 */
class PostgresStore implements Store {
  private readonly pool: pg.Pool;
  private readonly where: string;
  private readonly sequencer = new Sequencer();
  private readonly watchers = new Watchers();
  private listening: Promise<Listening> | undefined;
  private isClosed = false;

  constructor(pool: pg.Pool, where: string) {
    this.pool = pool;
    this.where = where;
  }

  private unavailable(problem: unknown, what = "cannot be used"): StoreUnavailable {
    if (problem instanceof StoreUnavailable) return problem;
    const { message } = problem as Error;
    return new StoreUnavailable(`The store at ${this.where} ${what}: ${message}. `
      + "Check that PostgreSQL runs there and takes the user and database of the --store URL.", { cause: problem });
  }

  async transact<T>(run: (tx: Transaction) => Promise<T>, options?: TransactOptions): Promise<T> {
    if (options?.sequence === undefined) return this.untilCommitted(run);
    const key = encodeKey(options.sequence);
    await this.sequencer.enter(key);
    try {
      return await this.untilCommitted(run);
    } finally {
      this.sequencer.leave(key);
    }
  }

  private untilCommitted<T>(body: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.serializable("BEGIN ISOLATION LEVEL SERIALIZABLE", async (client, run) => {
      const attempt = new PostgresAttempt(new PostgresView(client));
      const result = await body(attempt);
      const changes = attempt.changesOf(await this.positions(client, attempt.appends));
      if (changes !== undefined) run.transactionId = await this.write(client, changes);
      return result;
    });
  }

  /** Takes the logs' locks, always in the same order, then a number for each entry. */
  private async positions(client: pg.PoolClient, appends: readonly Append[]): Promise<number[]> {
    if (appends.length === 0) return [];
    const locks = [...new Set(appends.map(({ prefix }) => lockOf(prefix)))].sort((a, b) => (a < b ? -1 : 1));
    for (const lock of locks) await client.query("SELECT pg_advisory_xact_lock($1)", [lock.toString()]);
    const { rows } = await client.query<{ position: string }>(
      "SELECT nextval('cloudstacks_position') AS position FROM generate_series(1, $1)", [appends.length]);
    return rows.map((row) => Number(row.position)).sort((a, b) => a - b);
  }

  /** Returns the transaction's id, by which its end can be looked up. */
  private async write(client: pg.PoolClient, { clears, writes }: Changes): Promise<string> {
    for (const { from, to } of clears) {
      await client.query("DELETE FROM cloudstacks_entry WHERE key >= $1 AND key < $2", [bytesOf(from), bytesOf(to)]);
    }
    const written = [...writes].filter(([, value]) => value !== undefined);
    const deleted = [...writes].filter(([, value]) => value === undefined);
    if (written.length > 0) {
      await client.query({
        name: "write",
        text: `INSERT INTO cloudstacks_entry (key, value) SELECT * FROM unnest($1::bytea[], $2::bytea[])
               ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        // The encoder's buffer is used again for the next record.
        values: [written.map(([key]) => bytesOf(key)), written.map(([, value]) => Buffer.from(encodeRecord(value)))],
      });
    }
    if (deleted.length > 0) {
      await client.query({
        name: "delete", text: "DELETE FROM cloudstacks_entry WHERE key = ANY($1::bytea[])",
        values: [deleted.map(([key]) => bytesOf(key))],
      });
    }
    const keys = clears.length > 0 ? "" : [...writes.keys()].map((key) => bytesOf(key).toString("base64")).join(" ");
    const { rows } = await client.query<{ id: string }>("SELECT pg_notify($1, $2), txid_current() AS id",
      [CHANNEL, keys.length > NOTIFIED_BYTES_MAX ? "" : keys]);
    return (rows[0] as { id: string }).id;
  }

  /** Runs `work` in a server transaction until it commits or fails for a reason of its own. */
  private async serializable<T>(
    begin: string, work: (client: pg.PoolClient, run: Run) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new StoreUnavailable("The store is closed; open it again to use it.");
    let losses = 0;
    for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts++) {
      const ended = await this.once(begin, work);
      if ("result" in ended) return ended.result;
      if (ended.isLost) losses += 1;
      if (losses > LOSSES_MAX) throw this.unavailable(ended.problem, "loses its connections");
    }
    throw new StoreUnavailable(`A transaction at ${this.where} has met ${CONFLICTS_MAX} conflicts in a row; `
      + "try again with fewer clients.");
  }

  private async once<T>(
    begin: string, work: (client: pg.PoolClient, run: Run) => Promise<T>): Promise<Ended<T>> {
    let client: pg.PoolClient;
    try {
      client = await this.pool.connect();
    } catch (problem) {
      if (isLoss(problem)) return { problem, isLost: true };
      throw this.unavailable(problem, "cannot be reached");
    }
    let lost: Error | undefined;
    const onLoss = (problem: Error) => {
      lost = problem;
    };
    client.on("error", onLoss);
    const run: Run = { isCommitting: false };
    let result: T | undefined;
    try {
      await client.query(begin);
      let failure: { readonly cause: unknown } | undefined;
      try {
        result = await work(client, run);
      } catch (error) {
        failure = { cause: error };
      }
      // What the code threw counts only if what it read can be committed; a statement that failed cannot be.
      if (failure !== undefined && (isFromServer(failure.cause) || isLoss(failure.cause))) throw failure.cause;
      run.isCommitting = true;
      const { command } = await client.query("COMMIT");
      // The server answers ROLLBACK when a statement had failed and the code went on regardless.
      if (command !== "COMMIT") return { problem: failure?.cause, isLost: false };
      if (failure !== undefined) throw failure.cause;
      return { result: result as T };
    } catch (problem) {
      if (lost === undefined && !isLoss(problem)) {
        // A connection that cannot even take this back is replaced, and takes it back by ending.
        await client.query("ROLLBACK").catch(onLoss);
        return this.afterFailure(problem);
      }
      lost ??= problem as Error;
      if (run.isCommitting && await this.hasCommitted(run, lost)) return { result: result as T };
      return { problem: lost, isLost: true };
    } finally {
      client.off("error", onLoss);
      client.release(lost);
    }
  }

  private afterFailure(problem: unknown): Ended<never> {
    if (isConflict(problem)) return { problem, isLost: false };
    throw isFromServer(problem) ? this.unavailable(problem) : problem;
  }

  /** What became of a run whose COMMIT got no answer: the server knows, once it answers again. */
  private async hasCommitted({ transactionId }: Run, lost: Error): Promise<boolean> {
    if (transactionId === undefined) return false;
    let problem: unknown = lost;
    for (let lookups = 0; lookups < LOOKUPS_MAX && !this.isClosed; lookups++) {
      try {
        const { rows } = await this.pool.query<{ status: string | null }>(
          "SELECT txid_status($1) AS status", [transactionId]);
        const status = rows[0]?.status;
        if (status === "committed") return true;
        if (status === "aborted") return false;
      } catch (stillAway) {
        problem = stillAway;
      }
      await pause(LOOKUP_PAUSE_MS);
    }
    throw this.unavailable(problem,
      "lost its connection while committing and does not say what became of it, so the change may or may not be there");
  }

  read<T>(run: (tx: Reader) => Promise<T>, options?: ReadOptions): Promise<T> {
    // DEFERRABLE waits for a snapshot that no conflict can touch, then never begins again: right for an export, slow
    // for a get.
    const mode = options?.pinned ? "READ ONLY, DEFERRABLE" : "READ ONLY";
    return this.serializable(`BEGIN ISOLATION LEVEL SERIALIZABLE, ${mode}`, (client) =>
      run(new ViewReader(new PostgresView(client))));
  }

  watch(range: KeyRange, onChange: () => void): () => void {
    this.listening ??= listenForChanges(this.pool, (keys) => this.hear(keys));
    return this.watchers.add(range, onChange);
  }

  private hear(keys: readonly EncodedKey[] | undefined): void {
    if (keys === undefined) this.watchers.wakeAll();
    else this.watchers.notify([{ writes: new Map(keys.map((key) => [key, undefined])), clears: [] }]);
  }

  // oxlint-disable-next-line require-await -- a refusal of something asynchronous
  async fork(): Promise<Fork> {
    throw new StoreUnavailable(`The store at ${this.where} cannot be forked, since other engines may write to it. `
      + "Save a snapshot of it and fork that: cloudstack snapshot save FILE, cloudstack fork NAME --from FILE.");
  }

  isSeenByForks(): boolean {
    return false;
  }

  async position(atLeast = 1): Promise<number> {
    const { rows } = await this.pool.query<{ position: string }>(
      "SELECT setval('cloudstacks_position', greatest(nextval('cloudstacks_position'), $1), false) AS position",
      [atLeast]).catch((problem: unknown) => {
        throw this.unavailable(problem);
      });
    return Number(rows[0]?.position);
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    (await this.listening)?.stop();
    await this.pool.end();
  }
}

/**
 * Opens the database of `url` (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`), makes our tables if they are not there.
 * Errors: StoreUnavailable when the server cannot be reached, refuses us, or holds a newer layout
 */
export async function postgresStore(url: string): Promise<Store> {
  const { host, pathname } = new URL(url);
  const where = `${host}${pathname}`;
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX, application_name: "cloudstacks" });
  // A connection that dies is replaced at the next use, and that use reports what is wrong. It can die at any time:
  // idle in the pool, or handed out with nobody listening to it yet.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  try {
    await prepareTables(pool, where);
  } catch (problem) {
    await pool.end();
    if (problem instanceof StoreUnavailable) throw problem;
    throw new StoreUnavailable(`The store at ${where} cannot be opened: ${(problem as Error).message}. `
      + "Check that PostgreSQL runs there and takes the user and database of the --store URL.", { cause: problem });
  }
  return new PostgresStore(pool, where);
}


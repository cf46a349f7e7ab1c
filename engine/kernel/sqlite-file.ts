import { closeSync, constants, fdatasync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { SqliteConnection, type Statement } from "./sqlite-connection.ts";
import { StoreUnavailable } from "./store.ts";

/** "CStk": marks the file as ours, so that nobody's other database is written to. */
const APPLICATION_ID = 0x4353746b;
const LAYOUT_VERSION = 1;
const BUSY_MS = 2000;
/** 16 MiB of page cache: the record cache above keeps the decoded records, this one the tree's inner pages. */
const PAGE_CACHE_KIB = 16 * 1024;
const PAGE_BYTES = 8192;
/**
 * As much of the file as SQLite can be told to read in place: a read at random among a million records takes 11 us
 * instead of 16, since pages that are not in its cache need no call and no copy.
 */
const MAPPED_BYTES = 2 ** 31 - 2 ** 16;
/** 16 MiB of log before it is moved into the file: each page is then written there once for many commits. */
const CHECKPOINT_PAGES = 2048;

const ADVICE: Readonly<Record<string, string>> = {
  SQLITE_FULL: "the disk is full; free some space, then try again.",
  ENOSPC: "the disk is full; free some space, then try again.",
  SQLITE_NOTADB: "it is not a store of this engine; give another data directory, or move the file away.",
  SQLITE_CORRUPT: "it is damaged; restore the data directory from a snapshot.",
  SQLITE_BUSY: "another process uses it; stop that one first, or give another data directory.",
  SQLITE_LOCKED: "another process uses it; stop that one first, or give another data directory.",
  SQLITE_READONLY: "it cannot be written; check the permissions of the file and its directory.",
  SQLITE_CANTOPEN: "it cannot be opened; check that its directory exists and can be written.",
  SQLITE_IOERR: "the disk fails to read or write; check the machine's log, then start the engine again.",
};

/** What went wrong with `file`, and what to do. */
export function unavailable(file: string, problem: unknown): StoreUnavailable {
  if (problem instanceof StoreUnavailable) return problem;
  const { code = "", message } = problem as { code?: string; message: string };
  const family = code.split("_").slice(0, 2).join("_");
  const advice = ADVICE[family] ?? message;
  return new StoreUnavailable(`The store ${file} cannot be used: ${advice} (${code || message})`, { cause: problem });
}

const number = (db: SqliteConnection, pragma: string): number =>
  Number(db.prepare(`PRAGMA ${pragma}`).pluck().get());

/** Refuses what is not ours or newer than us before anything is written; makes the tables of an empty file. */
function prepareLayout(db: SqliteConnection, file: string): void {
  const isEmpty = db.prepare("SELECT count(*) FROM sqlite_master").pluck().get() === 0;
  const applicationId = number(db, "application_id");
  const isOurs = applicationId === APPLICATION_ID || (isEmpty && applicationId === 0);
  if (!isOurs) throw Object.assign(new Error("foreign"), { code: "SQLITE_NOTADB" });
  const layout = number(db, "user_version");
  if (layout > LAYOUT_VERSION) {
    throw new StoreUnavailable(`The store ${file} has layout ${layout}, but this engine knows layouts up to `
      + `${LAYOUT_VERSION}; use the engine that wrote it, or a newer one.`);
  }
  if (isEmpty) db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -${PAGE_CACHE_KIB};
    PRAGMA mmap_size = ${MAPPED_BYTES};
    PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
    BEGIN IMMEDIATE;`);
  if (isEmpty) {
    db.exec(`
      CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL, value BLOB NOT NULL);
      CREATE UNIQUE INDEX entry_by_key ON entry (key);
      CREATE TABLE setting (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
      INSERT INTO setting VALUES ('reservedPosition', 0);
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${LAYOUT_VERSION};`);
  }
}

/**
 * The file behind a SQLite store: one connection that always has its write transaction open. So a second process
 * fails at once instead of writing beside our cache, reads cost no transaction of their own, and what was applied is
 * seen by reads before it is committed.
 *
 * Layout, measured here per entry (32 random keys per commit, checkpoints included): for values of 300 B a rowid
 * table with an index takes 10 us to insert, a WITHOUT ROWID table 20; for values of 64 KiB 125 us against 220, and
 * reading 24 against 80, since a large value in a key-ordered tree spills from its inner pages. Pages of 8 KiB halve
 * the cost of large values against 4 KiB (125 us, 280) and cost small ones nothing; 16 KiB cost small ones a third
 * more.
 *
 * Durability "full" is WAL with synchronous=NORMAL, which writes each commit to the log but does not wait for the
 * disk, plus our own fdatasync of the log, off this thread: the engine goes on with the next requests while the disk
 * works. SQLite itself still orders checkpoints (log before file, file before the log is reused), so what we must add
 * is just that one sync after a commit, the same that synchronous=FULL would do while blocking.
 */
export class SqliteFile {
  readonly db: SqliteConnection;
  readonly file: string;
  private readonly begin: Statement;
  private readonly commitStatement: Statement;
  private readonly walFd: number;

  constructor(file: string) {
    this.file = file;
    let db: SqliteConnection | undefined;
    try {
      db = new SqliteConnection(file, { timeout: BUSY_MS });
      prepareLayout(db, file);
      db.exec("COMMIT");
      this.db = db;
      this.begin = db.prepare("BEGIN IMMEDIATE");
      this.commitStatement = db.prepare("COMMIT");
      this.begin.run();
      // Only now the log exists. SQLite takes no locks on it, so closing this descriptor later drops none.
      this.walFd = openSync(`${file}-wal`, constants.O_RDWR | constants.O_CREAT);
      this.syncDirectory();
    } catch (problem) {
      db?.close();
      throw unavailable(file, problem);
    }
  }

  private syncDirectory(): void {
    const directory = openSync(dirname(this.file), "r");
    fsyncSync(directory);
    closeSync(directory);
  }

  commit(): void {
    this.commitStatement.run();
    this.begin.run();
  }

  rollback(): void {
    // Some errors (a full disk) end the transaction themselves.
    if (this.db.isInTransaction) this.db.exec("ROLLBACK");
    this.begin.run();
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => {
      fdatasync(this.walFd, (problem) => (problem ? reject(unavailable(this.file, problem)) : resolve()));
    });
  }

  close(): void {
    if (this.db.isInTransaction) this.db.exec("ROLLBACK");
    // Moves the log into the file and removes it; the descriptor goes last.
    this.db.close();
    closeSync(this.walFd);
  }
}

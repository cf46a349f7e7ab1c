import Database from "better-sqlite3";

export type Statement<Parameters extends unknown[] = unknown[], Row = unknown> = Database.Statement<Parameters, Row>;

/**
 * Everything that the library made, for as long as the process lives. Node 24 (24.19 and later) aborts when its garbage
 * collector takes an object of a native module such as this one while no JavaScript runs: `ObjectWrap` then removes a
 * hook of an environment that is not there. What is closed takes some hundred bytes. Release 13 of the library is made
 * differently, but wants Node 22. Source: node_object_wrap.h of Node 24
 */
const held: object[] = [];

/** One connection to a SQLite file. Errors: the library's `SqliteError`, with SQLite's code */
export class SqliteConnection {
  private readonly db: Database.Database;

  constructor(file: string, options: { readonly readonly?: boolean; readonly timeout?: number } = {}) {
    this.db = new Database(file, options);
    held.push(this.db);
  }

  /** To be prepared once and used often: it lives as long as the process. */
  prepare<Parameters extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> {
    const statement = this.db.prepare<Parameters, Row>(sql);
    held.push(statement);
    return statement;
  }

  /** Runs statements whose rows nobody wants. */
  exec(sql: string): void {
    this.db.exec(sql);
  }

  get isInTransaction(): boolean {
    return this.db.inTransaction;
  }

  close(): void {
    this.db.close();
  }
}

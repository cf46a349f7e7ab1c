import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readTextIfPresent, removeFile, writeTextDurably } from "../platform/files.ts";
import type { Ids } from "../platform/ids.ts";
import type { Backend } from "./backend.ts";
import type { BlobStore } from "./blobs.ts";
import { fileBlobStore } from "./file-blobs.ts";
import type { KeptMoment } from "./optimistic.ts";
import { sqliteBackend, type SqliteOptions } from "./sqlite.ts";
import { StoreUnavailable } from "./store.ts";

/** What a fork was made of. */
export type ForkOrigin =
  | { readonly kind: "main" }
  | { readonly kind: "fork"; readonly name: string }
  | { readonly kind: "snapshot"; readonly file: string; readonly fingerprint: string };

/** What is known of a fork while it is not open. */
export interface ForkRecord extends KeptMoment {
  readonly name: string;
  readonly createdAtMs: number;
  readonly of: ForkOrigin;
}

/** Where forks keep what is theirs. */
export interface ForkPlace {
  /** All that were made for good; removes what is left of others. */
  read(): ForkRecord[];
  /** From here on the fork exists. */
  write(record: ForkRecord): void;
  /** From here on it does not, and all that was its is gone. */
  remove(name: string): void;
  recordsOf(name: string): Backend;
  bodiesOf(name: string, ids: Ids): BlobStore;
}

const RECORD = "fork.json";
const VERSION = 1;
/** Forks are many and small. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** A folder for each fork: `fork.json`, which makes it one, `store.sqlite` and `blobs`. */
export function folderPlace(folder: string, durability: SqliteOptions["durability"]): ForkPlace {
  const pathOf = (name: string, ...more: string[]) => join(folder, name, ...more);
  const discard = (name: string) => rmSync(pathOf(name), { recursive: true, force: true });
  return {
    read() {
      if (!existsSync(folder)) return [];
      const records: ForkRecord[] = [];
      for (const name of readdirSync(folder)) {
        const text = readTextIfPresent(pathOf(name, RECORD));
        if (text === undefined) discard(name);
        else records.push(recordIn(text, pathOf(name, RECORD)));
      }
      return records;
    },
    write: (record) =>
      writeTextDurably(pathOf(record.name, RECORD), JSON.stringify({ version: VERSION, ...record }), folder),
    remove(name) {
      removeFile(pathOf(name, RECORD));
      discard(name);
    },
    recordsOf: (name) => sqliteBackend(pathOf(name, "store.sqlite"), { durability, cacheBytes: CACHE_BYTES }),
    bodiesOf: (name, ids) => fileBlobStore(pathOf(name, "blobs"), { ids }),
  };
}

function recordIn(text: string, file: string): ForkRecord {
  const { version, ...record } = JSON.parse(text) as ForkRecord & { readonly version: number };
  if (version === VERSION) return record;
  throw new StoreUnavailable(`${file} has format ${version}, but this engine reads format ${VERSION}; `
    + "use the engine that wrote it, or a newer one.");
}

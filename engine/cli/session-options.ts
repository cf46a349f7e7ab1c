import { directoryOwner } from "../kernel/directory-owner.ts";
import type { LogLevel } from "../platform/log.ts";
import { currentFork } from "./current-fork.ts";
import { absoluteDirectory, type StorageOptions } from "./options.ts";
import type { Format } from "./formats/format-names.ts";
import type { SessionOptions } from "./session.ts";

/** The options that every command takes, as commander gives them. */
export interface CommonOptions {
  readonly format: Format;
  readonly dataDir: string;
  readonly store: string;
  readonly blobs?: string;
  readonly durability: "full" | "relaxed";
  readonly logLevel: LogLevel;
  readonly account?: string;
  readonly region?: string;
  readonly fork?: string;
  /** Of the commands that may have to wait for others. */
  readonly lockTimeout?: number;
}

export function storageFor(options: CommonOptions): StorageOptions {
  const { store, blobs, durability, logLevel, dataDir } = options;
  return { store, blobs, durability, logLevel, dataDirectory: absoluteDirectory(dataDir) };
}

/** The fork that is named, else the one that was chosen for the data directory, if that is what is worked on. */
export function forkFor(options: CommonOptions): string | undefined {
  const named = options.fork ?? process.env.CLOUDSTACKS_FORK;
  if (named !== undefined) return named;
  const { dataDirectory, store } = storageFor(options);
  const endpoint = process.env.CLOUDSTACKS_ENDPOINT;
  const isOfDirectory = endpoint === undefined || directoryOwner(dataDirectory)?.endpoint === endpoint;
  return isOfDirectory && store === "sqlite" ? currentFork(dataDirectory) : undefined;
}

export function sessionFor(options: CommonOptions): SessionOptions {
  return {
    ...storageFor(options),
    account: options.account,
    region: options.region,
    fork: forkFor(options),
    endpoint: process.env.CLOUDSTACKS_ENDPOINT,
    lockTimeoutMs: options.lockTimeout,
  };
}

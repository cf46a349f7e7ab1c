import type { LogLevel } from "../platform/log.ts";
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
  /** Of the commands that may have to wait for others. */
  readonly lockTimeout?: number;
}

export function storageFor(options: CommonOptions): StorageOptions {
  const { store, blobs, durability, logLevel, dataDir } = options;
  return { store, blobs, durability, logLevel, dataDirectory: absoluteDirectory(dataDir) };
}

export function sessionFor(options: CommonOptions): SessionOptions {
  return {
    ...storageFor(options),
    account: options.account,
    region: options.region,
    endpoint: process.env.CLOUDSTACKS_ENDPOINT,
    lockTimeoutMs: options.lockTimeout,
  };
}

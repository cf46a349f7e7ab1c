import { join } from "node:path";
import type { Clock } from "../platform/clock.ts";
import { readTextIfPresent, writeTextAtomically } from "../platform/files.ts";
import type { Ids } from "../platform/ids.ts";
import type { KeyPair } from "./certificates.ts";

/** Names by which clients reach the engine over TLS; wildcards for virtual-host style buckets. */
const NAMES = [
  "localhost",
  "*.localhost",
  "*.s3.localhost",
  "localhost.localstack.cloud",
  "*.localhost.localstack.cloud",
  "*.s3.localhost.localstack.cloud",
  "cloudstacks.localhost",
  "*.cloudstacks.localhost",
];
const ADDRESSES = ["127.0.0.1", "::1"];

/** Where the authority's certificate stands, for clients to trust. */
export const authorityFile = (dataDirectory: string): string => join(dataDirectory, "tls", "ca.pem");

function readPair(folder: string | undefined, name: string): KeyPair | undefined {
  if (folder === undefined) return undefined;
  const certificate = readTextIfPresent(join(folder, `${name}.pem`));
  const privateKey = readTextIfPresent(join(folder, `${name}-key.pem`));
  return certificate !== undefined && privateKey !== undefined ? { certificate, privateKey } : undefined;
}

function writePair(folder: string, name: string, pair: KeyPair): KeyPair {
  writeTextAtomically(join(folder, `${name}-key.pem`), pair.privateKey, 0o600);
  writeTextAtomically(join(folder, `${name}.pem`), pair.certificate);
  return pair;
}

/**
 * The engine's certificate, signed by this data directory's own authority; both are made at first use and kept.
 * Why: a user trusts one file once, and no key leaves the machine.
 */
export async function serverCertificate(dataDirectory: string | undefined, clock: Clock, ids: Ids): Promise<KeyPair> {
  const folder = dataDirectory === undefined ? undefined : join(dataDirectory, "tls");
  const kept = readPair(folder, "server");
  if (kept) return kept;
  // Loaded here because it is large and many runs never see TLS.
  const { createAuthority, createServerCertificate } = await import("./certificates.ts");
  // A serial number is a positive integer: its first bit stays clear.
  const serial = () => `0${ids.hex(15)}`;
  const authority = readPair(folder, "ca") ?? (await createAuthority(clock.nowMs(), serial()));
  const server = await createServerCertificate(authority, NAMES, ADDRESSES, clock.nowMs(), serial());
  if (folder === undefined) return server;
  writePair(folder, "ca", authority);
  return writePair(folder, "server", server);
}

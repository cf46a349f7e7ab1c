import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import type { Clock } from "../platform/clock.ts";
import { readTextIfPresent, writeTextAtomically } from "../platform/files.ts";
import type { Ids } from "../platform/ids.ts";
import { createAuthority, createServerCertificate, type KeyPair } from "./certificates.ts";

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
/** 127.0.0.1 and ::1 */
const ADDRESSES = [Uint8Array.of(127, 0, 0, 1), new Uint8Array(16).fill(1, 15)];
/** A certificate this near to its end is replaced. */
const RENEWED_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

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

const endsAtMs = ({ certificate }: KeyPair): number => Date.parse(new X509Certificate(certificate).validTo);

/**
 * The engine's certificate, signed by this data directory's own authority; both are made at the first start and kept.
 * Why: a user trusts one file once, and no key leaves the machine.
 */
export function serverCertificate(dataDirectory: string | undefined, clock: Clock, ids: Ids): KeyPair {
  const folder = dataDirectory === undefined ? undefined : join(dataDirectory, "tls");
  const isLasting = (pair: KeyPair) => endsAtMs(pair) - RENEWED_BEFORE_MS > clock.nowMs();
  const kept = readPair(folder, "server");
  const keptAuthority = readPair(folder, "ca");
  if (kept && keptAuthority && isLasting(kept) && isLasting(keptAuthority)) return kept;
  // A serial number is a positive integer: its first byte is neither zero nor above 0x7f.
  const serial = () => `4${ids.hex(31)}`;
  const isAuthorityKept = keptAuthority !== undefined && isLasting(keptAuthority);
  const authority = isAuthorityKept ? keptAuthority : createAuthority(clock.nowMs(), serial());
  const server = createServerCertificate(authority, NAMES, ADDRESSES, clock.nowMs(), serial());
  if (folder === undefined) return server;
  if (!isAuthorityKept) writePair(folder, "ca", authority);
  return writePair(folder, "server", server);
}

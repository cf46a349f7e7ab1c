import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { certificateOf, criticalExtension, extension } from "../platform/certificate.ts";
import { bits, implicit, integer, objectId, octets, sequence, yes } from "../platform/der.ts";

/** PEM texts of a certificate and its private key. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

const AUTHORITY_DAYS = 3650;
/** Clients refuse server certificates that live longer than 825 days. */
const SERVER_DAYS = 800;
const AUTHORITY_NAME = "CloudStacks local authority";

/** Bits of a key's usages as X.509 orders them, from the first of their byte. */
const SIGNS_CERTIFICATES_AND_LISTS = bits(Uint8Array.of(0b0000_0110), 1);
const SIGNS = bits(Uint8Array.of(0b1000_0000), 7);
const SIGNS_AND_AGREES = bits(Uint8Array.of(0b1010_1100), 2);
const SERVES_TLS = objectId("1.3.6.1.5.5.7.3.1");
const ASKS_BY_TLS = objectId("1.3.6.1.5.5.7.3.2");
const PLUGIN_DAYS = 1;

/** An elliptic key's bits are the last 65 bytes of its structure. */
const keyIdentifierOf = (key: KeyObject): Uint8Array =>
  createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }).subarray(-65))
    .digest();

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }) as string;

/** A certificate authority of this machine's own. It signs nothing but the engine's own certificate. */
export function createAuthority(nowMs: number, serialHex: string): KeyPair {
  const { publicKey, privateKey } = newKeys();
  const identifier = keyIdentifierOf(publicKey);
  const isAuthorityOfServersOnly = sequence(yes, integer(Uint8Array.of(0)));
  const extensions = [
    criticalExtension("2.5.29.19", isAuthorityOfServersOnly),
    criticalExtension("2.5.29.15", SIGNS_CERTIFICATES_AND_LISTS),
    extension("2.5.29.14", octets(identifier)),
  ];
  const content = { issuer: AUTHORITY_NAME, subject: AUTHORITY_NAME, days: AUTHORITY_DAYS, serialHex, nowMs };
  return {
    certificate: certificateOf({ ...content, publicKey, extensions }, privateKey),
    privateKey: pemOf(privateKey),
  };
}

/** The engine's certificate for the DNS names and IPv4 or IPv6 addresses that clients reach it by. */
export function createServerCertificate(
  authority: KeyPair,
  names: readonly string[],
  addresses: readonly Uint8Array[],
  nowMs: number,
  serialHex: string,
): KeyPair {
  const authorityKey = createPrivateKey(authority.privateKey);
  const { publicKey, privateKey } = newKeys();
  const alternatives = sequence(
    ...names.map((name) => implicit(2, Buffer.from(name))),
    ...addresses.map((address) => implicit(7, address)),
  );
  const isNoAuthority = sequence();
  const extensions = [
    criticalExtension("2.5.29.19", isNoAuthority),
    criticalExtension("2.5.29.15", SIGNS),
    extension("2.5.29.37", sequence(SERVES_TLS)),
    extension("2.5.29.17", alternatives),
    extension("2.5.29.14", octets(keyIdentifierOf(publicKey))),
    extension("2.5.29.35", sequence(implicit(0, keyIdentifierOf(createPublicKey(authorityKey))))),
  ];
  const content = { issuer: AUTHORITY_NAME, subject: "localhost", days: SERVER_DAYS, serialHex, nowMs };
  return {
    certificate: certificateOf({ ...content, publicKey, extensions }, authorityKey),
    privateKey: pemOf(privateKey),
  };
}

/** A certificate that vouches for itself, for one run of a plugin: its client is handed it and trusts no other. */
export function createPluginCertificate(nowMs: number, serialHex: string): KeyPair {
  const { publicKey, privateKey } = newKeys();
  const extensions = [
    criticalExtension("2.5.29.19", sequence(yes)),
    criticalExtension("2.5.29.15", SIGNS_AND_AGREES),
    extension("2.5.29.37", sequence(SERVES_TLS, ASKS_BY_TLS)),
    extension("2.5.29.17", sequence(implicit(2, Buffer.from("localhost")))),
  ];
  const content = { issuer: "localhost", subject: "localhost", days: PLUGIN_DAYS, serialHex, nowMs };
  return {
    certificate: certificateOf({ ...content, publicKey, extensions }, privateKey),
    privateKey: pemOf(privateKey),
  };
}

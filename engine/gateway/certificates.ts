import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import {
  bits,
  explicit,
  implicit,
  integer,
  objectId,
  octets,
  sequence,
  set,
  text,
  time,
  yes,
  type Der,
} from "./der.ts";

/** PEM texts of a certificate and its private key. */
export interface KeyPair {
  readonly certificate: string;
  readonly privateKey: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Clients refuse server certificates that live longer than 825 days. */
const SERVER_DAYS = 800;
const AUTHORITY_NAME = "CloudStacks local authority";

/** ECDSA over SHA-256. */
const SIGNED_WITH = sequence(objectId("1.2.840.10045.4.3.2"));
/** Bits of a key's usages as X.509 orders them, from the first of their byte. */
const SIGNS_CERTIFICATES_AND_LISTS = bits(Uint8Array.of(0b0000_0110), 1);
const SIGNS = bits(Uint8Array.of(0b1000_0000), 7);
const SERVES_TLS = objectId("1.3.6.1.5.5.7.3.1");

const nameOf = (commonName: string): Der => sequence(set(sequence(objectId("2.5.4.3"), text(commonName))));
const extension = (id: string, value: Der): Der => sequence(objectId(id), octets(value));
const criticalExtension = (id: string, value: Der): Der => sequence(objectId(id), yes, octets(value));

/** An elliptic key's bits are the last 65 bytes of its structure. */
const keyIdentifierOf = (key: KeyObject): Uint8Array =>
  createHash("sha1")
    .update(key.export({ type: "spki", format: "der" }).subarray(-65))
    .digest();

interface Content {
  readonly serialHex: string;
  readonly issuer: string;
  readonly subject: string;
  readonly nowMs: number;
  readonly days: number;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Der[];
}

/**
 * A signed certificate as PEM. A clock that is a day behind still takes it for valid.
 * Source: RFC 5280, section 4
 */
function certificateOf(content: Content, signingKey: KeyObject): string {
  const { serialHex, issuer, subject, nowMs, days, publicKey, extensions } = content;
  const thirdVersion = explicit(0, integer(Uint8Array.of(2)));
  const signed = sequence(
    thirdVersion,
    integer(Buffer.from(serialHex, "hex")),
    SIGNED_WITH,
    nameOf(issuer),
    sequence(time(nowMs - DAY_MS), time(nowMs + days * DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions)),
  );
  const whole = sequence(signed, SIGNED_WITH, bits(sign("sha256", signed, signingKey)));
  const lines =
    Buffer.from(whole)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

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

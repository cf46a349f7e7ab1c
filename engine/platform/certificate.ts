import { sign, type KeyObject } from "node:crypto";
import { bits, explicit, integer, nothing, objectId, octets, sequence, set, text, time, yes, type Der } from "./der.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** SHA-256 with the kind of key that signs. */
const SIGNED_WITH: Readonly<Record<string, Der>> = {
  ec: sequence(objectId("1.2.840.10045.4.3.2")),
  rsa: sequence(objectId("1.2.840.113549.1.1.11"), nothing),
};

const nameOf = (commonName: string): Der => sequence(set(sequence(objectId("2.5.4.3"), text(commonName))));
export const extension = (id: string, value: Der): Der => sequence(objectId(id), octets(value));
export const criticalExtension = (id: string, value: Der): Der => sequence(objectId(id), yes, octets(value));

export interface CertificateContent {
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
export function certificateOf(content: CertificateContent, signingKey: KeyObject): string {
  const { serialHex, issuer, subject, nowMs, days, publicKey, extensions } = content;
  const signedWith = SIGNED_WITH[signingKey.asymmetricKeyType ?? ""];
  if (signedWith === undefined) throw new Error(`No certificate is signed with a ${signingKey.asymmetricKeyType} key.`);
  const thirdVersion = explicit(0, integer(Uint8Array.of(2)));
  const signed = sequence(
    thirdVersion,
    integer(Buffer.from(serialHex, "hex")),
    signedWith,
    nameOf(issuer),
    sequence(time(nowMs - DAY_MS), time(nowMs + days * DAY_MS)),
    nameOf(subject),
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(...extensions)),
  );
  const whole = sequence(signed, signedWith, bits(sign("sha256", signed, signingKey)));
  const lines =
    Buffer.from(whole)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

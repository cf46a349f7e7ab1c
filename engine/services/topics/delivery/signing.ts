import { createPrivateKey, createPublicKey, generateKeyPair, hash, sign, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { certificateOf } from "../../../platform/certificate.ts";
import type { Transaction } from "../../../kernel/store.ts";

/** The engine's key, made when the first notification is signed. */
const KEY = ["topics", "signingKey"];
interface KeyRecord {
  readonly version: 1;
  readonly privateKey: string;
  /** Made when it is first asked for. */
  readonly certificate?: string;
}

/** No secret hangs on this key, and one of 2048 bits takes more than three times as long for every message. */
const KEY_BITS = 1024;
const SERIAL_DIGITS = 30;
const generate = promisify(generateKeyPair);
let making: Promise<KeyObject> | undefined;
/** Many first messages at once ask for a key; they get the same one, and one of them keeps it. */
const newKey = (): Promise<KeyObject> =>
  (making ??= generate("rsa", { modulusLength: KEY_BITS }).then(({ privateKey }) => privateKey));

const signAside = promisify<string, Uint8Array, KeyObject, Buffer>(sign);
/** Parsing a key takes longer than signing half a message; records are the same object as long as they are cached. */
const parsed = new WeakMap<KeyRecord, KeyObject>();

const pemOf = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }) as string;

export async function signingKey(tx: Transaction): Promise<KeyObject> {
  const record = await tx.get<KeyRecord>(KEY);
  if (record === undefined) {
    const privateKey = await newKey();
    tx.set(KEY, { version: 1, privateKey: pemOf(privateKey) } satisfies KeyRecord);
    return privateKey;
  }
  let key = parsed.get(record);
  if (key === undefined) {
    key = createPrivateKey(record.privateKey);
    parsed.set(record, key);
  }
  return key;
}

const CERTIFICATE_DAYS = 3650;
const SUBJECT = "CloudStacks notifications";

/** What receivers verify notifications with: a certificate that the signing key has signed itself. */
export async function signingCertificate(tx: Transaction, nowMs: number): Promise<string> {
  const key = await signingKey(tx);
  const record = (await tx.get<KeyRecord>(KEY)) as KeyRecord;
  if (record.certificate !== undefined) return record.certificate;
  const publicKey = createPublicKey(key);
  const serialHex = hash("sha256", publicKey.export({ type: "spki", format: "pem" }), "hex").slice(0, SERIAL_DIGITS);
  const content = { serialHex: `01${serialHex}`, issuer: SUBJECT, subject: SUBJECT, nowMs, days: CERTIFICATE_DAYS };
  const certificate = certificateOf({ ...content, publicKey, extensions: [] }, key);
  tx.set(KEY, { ...record, certificate } satisfies KeyRecord);
  return certificate;
}

/** The members that are signed, in this order, as far as the document has them. */
const SIGNED_MEMBERS = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

/**
 * The signature of a document as text in base 64. It is made aside of the main thread.
 * Source: SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"
 */
export async function signatureOf(
  document: Readonly<Record<string, unknown>>,
  version: 1 | 2,
  key: KeyObject,
): Promise<string> {
  const lines = SIGNED_MEMBERS.flatMap((name) => {
    const value = document[name];
    return value === undefined ? [] : [name, String(value)];
  });
  const signed = Buffer.from(`${lines.join("\n")}\n`);
  return (await signAside(version === 1 ? "RSA-SHA1" : "RSA-SHA256", signed, key)).toString("base64");
}

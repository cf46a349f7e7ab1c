import { createHmac } from "node:crypto";
import { newSeal, type OpenSeal, sealBytes, unsealed, isSealed, openBytes } from "../../kernel/sealed-body.ts";
import type { StoredBody } from "../../kernel/blobs.ts";
import { invariant } from "../../platform/invariant.ts";
import type { Random } from "../../platform/random.ts";
import { errors } from "./errors.ts";
import type { Bucket, Encryption, ObjectVersion } from "./model.ts";

/**
 * Encryption at rest. Every sealed body has a key of its own, kept wrapped: in the customer's key, which nobody keeps,
 * or in one that is derived from the bucket's secret, for each named key another.
 */

/** Of the key that a customer brings. */
const KEY_BYTES = 32;

/** How a new body is to be sealed; undefined where neither the writer nor the bucket asked for it. */
export const encryptionAsked = (bucket: Bucket, given: Encryption | undefined): Encryption | undefined =>
  given ?? (bucket.sealsBodies ? bucket.encryption : undefined);

/** What the key of a body is wrapped in. Errors: `EncryptionKeyMissing` */
export function wrappingKeyOf(bucket: Bucket, encryption: Encryption, customerKey: string | undefined): Uint8Array {
  if (encryption.kind === "customer") {
    const key = Buffer.from(customerKey ?? "", "base64");
    if (key.length !== KEY_BYTES) throw errors.EncryptionKeyMissing();
    return key;
  }
  const name = encryption.kind === "provider" ? "provider" : `${encryption.kind} ${encryption.keyId ?? ""}`;
  return createHmac("sha256", bucket.secret).update(name).digest();
}

/** The seal for a new body, or undefined where none is asked for. */
export function sealFor(
  random: Random,
  bucket: Bucket,
  given: Encryption | undefined,
  customerKey: string | undefined,
): OpenSeal | undefined {
  const encryption = encryptionAsked(bucket, given);
  return encryption && newSeal(random, wrappingKeyOf(bucket, encryption, customerKey));
}

/** A body that came unsealed is sealed now: only small ones do, whose bytes are at hand. */
export function sealedNow(body: StoredBody, seal: OpenSeal | undefined): StoredBody {
  if (!seal || isSealed(body) || body.sizeBytes === 0) return body;
  invariant(body.inline, "a body that comes as a stream is sealed on its way in");
  const { nonce, wrapped } = seal;
  return { ...body, inline: sealBytes(body.inline, seal), seal: { nonce, wrapped } };
}

/** A version's body with its keys at hand; bytes that lie in its record are opened at once. */
export function openedBody(
  bucket: Bucket,
  version: Pick<ObjectVersion, "encryption">,
  body: StoredBody,
  customerKey: string | undefined,
): StoredBody {
  if (!isSealed(body)) return body;
  const opened = unsealed(body, wrappingKeyOf(bucket, version.encryption ?? { kind: "provider" }, customerKey));
  const { inline, seal, ...rest } = opened;
  if (inline === undefined || seal?.key === undefined) return opened;
  return { ...rest, inline: openBytes(inline, { ...seal, key: seal.key }) };
}

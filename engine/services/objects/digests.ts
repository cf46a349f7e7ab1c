import { Type, type Static } from "typebox";
import type { Digester, StoredBody } from "../../kernel/blobs.ts";
import {
  base64OfHex,
  checksumDigester,
  DEFAULT_ALGORITHM,
  hexOfBase64,
  md5Digester,
  type ChecksumAlgorithm,
} from "../../kernel/checksums.ts";
import { errors } from "./errors.ts";
import type { Checksum, ObjectVersion } from "./model.ts";
import { checksumWanted } from "./schemas.ts";

/** What sees the bytes of a body: for its entity tag, for the checksum named or the one that all have, for another. */
export function digestersFor(
  algorithm: ChecksumAlgorithm = DEFAULT_ALGORITHM,
  other: ChecksumAlgorithm = algorithm,
): Record<string, Digester> {
  const digesters: Record<string, Digester> = { md5: md5Digester() };
  digesters[algorithm] = checksumDigester(algorithm);
  if (other !== algorithm) digesters[other] = checksumDigester(other);
  return digesters;
}

/** The digests of few bytes that are at hand. */
export function digestsOf(bytes: Uint8Array): StoredBody["digests"] {
  const digests: Record<string, string> = {};
  for (const [name, digester] of Object.entries(digestersFor())) {
    digester.update(bytes);
    digests[name] = digester.hex();
  }
  return digests;
}

/** What the writer of a body says of its bytes. */
export const bodyDigests = {
  checksum: Type.Optional(checksumWanted),
  md5: Type.Optional(Type.String({ description: "What the body's MD5 must be, base64." })),
  digestsLocked: Type.Optional(
    Type.Boolean({ description: "What would be locked is refused when neither of the two is given." }),
  ),
};
const digested = Type.Object(bodyDigests);

/** What nobody can put right later must be what its writer meant. Throws `DigestMissing`. */
export function checkDigested(
  what: "object" | "part",
  locked: Pick<ObjectVersion, "retention" | "hasLegalHold">,
  input: Static<typeof digested>,
): void {
  if (!input.digestsLocked || (!locked.retention && !locked.hasLegalHold)) return;
  if (!input.checksum && input.md5 === undefined) throw errors.DigestMissing({ what });
}

/** The body's checksum, compared with what the writer said it must be. Throws `ChecksumMismatch`. */
export function checksumOfBody(
  { digests }: StoredBody,
  wanted: Static<typeof checksumWanted> | undefined,
  md5Wanted: string | undefined,
): Checksum {
  if (md5Wanted !== undefined && hexOfBase64(md5Wanted) !== digests["md5"])
    throw errors.ChecksumMismatch({ algorithm: "Content-MD5" });
  const algorithm = wanted?.algorithm ?? DEFAULT_ALGORITHM;
  const value = base64OfHex(digests[algorithm] ?? "");
  if (wanted?.value !== undefined && wanted.value !== value) throw errors.ChecksumMismatch({ algorithm });
  return { algorithm, value };
}

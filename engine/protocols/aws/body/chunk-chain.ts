import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { refusal } from "../signature-check.ts";
import type { ChunkSeed } from "../signature.ts";
import { malformedTrailer } from "./malformed-body.ts";

const EMPTY_SHA256 = createHash("sha256").update("").digest("hex");
const TRAILER_SIGNATURE = "x-amz-trailer-signature";

/**
 * Compares the signatures inside a body, one after the other as its bytes pass.
 * Source: S3 API Reference, "Signature calculations: transferring payload in multiple chunks"
 */
export class ChunkChain {
  readonly #seed: ChunkSeed;
  #previous: string;
  #hash = createHash("sha256");

  constructor(seed: ChunkSeed) {
    this.#seed = seed;
    this.#previous = seed.signature;
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  /** Ends a chunk, the empty last one too. Errors: `SignatureDoesNotMatch` */
  endChunk(signature: string | undefined): void {
    const chunk = `${EMPTY_SHA256}\n${this.#hash.digest("hex")}`;
    this.#hash = createHash("sha256");
    this.#link("AWS4-HMAC-SHA256-PAYLOAD", chunk, signature);
  }

  /** Names in lower case. Errors: `SignatureDoesNotMatch`, `MalformedTrailerError` */
  endTrailers(trailers: ReadonlyMap<string, string>): void {
    if (!this.#seed.hasSignedTrailer) return;
    const signature = trailers.get(TRAILER_SIGNATURE);
    if (signature === undefined) throw malformedTrailer();
    const lines = [...trailers]
      .filter(([name]) => name !== TRAILER_SIGNATURE)
      .map(([name, value]) => `${name}:${value}\n`)
      .sort();
    const content = createHash("sha256").update(lines.join("")).digest("hex");
    this.#link("AWS4-HMAC-SHA256-TRAILER", content, signature);
  }

  #link(algorithm: string, content: string, given = ""): void {
    const { key, at, scope } = this.#seed;
    const text = [algorithm, at, scope, this.#previous, content].join("\n");
    const expected = createHmac("sha256", key).update(text).digest("hex");
    const isSame = given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
    if (!isSame) throw refusal("SignatureDoesNotMatch", true);
    this.#previous = expected;
  }
}

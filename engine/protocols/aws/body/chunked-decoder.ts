import type { ChunkChain } from "./chunk-chain.ts";
import { incompleteBody, malformedChunk, malformedTrailer } from "./malformed-body.ts";

const LINE_BYTES_MAX = 4096;
const CHUNK_HEAD = /^([0-9a-fA-F]{1,12})(?:\s*;\s*chunk-signature=([0-9a-f]*))?\s*$/;

/**
 * Takes the frames off an aws-chunked body: `size[;chunk-signature=hex]`, the bytes, and after the empty last chunk the
 * trailers. Holds back nothing but an unfinished line, so bodies of any size pass through. Signatures are compared
 * where there is a chain of them; a body of which one is wrong ends in an `AwsFailure`.
 */
export class ChunkedDecoder {
  /** Names in lower case; complete once `end` has returned. */
  readonly trailers = new Map<string, string>();
  #state: "head" | "bytes" | "after" | "trailer" | "done" = "head";
  #left = 0;
  #line: Buffer = Buffer.alloc(0);
  readonly #chain: ChunkChain | undefined;
  /** Of the chunk whose bytes come. */
  #signature: string | undefined;

  constructor(chain?: ChunkChain) {
    this.#chain = chain;
  }

  /** The decoded bytes that `chunk` brought. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === "bytes") {
        const end = Math.min(chunk.length, at + this.#left);
        const bytes = chunk.subarray(at, end);
        out.push(bytes);
        this.#chain?.update(bytes);
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#endChunk("after");
        continue;
      }
      const newline = chunk.indexOf(0x0a, at);
      const end = newline < 0 ? chunk.length : newline + 1;
      this.#line =
        this.#line.length === 0 ? chunk.subarray(at, end) : Buffer.concat([this.#line, chunk.subarray(at, end)]);
      at = end;
      if (this.#line.length > LINE_BYTES_MAX) throw malformedChunk();
      if (newline >= 0) this.#endLine();
    }
    // What is kept must not be a view of a buffer that the socket may use again.
    if (this.#line.length > 0) this.#line = Buffer.from(this.#line);
    return out;
  }

  #endLine(): void {
    const line = this.#line.toString("latin1").replace(/\r?\n$/, "");
    this.#line = Buffer.alloc(0);
    if (this.#state === "head") this.#head(line);
    else if (this.#state === "trailer") this.#trailer(line);
    else if (line !== "") throw malformedChunk();
    else if (this.#state === "after") this.#state = "head";
  }

  #head(line: string): void {
    const head = CHUNK_HEAD.exec(line);
    if (head === null) throw malformedChunk();
    this.#left = Number.parseInt(head[1] as string, 16);
    this.#signature = head[2];
    if (this.#left === 0) this.#endChunk("trailer");
    else this.#state = "bytes";
  }

  #endChunk(next: "after" | "trailer"): void {
    this.#chain?.endChunk(this.#signature);
    this.#state = next;
  }

  #trailer(line: string): void {
    if (line === "") {
      this.#state = "done";
      return;
    }
    const colon = line.indexOf(":");
    if (colon <= 0 || this.trailers.size > 16) throw malformedTrailer();
    this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }

  /** Says that the body ends here. Some clients leave the last empty line out. */
  end(): void {
    if (this.#line.length > 0 && this.#state === "trailer") this.#endLine();
    if (this.#state !== "done" && this.#state !== "trailer") throw incompleteBody();
    this.#chain?.endTrailers(this.trailers);
  }
}

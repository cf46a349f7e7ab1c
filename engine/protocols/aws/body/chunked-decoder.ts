import { AwsFailure } from "../codec.ts";

const LINE_BYTES_MAX = 4096;
const CHUNK_HEAD = /^([0-9a-fA-F]{1,12})(?:\s*;\s*chunk-signature=([0-9a-f]*))?\s*$/;

export function incompleteBody(message = "The request body terminated unexpectedly"): AwsFailure {
  return new AwsFailure({ code: "IncompleteBody", status: 400, message });
}

function malformedChunk(): AwsFailure {
  return new AwsFailure({ code: "InvalidRequest", status: 400, message: "The aws-chunked body is not well-formed." });
}

export function malformedTrailer(): AwsFailure {
  const message =
    "The request contained trailing data that was not well-formed or did not conform to our published schema.";
  return new AwsFailure({ code: "MalformedTrailerError", status: 400, message });
}

/**
 * Takes the frames off an aws-chunked body: `size[;chunk-signature=hex]`, the bytes, and after the empty last chunk the
 * trailers. Holds back nothing but an unfinished line, so bodies of any size pass through.
 */
export class ChunkedDecoder {
  /** Names in lower case; complete once `end` has returned. */
  readonly trailers = new Map<string, string>();
  #state: "head" | "bytes" | "after" | "trailer" | "done" = "head";
  #left = 0;
  #line: Buffer = Buffer.alloc(0);

  /** The decoded bytes that `chunk` brought. */
  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === "bytes") {
        const end = Math.min(chunk.length, at + this.#left);
        out.push(chunk.subarray(at, end));
        this.#left -= end - at;
        at = end;
        if (this.#left === 0) this.#state = "after";
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
    this.#state = this.#left === 0 ? "trailer" : "bytes";
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
  }
}

import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as httpsRequest } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { percentEncoded } from "../platform/percent-encoding.ts";
import type { Clock } from "../platform/clock.ts";
import { describeS3Location, type S3Location } from "./s3-location.ts";
import { sha256, signedHeaders } from "./s3-signing.ts";
import { StoreUnavailable } from "./store.ts";

/** With no byte for so long, a connection is given up. */
const SILENCE_MS = 30_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 50;

interface Wish {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the bucket, not encoded; the bucket itself when it is empty. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Answers other than 2xx that the caller makes something of. */
  readonly accepts?: readonly number[];
}

export interface ListedBlob {
  readonly key: string;
  /** What follows the prefix. */
  readonly name: string;
  readonly modifiedAtMs: number;
  readonly etag: string;
}

export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedAtMs: number;
}

const element = (xml: string, name: string): string =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.replaceAll("&quot;", '"').replaceAll("&amp;", "&") ?? "";
const elements = (xml: string, name: string): string[] =>
  xml.split(`<${name}>`).slice(1).map((rest) => rest.slice(0, rest.indexOf(`</${name}>`)));

/**
 * The few requests that bodies need of an S3-compatible store.
 * Errors: `StoreUnavailable` with what the store said, or what keeps it from being reached, after a few attempts
 */
export class S3Client {
  private readonly location: S3Location;
  private readonly clock: Clock;
  private readonly isSecure: boolean;
  private readonly agent: Agent;

  constructor(location: S3Location, clock: Clock) {
    this.location = location;
    this.clock = clock;
    this.isSecure = location.endpoint.protocol === "https:";
    this.agent = this.isSecure ? new SecureAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  }

  async put(key: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.ask({ method: "PUT", key, body, headers });
  }

  /** Writes an object unless there is one; whether it did. */
  async putNew(key: string, body: Uint8Array): Promise<boolean> {
    const headers = { "if-none-match": "*" };
    const { status } = await this.ask({ method: "PUT", key, body, headers, accepts: [409, 412] });
    return status < 300;
  }

  async read(key: string): Promise<string> {
    return (await this.ask({ method: "GET", key })).text;
  }

  async delete(key: string): Promise<void> {
    await this.ask({ method: "DELETE", key });
  }

  /** The bytes of an object from `start` to `end`, both inclusive; undefined when it is gone or ends before `start`. */
  async open(key: string, start: number, end: number): Promise<IncomingMessage | undefined> {
    const headers = { range: `bytes=${start}-${end}` };
    const answer = await this.answerTo({ method: "GET", key, headers, accepts: [404, 416] });
    const { statusCode } = answer;
    if (statusCode === 206) return answer;
    answer.destroy();
    if (statusCode !== 200) return undefined;
    throw this.unavailable("it does not know ranges");
  }

  async beginUpload(key: string): Promise<string> {
    const uploadId = element((await this.ask({ method: "POST", key, query: { uploads: "" } })).text, "UploadId");
    if (uploadId === "") throw this.unavailable("it began an upload without telling its id");
    return uploadId;
  }

  /** Its ETag. */
  async uploadPart(key: string, uploadId: string, number: number, body: Uint8Array): Promise<string> {
    return (await this.ask({ method: "PUT", key, body, query: { partNumber: String(number), uploadId } })).etag;
  }

  async completeUpload(key: string, uploadId: string, etags: readonly string[]): Promise<void> {
    const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
    const xml = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
    const answer = await this.ask({ method: "POST", key, query: { uploadId }, body: Buffer.from(xml) });
    // S3 may begin to answer before it knows: a failure then stands in the body of a 200.
    if (answer.text.includes("<Error>")) throw this.refused(200, answer.text);
  }

  async abortUpload(key: string, uploadId: string): Promise<void> {
    await this.ask({ method: "DELETE", key, query: { uploadId }, accepts: [404] });
  }

  async *list(): AsyncGenerator<ListedBlob> {
    const { prefix } = this.location;
    let token: string | undefined;
    do {
      const query = { "list-type": "2", prefix, ...(token !== undefined && { "continuation-token": token }) };
      const xml = (await this.ask({ method: "GET", key: "", query })).text;
      for (const one of elements(xml, "Contents")) {
        const key = element(one, "Key");
        const modifiedAtMs = Date.parse(element(one, "LastModified"));
        yield { key, name: key.slice(prefix.length), modifiedAtMs, etag: element(one, "ETag") };
      }
      token = element(xml, "IsTruncated") === "true" ? element(xml, "NextContinuationToken") : undefined;
    } while (token !== undefined);
  }

  async *listUploads(): AsyncGenerator<ListedUpload> {
    let marks: Record<string, string> | undefined = {};
    while (marks) {
      const query = { ...marks, prefix: this.location.prefix, uploads: "" };
      const { text: xml } = await this.ask({ method: "GET", key: "", query });
      for (const one of elements(xml, "Upload")) {
        const startedAtMs = Date.parse(element(one, "Initiated"));
        yield { key: element(one, "Key"), uploadId: element(one, "UploadId"), startedAtMs };
      }
      marks = undefined;
      if (element(xml, "IsTruncated") === "true")
        marks = { "key-marker": element(xml, "NextKeyMarker"), "upload-id-marker": element(xml, "NextUploadIdMarker") };
    }
  }

  private async ask(wish: Wish): Promise<{ status: number; text: string; etag: string }> {
    const answer = await this.answerTo(wish);
    try {
      return { status: answer.statusCode ?? 0, text: await text(answer), etag: answer.headers.etag ?? "" };
    } catch (problem) {
      throw this.unavailable((problem as Error).message, problem);
    }
  }

  /** Sends a request, again when it failed in a way that may pass: each of them may be repeated without harm. */
  private async answerTo(wish: Wish): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      let failure: StoreUnavailable;
      try {
        const answer = await this.send(wish);
        const status = answer.statusCode ?? 0;
        if ((status >= 200 && status < 300) || wish.accepts?.includes(status)) return answer;
        failure = this.refused(status, await text(answer));
        if (status < 500 && status !== 429) throw failure;
      } catch (problem) {
        if (problem instanceof StoreUnavailable) throw problem;
        const { message, code } = problem as NodeJS.ErrnoException;
        failure = this.unavailable(message || String(code), problem);
      }
      if (attempt === ATTEMPTS) throw failure;
      await delay(FIRST_PAUSE_MS * 2 ** attempt);
    }
  }

  private send({ method, key, query = {}, headers = {}, body }: Wish): Promise<IncomingMessage> {
    const { endpoint, bucket, region, credentials } = this.location;
    const base = endpoint.pathname.replace(/\/$/, "");
    const path = `${base}/${bucket}/${key.split("/").map(percentEncoded).join("/")}`;
    const pairs = Object.entries(query).map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`);
    const search = pairs.toSorted().join("&");
    // TLS guards the bytes on their way; without it the signature does.
    const payloadHash = this.isSecure && body ? "UNSIGNED-PAYLOAD" : sha256(body ?? "");
    const unsigned = { method, host: endpoint.host, path, query: search, headers, payloadHash };
    const signed = signedHeaders(unsigned, credentials, region, this.clock.nowMs());
    if (body || method === "PUT" || method === "POST") signed["content-length"] = String(body?.byteLength ?? 0);
    return new Promise((resolve, reject) => {
      const options = {
        method,
        host: endpoint.hostname.replaceAll(/^\[|\]$/g, ""),
        port: endpoint.port,
        path: search === "" ? path : `${path}?${search}`,
        headers: signed,
        agent: this.agent,
        timeout: SILENCE_MS,
      };
      const outgoing = (this.isSecure ? httpsRequest : httpRequest)(options, resolve);
      outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${SILENCE_MS / 1000} seconds`)));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  private refused(status: number, xml: string): StoreUnavailable {
    const said = [element(xml, "Code"), element(xml, "Message")].filter((part) => part !== "").join(": ");
    return this.unavailable(`it answered ${status}${said === "" ? "" : `, ${said}`}`);
  }

  unavailable(why: string, cause?: unknown): StoreUnavailable {
    const message = `The bodies in ${describeS3Location(this.location)} cannot be used: ${why.replace(/\.$/, "")}.`;
    return new StoreUnavailable(message, { cause });
  }
}

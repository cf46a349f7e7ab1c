import type { Readable } from "node:stream";

/** Names in lower case; a header that came several times is joined by commas. */
export type WireHeaders = Readonly<Record<string, string | undefined>>;

/** A request as the gateway hands it on: head parsed, body untouched. */
export interface WireRequest {
  readonly method: string;
  /** As sent, percent-encoding kept, without the query. */
  readonly path: string;
  /** As sent, without `?`; empty when there is none. */
  readonly query: string;
  readonly headers: WireHeaders;
  /** Bytes when it came whole and small, else a stream. */
  readonly body: Readable | Buffer;
  readonly isSecure: boolean;
  /** Host and port as the client addressed them, e.g. `127.0.0.1:4566`. */
  readonly host: string;
  readonly requestId: string;
  /** Aborted when the client has gone or the engine stops; made when it is first asked for. */
  readonly signal?: AbortSignal;
  /** Who is at the other end of the connection; looked up when it is first asked for. */
  readonly peer?: Peer;
  /** True when who asks was found out before it became this request: a form's policy, a website's visitor. */
  readonly isVerified?: boolean;
  /** True when a browser's form was made into this request. */
  readonly isPostForm?: boolean;
}

export interface Peer {
  /** An IP address; undefined when the connection is gone. */
  readonly address?: string | undefined;
  /** As TLS names it, e.g. `ECDHE-RSA-AES128-GCM-SHA256`. */
  readonly cipher?: string | undefined;
  /** `TLSv1.3` */
  readonly tlsVersion?: string | undefined;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Record<string, string | number>;
  /** A Readable is streamed (its `content-length` must be among the headers when it is known). */
  readonly body?: string | Uint8Array | Readable;
  /** `s3.PutObject`, for metrics and the log; absent when the request could not be placed. */
  readonly operation?: string;
  /** Of a failure: the code that the client is told. */
  readonly errorCode?: string;
  /** True when nothing is sent and the connection is cut. */
  readonly isCut?: boolean;
}

/** Why a request does not reach a cloud. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

/** One cloud as the gateway sees it. */
export interface CloudDoor {
  /** `aws`, `azure`, ... */
  readonly name: string;
  /** The services it answers in full or in part. */
  readonly services: readonly string[];
  /** What can be asked of one of them, done or not. */
  operationsOf(service: string): readonly string[];
  /** The codes of errors that one of them knows, with their HTTP statuses. */
  errorsOf(service: string): ReadonlyMap<string, number>;
  /**
   * True when the request is this cloud's by host, path or headers. Two that claim one request stop it with both
   * names.
   */
  claims(request: WireRequest): boolean;
  /** Never throws: every failure is a response in the cloud's own form. */
  handle(request: WireRequest): Promise<WireResponse>;
  /** Tells a client in the cloud's own form what kept its request from being handled. */
  refuse(request: WireRequest, failure: Refusal): Promise<WireResponse>;
}

import type { Socket } from "node:net";
import { pipeline, type Readable } from "node:stream";
import type { Peer, WireHeaders, WireResponse } from "../../protocols/wire.ts";
import { chunkedEncoder, JOINED_BYTES_MAX, latin1, latin1Text, missingLength } from "./answer-body.ts";
import { answerHead, KEEP_ALIVE_MS } from "./answer-head.ts";
import type { Exchange } from "./exchange.ts";
import { pour } from "./pour.ts";
import { readPlainHead, type PlainHead } from "./plain-head.ts";

/** A client that writes on without waiting for answers is not read from beyond this. */
const PENDING_BYTES_MAX = 256 * 1024;
const NO_BYTES = Buffer.alloc(0);

export interface PlainConnectionOptions {
  readonly onExchange: (exchange: Exchange) => void;
  /** True for a request that the HTTP server must have, whatever it looks like. */
  readonly isForServer: (url: string) => boolean;
  /** Takes the connection over, with the bytes that are not answered yet. */
  readonly handOver: (socket: Socket, bytes: Buffer) => void;
  readonly onClosed: (connection: PlainConnection) => void;
  readonly dateLine: () => string;
}

/**
 * A connection that carries plain requests one after the other: whole heads, small bodies of a told length. The first
 * request that is anything else (TLS, chunks, `Expect`, a large body, nonsense) hands it over to Node's HTTP server,
 * for good.
 *
 * Why: most of what a client waits for on a small request is Node's HTTP server, whose streams for bodies, objects for
 * heads and timers cost 12 us of CPU; this costs 7. All that is hard about HTTP stays with Node.
 *
 * The connection is itself the exchange of the request it serves: there is one at a time.
 */
export class PlainConnection implements Exchange {
  method = "";
  url = "";
  headers: WireHeaders = {};
  body: Buffer = NO_BYTES;
  readonly isSecure = false;
  private readonly socket: Socket;
  private readonly options: PlainConnectionOptions;
  /** What came and is not taken yet: a request that is not whole, or the ones after the one being served. */
  private pending: Buffer = NO_BYTES;
  /** Of the request whose body is still coming. */
  private head: PlainHead | undefined;
  private isBusy = false;
  private isLast = false;
  private hasEnded = false;
  private whenClosed: (() => void)[] | undefined;

  constructor(socket: Socket, options: PlainConnectionOptions) {
    this.socket = socket;
    this.options = options;
    socket.setNoDelay(true);
    socket.setTimeout(KEEP_ALIVE_MS, this.onTimeout);
    socket.on("data", this.onData).on("end", this.onEnd).on("error", this.onError).on("close", this.onClose);
  }

  get peer(): Peer {
    return { address: this.socket.remoteAddress };
  }

  get isGone(): boolean {
    return this.socket.destroyed;
  }

  onClosed(listener: () => void): void {
    if (this.hasEnded) return listener();
    (this.whenClosed ??= []).push(listener);
  }

  /** After the answer that is due, if one is, there will be no other. */
  finish(): void {
    this.isLast = true;
    if (!this.isBusy && this.pending.length === 0) this.socket.destroy();
  }

  destroy(): void {
    this.socket.destroy();
  }

  private readonly onData = (chunk: Buffer): void => {
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    if (!this.isBusy) this.next();
    else if (this.pending.length > PENDING_BYTES_MAX) this.socket.pause();
  };

  /**
   * The client sends no more. It may still read, and so is answered; but of one that has gone this is all that is seen,
   * so nothing waits on its behalf.
   */
  private readonly onEnd = (): void => {
    this.isLast = true;
    this.hasEnded = true;
    if (this.isBusy) this.tellClosed();
    else this.socket.end();
  };

  private readonly onTimeout = (): void => {
    if (!this.isBusy) this.socket.destroy();
  };

  private readonly onError = (): void => {
    this.socket.destroy();
  };

  private readonly onClose = (): void => {
    this.options.onClosed(this);
    this.tellClosed();
  };

  private tellClosed(): void {
    const listeners = this.whenClosed;
    this.whenClosed = undefined;
    if (listeners !== undefined) for (const listener of listeners) listener();
  }

  private next(): void {
    const head = (this.head ??= readPlainHead(this.pending));
    if (head === undefined || this.options.isForServer(head.url)) return this.handOver();
    const bodyEnd = head.headBytes + head.bodyBytes;
    if (this.pending.length < bodyEnd) return;
    this.head = undefined;
    this.body = head.bodyBytes === 0 ? NO_BYTES : this.pending.subarray(head.headBytes, bodyEnd);
    this.pending = this.pending.length === bodyEnd ? NO_BYTES : this.pending.subarray(bodyEnd);
    this.method = head.method;
    this.url = head.url;
    this.headers = head.headers;
    this.isLast ||= head.isLast;
    this.isBusy = true;
    this.options.onExchange(this);
  }

  private handOver(): void {
    const { socket } = this;
    socket.setTimeout(0, this.onTimeout);
    socket.off("timeout", this.onTimeout).off("data", this.onData).off("end", this.onEnd);
    socket.off("close", this.onClose).off("error", this.onError);
    this.options.onClosed(this);
    this.options.handOver(socket, this.pending);
  }

  send(answer: WireResponse, onProblem: (problem: Error) => void): void {
    const { body } = answer;
    const isStream = body !== undefined && typeof body !== "string" && !(body instanceof Uint8Array);
    const isChunked = isStream && answer.headers["content-length"] === undefined;
    if (isChunked) answer.headers["transfer-encoding"] = "chunked";
    const head = answerHead(answer, missingLength(answer), this.options.dateLine(), this.isLast);
    if (isStream && this.method !== "HEAD") {
      this.socket.write(head, "latin1");
      return this.stream(body, isChunked, onProblem);
    }
    if (isStream) body.destroy();
    if (body === undefined || isStream || this.method === "HEAD") this.socket.write(head, "latin1");
    else if (typeof body === "string") this.socket.write(head + latin1Text(body), "latin1");
    else if (body.byteLength <= JOINED_BYTES_MAX) this.socket.write(head + latin1(body), "latin1");
    else {
      this.socket.cork();
      this.socket.write(head, "latin1");
      this.socket.write(body);
      this.socket.uncork();
    }
    this.answered();
  }

  private stream(body: Readable, isChunked: boolean, onProblem: (problem: Error) => void): void {
    // What fails the body fails what comes out of the encoder.
    const sent = isChunked ? pipeline(body, chunkedEncoder(), () => undefined) : body;
    pour(sent, this.socket).then(
      () => this.answered(),
      (problem: Error) => {
        this.socket.destroy();
        onProblem(problem);
      },
    );
  }

  private answered(): void {
    this.tellClosed();
    this.isBusy = false;
    this.body = NO_BYTES;
    if (this.isLast) return void this.socket.end();
    if (this.socket.isPaused()) this.socket.resume();
    if (this.pending.length > 0) this.next();
  }
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Peer, WireHeaders, WireResponse } from "../../protocols/wire.ts";
import { JOINED_BYTES_MAX, latin1, missingLength } from "./answer-body.ts";
import type { Exchange } from "./exchange.ts";

/** An exchange that Node's HTTP server carries: TLS, large and chunked bodies, `Expect`, all that is not plain. */
export class ServerExchange implements Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: WireHeaders;
  readonly body: IncomingMessage;
  readonly isSecure: boolean;
  private readonly response: ServerResponse;

  constructor(message: IncomingMessage, response: ServerResponse) {
    this.method = message.method ?? "GET";
    this.url = originForm(message.url ?? "/");
    // Node keeps only `set-cookie` as a list, which no request carries.
    this.headers = message.headers as WireHeaders;
    this.body = message;
    this.isSecure = "encrypted" in message.socket;
    this.response = response;
    if (message.headers.expect !== undefined) continueOnRead(message, response);
  }

  get peer(): Peer {
    const { socket } = this.body;
    if (!("getCipher" in socket)) return { address: socket.remoteAddress };
    const secure = socket as TLSSocket;
    const tlsVersion = secure.getProtocol() ?? undefined;
    return { address: socket.remoteAddress, cipher: secure.getCipher().name, tlsVersion };
  }

  get isGone(): boolean {
    return this.body.destroyed && !this.body.complete;
  }

  onClosed(listener: () => void): void {
    this.response.once("close", listener);
  }

  send(answer: WireResponse, onProblem: (problem: Error) => void): void {
    const { body } = answer;
    const { response } = this;
    // A body that nobody read would be taken for the next request on this connection.
    if (!this.body.complete) {
      response.setHeader("connection", "close");
      this.body.resume();
    }
    const lengthBytes = missingLength(answer);
    if (lengthBytes !== undefined) answer.headers["content-length"] = lengthBytes;
    response.writeHead(answer.status, answer.headers);
    if (this.method === "HEAD" || body === undefined) response.end();
    else if (typeof body === "string") response.end(body);
    // Node joins a text to the head and sends both in one piece; bytes go beside it, which costs twice as much.
    else if (!(body instanceof Uint8Array)) pipeline(body, response, (problem) => problem && onProblem(problem));
    else if (body.byteLength <= JOINED_BYTES_MAX) response.end(latin1(body), "latin1");
    else response.end(body);
  }

  destroy(): void {
    this.body.socket.destroy();
  }
}

/** A client whose proxy the engine is names the whole address; its host stands in the `host` header as well. */
const originForm = (url: string): string => url.replace(/^https?:\/\/[^/?]*/i, "") || "/";

/** `100 Continue` goes out when somebody first reads the body, so a request refused by its head never sends one. */
function continueOnRead(message: IncomingMessage, response: ServerResponse): void {
  // oxlint-disable no-underscore-dangle -- the hook that Node's streams offer for "somebody reads"
  const read = message._read.bind(message);
  let isAsked = false;
  message._read = (size) => {
    if (!isAsked && !response.headersSent) {
      isAsked = true;
      response.writeContinue();
    }
    read(size);
  };
}

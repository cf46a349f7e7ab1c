import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream";
import type { AddressInfo } from "node:net";
import { monotonicMs, type Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Log } from "../platform/log.ts";
import type { CloudDoor, WireHeaders, WireRequest, WireResponse } from "../protocols/wire.ts";
import { createListener } from "./listener.ts";
import type { Tally } from "./tally.ts";
import { serverCertificate } from "./trust.ts";
import { createTurns } from "./turns.ts";

/** Everything under this path is the engine's own; the rest belongs to the clouds. */
const OWN_PATHS = ["/_cloudstack/", "/_localstack/health"];
const STOP_GRACE_MS = 10_000;

export interface GatewayOptions {
  readonly clouds: readonly CloudDoor[];
  /** Answers the engine's own paths. */
  readonly control: (request: IncomingMessage, response: ServerResponse) => void;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly tally: Tally;
  /** Where the TLS authority is kept; undefined for one that lives as long as the process. */
  readonly dataDirectory?: string | undefined;
}

export interface Gateway {
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Finishes what is in flight. */
  stop(): Promise<void>;
}

/**
 * The one listener: finds out whose request it is, hands it over, sends the answer in one write, counts and logs it.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, ids, log } = options;
  const stopping = new AbortController();
  const endOfTurn = createTurns();
  const listener = createListener({
    onRequest: (request, response) => {
      const path = request.url ?? "/";
      if (OWN_PATHS.some((own) => path.startsWith(own))) return options.control(request, response);
      void answer(options, request, response, stopping.signal, endOfTurn);
    },
    secureContext() {
      const pair = serverCertificate(options.dataDirectory, clock, ids);
      return { cert: pair.certificate, key: pair.privateKey };
    },
    onProblem: (problem) => log.warn({ problem: problem.message }, "a TLS connection failed"),
  });
  return {
    async listen(port, host) {
      const address = await listener.listen(port, host);
      // Whoever asks next which authority to trust finds it.
      if (options.dataDirectory !== undefined) serverCertificate(options.dataDirectory, clock, ids);
      return address;
    },
    stop() {
      // Long polls end now, with what they have.
      stopping.abort();
      return listener.stop(STOP_GRACE_MS);
    },
  };
}

/**
 * A request as the clouds see it.
 * Why a class: an accessor in an object literal makes V8 give every request a hidden class of its own, which cost half
 * of the gateway's time in garbage collection (17,000 -> 44,000 requests/s without any cloud behind it).
 */
class GatewayRequest implements WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: WireHeaders;
  readonly body: IncomingMessage;
  readonly isSecure: boolean;
  readonly host: string;
  readonly requestId: string;
  private readonly response: ServerResponse;
  private readonly stopping: AbortSignal;

  constructor(message: IncomingMessage, response: ServerResponse, requestId: string, stopping: AbortSignal) {
    const url = message.url ?? "/";
    const mark = url.indexOf("?");
    this.method = message.method ?? "GET";
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
    // Node keeps only `set-cookie` as a list, which no request carries.
    this.headers = message.headers as WireHeaders;
    this.body = message;
    this.isSecure = "encrypted" in message.socket;
    this.host = message.headers.host ?? "127.0.0.1";
    this.requestId = requestId;
    this.response = response;
    this.stopping = stopping;
  }

  /** Made only for requests that wait: a signal for each of the others would cost more than their own work. */
  get signal(): AbortSignal {
    const gone = new AbortController();
    this.response.once("close", () => gone.abort());
    return AbortSignal.any([gone.signal, this.stopping]);
  }
}

async function answer(
  options: GatewayOptions,
  message: IncomingMessage,
  response: ServerResponse,
  stopping: AbortSignal,
  endOfTurn: () => Promise<void>,
): Promise<void> {
  const startMs = monotonicMs();
  const request = new GatewayRequest(message, response, options.ids.uuid(), stopping);
  const claimants = options.clouds.filter((cloud) => cloud.claims(request));
  const cloud = claimants[0];
  if (claimants.length !== 1 || !cloud) return refuse(response, claimants);
  if (message.headers.expect !== undefined) continueOnRead(message, response);
  const wire = await cloud.handle(request);
  await endOfTurn();
  if (message.destroyed && !message.complete) return;
  send(options, message, response, wire);
  const durationMs = monotonicMs() - startMs;
  const operation = wire.operation ?? "unknown";
  options.tally.record(cloud.name, operation, wire.status, durationMs);
  if (wire.status >= 500)
    options.log.warn({ requestId: request.requestId, operation, status: wire.status }, "answered with a failure");
  else if (options.log.isLevelEnabled("info")) {
    options.log.info(
      {
        requestId: request.requestId,
        method: request.method,
        path: request.path,
        operation,
        status: wire.status,
        durationMs,
      },
      "request",
    );
  }
}

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

/** Up to here copying a body is cheaper than sending it beside its head. */
const JOINED_BYTES_MAX = 16 * 1024;
const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

function send(options: GatewayOptions, message: IncomingMessage, response: ServerResponse, wire: WireResponse): void {
  const { body } = wire;
  // A body that nobody read would be taken for the next request on this connection.
  if (!message.complete) {
    response.setHeader("connection", "close");
    message.resume();
  }
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    const lengthKnown = "content-length" in wire.headers || wire.status === 204 || wire.status === 304;
    if (!lengthKnown)
      wire.headers["content-length"] =
        body === undefined ? 0 : typeof body === "string" ? Buffer.byteLength(body) : body.byteLength;
    response.writeHead(wire.status, wire.headers);
    if (message.method === "HEAD") response.end();
    // Node joins a text to the head and sends both in one piece; bytes go beside it, which costs twice as much.
    else if (body instanceof Uint8Array && body.byteLength <= JOINED_BYTES_MAX) response.end(latin1(body), "latin1");
    else response.end(body);
    return;
  }
  response.writeHead(wire.status, wire.headers);
  pipeline(body, response, (problem) => {
    if (problem && problem.code !== "ERR_STREAM_PREMATURE_CLOSE") {
      options.log.warn({ problem: problem.message, operation: wire.operation }, "a body could not be sent to its end");
    }
  });
}

function refuse(response: ServerResponse, claimants: readonly CloudDoor[]): void {
  const text =
    claimants.length === 0
      ? "No cloud of this engine answers this request. Run `cloudstack coverage` to see what it serves.\n"
      : `Several clouds claim this request: ${claimants.map((cloud) => cloud.name).join(", ")}.\n`;
  response.writeHead(claimants.length === 0 ? 404 : 500, {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  response.end(text);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { StoreUnavailable } from "../kernel/store.ts";
import { monotonicMs, type Clock } from "../platform/clock.ts";
import type { Ids } from "../platform/ids.ts";
import type { Log } from "../platform/log.ts";
import type { CloudDoor, Peer, Refusal, WireHeaders, WireRequest, WireResponse } from "../protocols/wire.ts";
import { ServiceError } from "../services/errors.ts";
import type { Exchange } from "./http/exchange.ts";
import { FORK_HEADER } from "./forks/fork-facts.ts";
import { createListener } from "./http/listener.ts";
import { STATUS_OF } from "./status-of.ts";
import type { Tally } from "./tally.ts";
import { serverCertificate } from "./trust.ts";
import { createTurns } from "./turns.ts";

/** Everything under this path is the engine's own; the rest belongs to the clouds. */
const OWN_PATHS = ["/_cloudstack/", "/_localstack/health"];
const STOP_GRACE_MS = 10_000;

export interface GatewayOptions {
  readonly clouds: readonly CloudDoor[];
  /** Those of the fork that a request names. Errors: what is wrong with the name */
  readonly cloudsOf: (fork: string) => Promise<readonly CloudDoor[]>;
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
    onExchange: (exchange) => void answer(options, exchange, stopping.signal, endOfTurn),
    isOwn: (url) => url.startsWith("/_") && OWN_PATHS.some((own) => url.startsWith(own)),
    onOwn: options.control,
    clock,
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
  readonly body: Exchange["body"];
  readonly isSecure: boolean;
  readonly host: string;
  readonly requestId: string;
  private readonly exchange: Exchange;
  private readonly stopping: AbortSignal;

  constructor(exchange: Exchange, requestId: string, stopping: AbortSignal) {
    const { url } = exchange;
    const mark = url.indexOf("?");
    this.method = exchange.method;
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.query = mark < 0 ? "" : url.slice(mark + 1);
    this.headers = exchange.headers;
    this.body = exchange.body;
    this.isSecure = exchange.isSecure;
    this.host = exchange.headers.host ?? "127.0.0.1";
    this.requestId = requestId;
    this.exchange = exchange;
    this.stopping = stopping;
  }

  get peer(): Peer {
    return this.exchange.peer;
  }

  /** Made only for requests that wait: a signal for each of the others would cost more than their own work. */
  get signal(): AbortSignal {
    const gone = new AbortController();
    this.exchange.onClosed(() => gone.abort());
    return AbortSignal.any([gone.signal, this.stopping]);
  }
}

async function answer(
  options: GatewayOptions,
  exchange: Exchange,
  stopping: AbortSignal,
  endOfTurn: () => Promise<void>,
): Promise<void> {
  const startMs = monotonicMs();
  const request = new GatewayRequest(exchange, options.ids.uuid(), stopping);
  const fork = exchange.headers[FORK_HEADER];
  const claimed = fork === undefined ? claimantOf(options.clouds, request) : await doorOf(options, fork, request);
  const cloud = "handle" in claimed ? claimed : undefined;
  const answered = "handle" in claimed ? await claimed.handle(request) : claimed;
  await endOfTurn();
  if (exchange.isGone) return;
  if (answered.isCut) exchange.destroy();
  else send(options.log, exchange, answered);
  const durationMs = monotonicMs() - startMs;
  const { status, operation = "unknown" } = answered;
  options.tally.record(cloud?.name ?? "none", operation, status, durationMs);
  const { requestId, method, path } = request;
  if (answered.isCut) options.log.info({ requestId, operation }, "cut off, as a rule of chaos says");
  else if (status >= 500) options.log.warn({ requestId, operation, status }, "answered with a failure");
  else if (options.log.isLevelEnabled("info"))
    options.log.info({ requestId, method, path, operation, status, durationMs }, "request");
}

function send(log: Log, exchange: Exchange, answered: WireResponse): void {
  const { operation } = answered;
  const onProblem = (problem: NodeJS.ErrnoException) => {
    if (problem.code !== "ERR_STREAM_PREMATURE_CLOSE")
      log.warn({ problem: problem.message, operation }, "a body could not be sent to its end");
  };
  try {
    exchange.send(answered, onProblem);
  } catch (problem) {
    const { message } = problem as Error;
    log.error({ problem: message, operation }, "an answer could not be sent");
    exchange.send({ status: 500, headers: { "content-type": "text/plain" }, body: `${message}\n` }, onProblem);
  }
}

/** Of the fork that a request names; what is wrong with the name is told as its cloud tells failures. */
async function doorOf(
  { clouds, cloudsOf }: GatewayOptions, fork: string, request: WireRequest,
): Promise<CloudDoor | WireResponse> {
  try {
    return claimantOf(await cloudsOf(fork), request);
  } catch (problem) {
    const claimed = claimantOf(clouds, request);
    return "handle" in claimed ? claimed.refuse(request, refusalOf(problem as Error)) : claimed;
  }
}

function refusalOf(problem: Error): Refusal {
  const { message } = problem;
  if (problem instanceof ServiceError) return { code: problem.code, status: STATUS_OF[problem.kind], message };
  if (problem instanceof StoreUnavailable) return { code: "ServiceUnavailable", status: 503, message };
  return { code: "InternalFailure", status: 500, message };
}

function claimantOf(clouds: readonly CloudDoor[], request: WireRequest): CloudDoor | WireResponse {
  const claimants = clouds.filter((cloud) => cloud.claims(request));
  const [cloud] = claimants;
  if (cloud === undefined)
    return refusal(404,
      "No cloud of this engine answers this request. Run `cloudstack coverage` to see what it serves.\n");
  if (claimants.length === 1) return cloud;
  return refusal(500, `Several clouds claim this request: ${claimants.map(({ name }) => name).join(", ")}.\n`);
}

const refusal = (status: number, body: string): WireResponse => ({
  status,
  headers: { "content-type": "text/plain" },
  body,
});

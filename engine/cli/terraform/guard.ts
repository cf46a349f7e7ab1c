import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import { isCloudHost, readAuthority, type Authority } from "./cloud-hosts.ts";
import { createRefusingEnd, type RefusingEnd } from "./guard-tls.ts";
import { refusalOf } from "./refusal.ts";
import { proxyAuthorization, upstreamProxy } from "./upstream-proxy.ts";

export interface GuardOptions {
  /** Where the engine serves; names below its host, such as `111111111111.127.0.0.1`, are the engine's too. */
  readonly engine: URL;
  /** The user's own, which may name a proxy on the way to the world. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Called at the first refusal to each host, with its text. */
  readonly onRefused: (text: string) => void;
}

export interface Guard {
  /** `http://127.0.0.1:<port>` */
  readonly address: string;
  /** PEM of the authority that its refusals within TLS are signed by. */
  readonly authority: string;
  stop(): Promise<void>;
}

/**
 * A proxy on the loopback that lets everything through but requests to real clouds, which it refuses by name.
 * Why a proxy: Terraform, its providers and git all obey the same variables, whatever their configuration says of
 * endpoints.
 */
export async function startGuard(options: GuardOptions): Promise<Guard> {
  const told = new Set<string>();
  const refuse = (host: string): string => {
    const text = `cloudstack refuses ${host}: no request of this run may reach a real cloud`;
    if (!told.has(host)) options.onRefused(text);
    told.add(host);
    return text;
  };
  const refusing = createRefusingEnd(options);
  const sockets = new Set<Duplex>();
  const server = createServer((request, response) => forward(options, refuse, request, response));
  server.on("connect", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    tunnel({ ...options, refuse, refusing }, request.url ?? "", socket, head);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: refusing.authority,
    stop() {
      refusing.stop();
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
type Refuse = (host: string) => string;
interface TunnelOptions extends GuardOptions {
  readonly refuse: Refuse;
  readonly refusing: RefusingEnd;
}

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const portOf = ({ port, protocol }: URL): number => Number(port || (protocol === "https:" ? HTTPS_PORT : HTTP_PORT));

function isOfEngine(engine: URL, { host, port }: Authority): boolean {
  const name = unbracketed(engine.hostname);
  return port === portOf(engine) && (host === name || host.endsWith(`.${name}`));
}

/** A plain request, whose line holds the whole address. */
function forward(options: GuardOptions, refuse: Refuse, request: IncomingMessage, response: ServerResponse): void {
  const fail = (status: number, text: string) => {
    response.writeHead(status, { "content-type": "text/plain", connection: "close" });
    response.end(`${text}\n`);
  };
  // Not by URL, which takes `111111111111.127.0.0.1` for a broken address.
  const [address = "", name = "", path = ""] = /^http:\/\/([^/?#]+)([^#]*)$/i.exec(request.url ?? "") ?? [];
  const wanted = readAuthority(name, HTTP_PORT);
  if (!wanted) return fail(400, "This is a proxy: it takes requests of whole http addresses.");
  const { host } = wanted;
  const isEngine = isOfEngine(options.engine, wanted);
  if (!isEngine && isCloudHost(host)) {
    const { status, headers, body } = refusalOf(request, host, refuse(host));
    response.writeHead(status, { ...headers, connection: "close" }).end(body);
    return;
  }
  const upstream = isEngine ? undefined : upstreamProxy(options.environment, "http", host);
  const { "proxy-connection": _hop, "proxy-authorization": _ours, ...headers } = request.headers;
  const through = isEngine ? options.engine : upstream;
  const onward = httpRequest({
    ...(through ? { host: unbracketed(through.hostname), port: portOf(through) } : wanted),
    method: request.method,
    path: upstream ? address : path.startsWith("/") ? path : `/${path}`,
    headers: { ...headers, host: name, ...(upstream && proxyAuthorization(upstream)) },
  });
  onward.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", (problem) => (response.headersSent ? response.destroy() : fail(502, problem.message)));
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

const unbracketed = (host: string): string => host.replace(/^\[(.*)\]$/, "$1");

/** `CONNECT host:port`: what is said in the tunnel is between the two ends. */
function tunnel(options: TunnelOptions, authority: string, socket: Duplex, head: Buffer): void {
  // Clients show the reason, and nothing else of a proxy's refusal.
  const fail = (status: number, reason: string) => socket.end(`HTTP/1.1 ${status} ${reason}\r\n\r\n`);
  socket.on("error", () => socket.destroy());
  const wanted = readAuthority(authority);
  if (!wanted) return void fail(400, "CONNECT takes HOST:PORT");
  const { host, port } = wanted;
  const isEngine = isOfEngine(options.engine, wanted);
  if (!isEngine && isCloudHost(host)) {
    socket.write(ESTABLISHED);
    return options.refusing.take(host, options.refuse(host), socket, head);
  }
  const upstream = isEngine ? undefined : upstreamProxy(options.environment, "https", host);
  if (upstream) return tunnelThrough(upstream, authority, socket, head);
  const onward = isEngine
    ? connect(portOf(options.engine), unbracketed(options.engine.hostname))
    : connect(port, host);
  const onUnreachable = (problem: Error) => void fail(502, problem.message);
  onward.once("error", onUnreachable);
  onward.once("connect", () => {
    // From here on what is written is the other end's.
    onward.off("error", onUnreachable);
    socket.write(ESTABLISHED);
    onward.write(head);
    join(socket, onward);
  });
}

/** A tunnel within the tunnel that the user's own proxy opens. */
function tunnelThrough(upstream: URL, authority: string, socket: Duplex, head: Buffer): void {
  const onward = httpRequest({
    host: unbracketed(upstream.hostname),
    port: portOf(upstream),
    method: "CONNECT",
    path: authority,
    headers: { host: authority, ...proxyAuthorization(upstream) },
  });
  onward.once("connect", (answer, joined: Socket, first: Buffer) => {
    if (answer.statusCode !== 200) {
      joined.destroy();
      socket.end(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`);
      return;
    }
    socket.write(ESTABLISHED);
    socket.write(first);
    joined.write(head);
    join(socket, joined);
  });
  onward.once("error", (problem) => socket.end(`HTTP/1.1 502 ${problem.message}\r\n\r\n`));
  onward.end();
}

function join(one: Duplex, other: Duplex): void {
  flow(one, other);
  flow(other, one);
}

/** An end is handed on as an end; a connection that breaks, breaks the other. */
function flow(from: Duplex, to: Duplex): void {
  from.pipe(to);
  from.on("error", () => to.destroy());
  from.on("close", () => from.readableEnded || to.destroy());
}

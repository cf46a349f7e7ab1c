import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from "node:tls";
import type { Clock } from "../../platform/clock.ts";
import { createDateLine, KEEP_ALIVE_MS } from "./answer-head.ts";
import type { Exchange } from "./exchange.ts";
import { PlainConnection } from "./plain-connection.ts";
import { ServerExchange } from "./server-exchange.ts";

/** The first byte of a TLS ClientHello record; no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16;
/** Header lines of one request: presigned URLs with session tokens and many metadata headers fit. */
const HEADER_BYTES_MAX = 64 * 1024;
const BACKLOG = 1024;
const IDLE_SWEEP_MS = 20;

export interface ListenerOptions {
  readonly onExchange: (exchange: Exchange) => void;
  /** What goes past `onExchange`: the engine's own API, which a framework serves on Node's objects. */
  readonly isOwn: (url: string) => boolean;
  readonly onOwn: RequestListener;
  /** Called at the first TLS connection, once. */
  readonly secureContext: () => SecureContextOptions;
  readonly onProblem: (problem: Error) => void;
  readonly clock: Clock;
}

export interface Listener {
  /** Throws the system's error (EADDRINUSE, EACCES) when the port cannot be had. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Accepts no more, lets requests in flight finish, then closes the idle connections. */
  stop(graceMs: number): Promise<void>;
}

/**
 * One port for HTTP and TLS. A connection begins as a plain one; what is not plain goes on to Node's servers, where the
 * first byte tells TLS from HTTP.
 */
export function createListener(options: ListenerOptions): Listener {
  const http = httpServer(options);
  // The server keeps the port and its own bookkeeping of connections; only who gets a new connection first is changed.
  const serveHttp = http.listeners("connection")[0] as (socket: Socket) => void;
  http.removeAllListeners("connection");
  let tls: NetServer | undefined;
  const secure = () =>
    (tls ??= secureServer(options.secureContext(), (socket) => serveHttp.call(http, socket), options));

  const handOver = (socket: Socket, bytes: Buffer): void => {
    socket.pause();
    socket.unshift(bytes);
    if (bytes[0] !== TLS_HANDSHAKE) {
      serveHttp.call(http, socket);
      socket.resume();
      return;
    }
    socket.on("error", () => socket.destroy());
    // What was put back can be read again only when this event has passed.
    process.nextTick(() => {
      try {
        secure().emit("connection", socket);
        socket.resume();
      } catch (problem) {
        options.onProblem(problem as Error);
        socket.destroy();
      }
    });
  };

  const plain = new Set<PlainConnection>();
  const plainOptions = {
    onExchange: options.onExchange,
    isForServer: options.isOwn,
    handOver,
    onClosed: (connection: PlainConnection) => plain.delete(connection),
    dateLine: createDateLine(options.clock),
  };
  http.on("connection", (socket: Socket) => plain.add(new PlainConnection(socket, plainOptions)));
  return {
    listen: (port, host) => listen(http, port, host),
    stop: (graceMs) => stop(http, plain, graceMs),
  };
}

function httpServer(options: ListenerOptions): HttpServer {
  const onRequest: RequestListener = (request, response) =>
    options.isOwn(request.url ?? "/")
      ? options.onOwn(request, response)
      : options.onExchange(new ServerExchange(request, response));
  const server = createHttpServer(
    { maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS },
    onRequest,
  );
  // The handler sends `100 Continue` itself, by reading the body; a refusal goes out without it.
  server.on("checkContinue", onRequest);
  server.on("clientError", (problem: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || problem.code === "ECONNRESET") return socket.destroy();
    const status = problem.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    const text = `The request is not valid HTTP: ${problem.message}.\n`;
    socket.end(
      `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\n` +
        `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  });
  return server;
}

function secureServer(
  context: SecureContextOptions,
  serve: (socket: TLSSocket) => void,
  options: ListenerOptions,
): NetServer {
  const server = createTlsServer({ ...context, ALPNProtocols: ["http/1.1"] }, serve);
  server.on("tlsClientError", (problem) => options.onProblem(problem));
  return server;
}

function listen(http: HttpServer, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    http.once("error", reject);
    http.listen({ port, host, backlog: BACKLOG }, () => {
      http.removeListener("error", reject);
      resolve(http.address() as AddressInfo);
    });
  });
}

async function stop(http: HttpServer, plain: ReadonlySet<PlainConnection>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  for (const connection of plain) connection.finish();
  const force = setTimeout(() => {
    for (const connection of plain) connection.destroy();
    http.closeAllConnections();
  }, graceMs);
  // A connection becomes idle when its last answer is out; nothing tells us when that is.
  const sweep = setInterval(() => http.closeIdleConnections(), IDLE_SWEEP_MS);
  http.closeIdleConnections();
  await closed;
  clearTimeout(force);
  clearInterval(sweep);
}

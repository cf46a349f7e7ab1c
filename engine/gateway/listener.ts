import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from "node:tls";

/** The first byte of a TLS ClientHello record; no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16;
/** Header lines of one request: presigned URLs with session tokens and many metadata headers fit. */
const HEADER_BYTES_MAX = 64 * 1024;
/** A connection that sends nothing at all is closed after this. */
const FIRST_BYTE_MS_MAX = 60_000;
const BACKLOG = 1024;
const IDLE_SWEEP_MS = 20;

export interface ListenerOptions {
  readonly onRequest: RequestListener;
  /** Called at the first TLS connection, once. */
  readonly secureContext: () => SecureContextOptions;
  readonly onProblem: (problem: Error) => void;
}

export interface Listener {
  /** Throws the system's error (EADDRINUSE, EACCES) when the port cannot be had. */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Accepts no more, lets requests in flight finish, then closes the idle connections. */
  stop(graceMs: number): Promise<void>;
}

/** One port for HTTP and TLS: the first byte of a connection tells them apart. */
export function createListener(options: ListenerOptions): Listener {
  const http = httpServer(options);
  // The server keeps the port and its own bookkeeping of connections; only who gets a new connection first is changed.
  const serveHttp = http.listeners("connection")[0] as (socket: Socket) => void;
  http.removeAllListeners("connection");
  const waiting = new Set<Socket>();
  let tls: NetServer | undefined;
  const secure = () =>
    (tls ??= secureServer(options.secureContext(), (socket) => serveHttp.call(http, socket), options));

  http.on("connection", (socket: Socket) => {
    waiting.add(socket);
    const forget = () => waiting.delete(socket);
    socket.once("close", forget);
    socket.on("error", () => socket.destroy());
    socket.setTimeout(FIRST_BYTE_MS_MAX, () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      forget();
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(first);
      if (first[0] !== TLS_HANDSHAKE) {
        serveHttp.call(http, socket);
        socket.resume();
        return;
      }
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
    });
  });
  return {
    listen: (port, host) => listen(http, port, host),
    stop: (graceMs) => stop(http, waiting, graceMs),
  };
}

function httpServer(options: ListenerOptions): HttpServer {
  const server = createHttpServer(
    { maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: 75_000 },
    options.onRequest,
  );
  // The handler sends `100 Continue` itself, by reading the body; a refusal goes out without it.
  server.on("checkContinue", options.onRequest);
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

async function stop(http: HttpServer, waiting: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  // Connections that never sent a byte are not known to the HTTP server.
  for (const socket of waiting) socket.destroy();
  const force = setTimeout(() => http.closeAllConnections(), graceMs);
  // A connection becomes idle when its last answer is out; nothing tells us when that is.
  const sweep = setInterval(() => http.closeIdleConnections(), IDLE_SWEEP_MS);
  http.closeIdleConnections();
  await closed;
  clearTimeout(force);
  clearInterval(sweep);
}

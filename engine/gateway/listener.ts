import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from "node:http";
import { createServer as createNetServer, type AddressInfo, type Server as NetServer, type Socket } from "node:net";
import { createServer as createTlsServer, type SecureContextOptions, type TLSSocket } from "node:tls";

/** The first byte of a TLS ClientHello record; no HTTP method starts with it. */
const TLS_HANDSHAKE = 0x16;
/** Header lines of one request: presigned URLs with session tokens and many metadata headers fit. */
const HEADER_BYTES_MAX = 64 * 1024;
/** A connection that sends nothing at all is closed after this. */
const FIRST_BYTE_MS_MAX = 60_000;

export interface ListenerOptions {
  readonly onRequest: RequestListener;
  /** Called at the first TLS connection, once. */
  readonly secureContext: () => Promise<SecureContextOptions>;
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
  const sockets = new Set<Socket>();
  let tls: Promise<NetServer> | undefined;
  const tlsServer = () => (tls ??= options.secureContext().then((context) => secureServer(context, http, options)));

  const net = createNetServer({ noDelay: true, pauseOnConnect: false }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.setTimeout(FIRST_BYTE_MS_MAX, () => socket.destroy());
    socket.once("data", (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners("timeout");
      socket.unshift(first);
      if (first[0] !== TLS_HANDSHAKE) {
        http.emit("connection", socket);
        socket.resume();
        return;
      }
      tlsServer().then(
        (server) => {
          server.emit("connection", socket);
          socket.resume();
        },
        (problem: Error) => {
          options.onProblem(problem);
          socket.destroy();
        },
      );
    });
  });

  return {
    listen: (port, host) => listen(net, port, host),
    stop: (graceMs) => stop(net, http, sockets, graceMs),
  };
}

function httpServer(options: ListenerOptions): HttpServer {
  const server = createHttpServer({ maxHeaderSize: HEADER_BYTES_MAX, requestTimeout: 0, keepAliveTimeout: 75_000 }, options.onRequest);
  // The handler sends `100 Continue` itself, by reading the body; a refusal goes out without it.
  server.on("checkContinue", options.onRequest);
  server.on("clientError", (problem: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || problem.code === "ECONNRESET") return socket.destroy();
    const status = problem.code === "HPE_HEADER_OVERFLOW" ? "431 Request Header Fields Too Large" : "400 Bad Request";
    const text = `The request is not valid HTTP: ${problem.message}.\n`;
    socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  });
  return server;
}

function secureServer(context: SecureContextOptions, http: HttpServer, options: ListenerOptions): NetServer {
  const server = createTlsServer({ ...context, ALPNProtocols: ["http/1.1"] }, (socket: TLSSocket) => http.emit("connection", socket));
  server.on("tlsClientError", (problem) => options.onProblem(problem));
  return server;
}

function listen(net: NetServer, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    net.once("error", reject);
    net.listen(port, host, 1024, () => {
      net.removeListener("error", reject);
      resolve(net.address() as AddressInfo);
    });
  });
}

async function stop(net: NetServer, http: HttpServer, sockets: Set<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => net.close(() => resolve()));
  http.closeIdleConnections();
  // Connections that never sent a byte are not known to the HTTP server.
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  // Idle keep-alive connections that were handed over are not closed by closeIdleConnections of a server that never listened.
  const force = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
  const sweep = setInterval(() => http.closeIdleConnections(), 20);
  await closed;
  clearTimeout(force);
  clearInterval(sweep);
}

import { once } from "node:events";
import type { Http2SecureServer, Http2Server, Http2Session } from "node:http2";
import type { GrpcService } from "./grpc-server.ts";
import { socketFolder } from "./socket-folder.ts";

/** A server of the provider on a socket of its own. */
export interface Door {
  readonly socket: string;
  /** Ends every connection. */
  stop(): Promise<void>;
}

/** Lets a server answer calls on a new socket. */
export async function openDoor(server: Http2Server | Http2SecureServer, service: GrpcService): Promise<Door> {
  const { socket, remove } = socketFolder();
  const connections = new Set<Http2Session>();
  server.on("session", (session) => {
    connections.add(session);
    session.once("close", () => connections.delete(session));
  });
  server.on("stream", (stream, headers) => service.serve(stream, headers));
  server.listen(socket);
  await once(server, "listening");
  return {
    socket,
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.close();
      await closed;
      remove();
    },
  };
}

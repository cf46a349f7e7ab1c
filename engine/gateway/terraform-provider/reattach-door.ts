import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Http2Session } from "node:http2";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engine.ts";
import { grpcService } from "./grpc-server.ts";
import { PROVIDER_SOURCE } from "./names.ts";
import { createProvider } from "./provider.ts";

/** How Terraform is told of a provider that runs already. */
export interface Reattachment {
  readonly Protocol: "grpc";
  readonly ProtocolVersion: 6;
  readonly Pid: number;
  readonly Test: true;
  readonly Addr: { readonly Network: "unix"; readonly String: string };
}

export interface ReattachDoor {
  /** By the provider's address: the value of `TF_REATTACH_PROVIDERS` as JSON. */
  readonly providers: Readonly<Record<string, Reattachment>>;
  stop(): Promise<void>;
}

/**
 * Serves the provider on a socket that only this user can reach: neither TLS nor a handshake stands before it.
 * Shape: the socket lies in a new folder of mode 0700, since a path of more than 107 bytes cannot be a socket's
 */
export async function openReattachDoor(engine: Engine): Promise<ReattachDoor> {
  const folder = mkdtempSync(join(tmpdir(), "cloudstacks-terraform-"));
  const socket = join(folder, "provider.sock");
  const service = grpcService({ provider: createProvider(engine), log: engine.log });
  const server = createServer();
  const connections = new Set<Http2Session>();
  server.on("session", (session) => {
    connections.add(session);
    session.once("close", () => connections.delete(session));
  });
  server.on("stream", (stream, headers) => service.serve(stream, headers));
  server.listen(socket);
  await once(server, "listening");
  const reattachment: Reattachment = {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: process.pid,
    // Without it Terraform ends the engine when its run is over.
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return {
    providers: { [PROVIDER_SOURCE]: reattachment },
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.close();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { createServer } from "node:http2";
import { openDoor } from "./door.ts";
import { grpcService } from "./grpc-server.ts";
import { PROVIDER_NAME } from "./names.ts";
import { createProvider } from "./provider.ts";
import type { ProviderEngine } from "./session.ts";

/** How Terraform is told of a provider that runs already. */
export interface Reattachment {
  readonly Protocol: "grpc";
  readonly ProtocolVersion: 6;
  readonly Pid: number;
  readonly Test: true;
  readonly Addr: { readonly Network: "unix"; readonly String: string };
}

export interface ReattachDoor {
  /** By the provider's name: as JSON, the value of `TF_REATTACH_PROVIDERS`. */
  readonly providers: Readonly<Record<string, Reattachment>>;
  stop(): Promise<void>;
}

/** Serves the provider on a socket that only this user can reach: neither TLS nor a handshake stands before it. */
export async function openReattachDoor(engine: ProviderEngine): Promise<ReattachDoor> {
  const service = grpcService({ provider: createProvider(engine), log: engine.log });
  const { socket, stop } = await openDoor(createServer(), service);
  const reattachment: Reattachment = {
    Protocol: "grpc",
    ProtocolVersion: 6,
    Pid: process.pid,
    // Without it Terraform ends the engine when its run is over.
    Test: true,
    Addr: { Network: "unix", String: socket },
  };
  return { providers: { [PROVIDER_NAME]: reattachment }, stop };
}

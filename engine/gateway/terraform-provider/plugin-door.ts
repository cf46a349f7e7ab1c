import { createSecureServer } from "node:http2";
import { X509Certificate } from "node:crypto";
import { systemClock } from "../../platform/clock.ts";
import { createPluginCertificate } from "../certificates.ts";
import { openDoor, type Door } from "./door.ts";
import { grpcService } from "./grpc-server.ts";
import { createProvider } from "./provider.ts";
import type { ProviderEngine } from "./session.ts";

/** The version of how plugins shake hands, and that of the protocol which is then spoken. */
const HANDSHAKE_VERSION = 1;
const PROTOCOL_VERSION = 6;

export interface PluginDoor extends Door {
  /** The line that Terraform waits for on the plugin's standard output. */
  readonly handshake: string;
}

/**
 * Serves the provider to one run of a plugin: both sides have a certificate made for the occasion, and trust that one.
 * Source: go-plugin's documentation, "Internals" and "AutoMTLS"
 */
export async function openPluginDoor(
  engine: ProviderEngine,
  clientCertificate: string,
  onShutdown: () => void,
): Promise<PluginDoor> {
  // Terraform looks at the machine's time, whatever the engine's clock was set to.
  const pair = createPluginCertificate(systemClock().nowMs(), `4${engine.ids.hex(31)}`);
  const server = createSecureServer({
    key: pair.privateKey,
    cert: pair.certificate,
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: "TLSv1.2",
  });
  server.on("sessionError", (problem) => engine.log.warn({ problem: problem.message }, "a plugin's connection failed"));
  const service = grpcService({ provider: createProvider(engine), log: engine.log, onShutdown });
  const door = await openDoor(server, service);
  // Go's base64 without padding.
  const certificate = new X509Certificate(pair.certificate).raw.toString("base64").replace(/=+$/, "");
  const parts = [HANDSHAKE_VERSION, PROTOCOL_VERSION, "unix", door.socket, "grpc", certificate];
  return { ...door, handshake: parts.join("|") };
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import { createAuthority, createServerCertificate } from "../../gateway/certificates.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Ids } from "../../platform/ids.ts";
import { refusalOf } from "./refusal.ts";

export interface RefusingEnd {
  /** PEM of the authority to trust, so that clients hear the refusal instead of breaking off. */
  readonly authority: string;
  /** Speaks TLS as `host` and refuses whatever is asked, with that text. */
  take(host: string, text: string, socket: Duplex, head: Buffer): void;
  stop(): void;
}

/**
 * The end of the tunnels to real clouds.
 * Why: a proxy that refuses a tunnel is a network failure to SDKs, which Terraform's AWS provider tries again for more
 * than three minutes; an answer within the tunnel ends it at once, with its text. Nothing is decrypted that was meant
 * for anybody else.
 */
export function createRefusingEnd(parts: { readonly clock: Clock; readonly ids: Ids }): RefusingEnd {
  const nowMs = parts.clock.nowMs();
  // A serial number is a positive integer: its first byte is neither zero nor above 0x7f.
  const serial = () => `4${parts.ids.hex(31)}`;
  const authority = createAuthority(nowMs, serial());
  const contexts = new Map<string, SecureContext>();
  const contextOf = (host: string): SecureContext => {
    const known = contexts.get(host);
    if (known) return known;
    const { certificate, privateKey } = createServerCertificate(authority, [host], [], nowMs, serial());
    const made = createSecureContext({ cert: certificate, key: privateKey });
    contexts.set(host, made);
    return made;
  };
  const taken = new WeakMap<object, { readonly host: string; readonly text: string }>();
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { host = "", text = "" } = taken.get(request.socket) ?? {};
    const { status, headers, body } = refusalOf(request, host, text);
    // The rest of what is sent is of no interest.
    request.resume();
    response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body), connection: "close" });
    response.end(request.method === "HEAD" ? undefined : body);
  });
  return {
    authority: authority.certificate,
    take(host, text, socket, head) {
      socket.unshift(head);
      const secure = new TLSSocket(socket as ConstructorParameters<typeof TLSSocket>[0], {
        isServer: true,
        secureContext: contextOf(host),
        ALPNProtocols: ["http/1.1"],
      });
      // Whoever does not trust the authority breaks off, which refuses the request as well.
      secure.on("error", () => secure.destroy());
      taken.set(secure, { host, text });
      server.emit("connection", secure);
    },
    stop: () => server.closeAllConnections(),
  };
}

import { once } from "node:events";
import { connect, type ClientHttp2Session } from "node:http2";
import { connect as connectTls } from "node:tls";
import { createConnection } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { composeEngine } from "../../compose.ts";
import { memoryBlobStore } from "../../kernel/memory-blobs.ts";
import { memoryStore } from "../../kernel/memory.ts";
import { systemClock } from "../../platform/clock.ts";
import { frameOf } from "../../protocols/terraform/frames.ts";
import { createPluginCertificate, type KeyPair } from "../certificates.ts";
import { openPluginDoor } from "./plugin-door.ts";
import { openReattachDoor } from "./reattach-door.ts";

const engine = composeEngine({ store: memoryStore(), blobs: memoryBlobStore() });
const pairOf = (serial: string) => createPluginCertificate(systemClock().nowMs(), serial);

async function reattached(): Promise<ClientHttp2Session> {
  const door = await openReattachDoor(engine);
  const { String: path } = Object.values(door.providers)[0]!.Addr;
  const client = connect("http://localhost", { createConnection: () => createConnection(path) });
  onTestFinished(async () => {
    client.close();
    await door.stop();
  });
  return client;
}

async function call(client: ClientHttp2Session, path: string, body: Buffer) {
  const stream = client.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
  const trailers = once(stream, "trailers");
  stream.end(body);
  stream.resume();
  const [{ "grpc-status": status, "grpc-message": message }] = (await trailers) as [Record<string, string>];
  return { status: Number(status), message: decodeURIComponent(message ?? "") };
}

test.each([
  ["of another protocol", "/tfplugin5.Provider/GetSchema", frameOf(Buffer.alloc(0)), 12, "is not served"],
  ["that does not exist", "/tfplugin6.Provider/ListEverything", frameOf(Buffer.alloc(0)), 12, "is not served"],
  ["without a message", "/tfplugin6.Provider/GetMetadata", Buffer.alloc(0), 3, "without a message"],
  ["that is compressed", "/tfplugin6.Provider/GetMetadata", Buffer.of(1, 0, 0, 0, 0), 3, "compressed"],
  ["cut off", "/tfplugin6.Provider/ReadResource", frameOf(Buffer.of(0x0a, 9)), 3, "in the middle of a field"],
  ["that is right", "/tfplugin6.Provider/GetMetadata", frameOf(Buffer.alloc(0)), 0, ""],
  ["of health", "/grpc.health.v1.Health/Check", frameOf(Buffer.alloc(0)), 0, ""],
])("a call %s gets its status", async (_, path, body, status, message) => {
  const answer = await call(await reattached(), path, body);
  expect(answer.status).toBe(status);
  expect(answer.message).toContain(message);
});

/** Whether a client with this certificate gets as far as an answer. */
async function isServed(socketPath: string, authority: string, own?: KeyPair): Promise<boolean> {
  const socket = connectTls({
    path: socketPath,
    ca: authority,
    servername: "localhost",
    ALPNProtocols: ["h2"],
    ...(own && { cert: own.certificate, key: own.privateKey }),
  });
  const client = connect("https://localhost", { createConnection: () => socket });
  const stream = client.request({ ":method": "POST", ":path": "/grpc.health.v1.Health/Check" });
  const served = await new Promise<boolean>((resolve) => {
    for (const end of ["error", "close"]) client.on(end, () => resolve(false));
    stream.on("error", () => resolve(false));
    stream.on("response", () => resolve(true));
    stream.end();
  });
  client.destroy();
  return served;
}

test("a plugin's door serves the client whose certificate it was given, and nobody else", async () => {
  const [terraform, stranger] = [pairOf("41"), pairOf("42")];
  const door = await openPluginDoor(engine, terraform.certificate, () => undefined);
  onTestFinished(() => door.stop());
  const [core, protocol, network, path = "", kind, certificate = ""] = door.handshake.split("|");
  expect([core, protocol, network, kind]).toEqual(["1", "6", "unix", "grpc"]);
  // Go's base64 has no padding, which a PEM text needs.
  const padded = Buffer.from(certificate, "base64").toString("base64");
  expect(certificate).toBe(padded.replaceAll("=", ""));
  const lines = padded.match(/.{1,64}/g) ?? [];
  const authority = ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----"].join("\n");
  expect(await isServed(path, authority, terraform)).toBe(true);
  expect(await isServed(path, authority, stranger)).toBe(false);
  expect(await isServed(path, authority)).toBe(false);
  expect(await isServed(path, stranger.certificate, terraform)).toBe(false);
});

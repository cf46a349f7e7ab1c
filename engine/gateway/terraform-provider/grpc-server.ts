import { constants, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { Log } from "../../platform/log.ts";
import { providerCalls } from "../../protocols/terraform/calls.ts";
import { CompressedFrame, frameOf, messagesOf } from "../../protocols/terraform/frames.ts";
import { MisfitValue } from "../../protocols/terraform/dynamic-value.ts";
import { MalformedPack } from "../../protocols/terraform/msgpack.ts";
import { MalformedMessage } from "../../protocols/terraform/protobuf.ts";
import type { Provider } from "../../protocols/terraform/provider.ts";

const PROVIDER_PREFIX = "/tfplugin6.Provider/";
/** Terraform waits for these and ends the process itself when they are not answered. */
const SHUTDOWN = "/plugin.GRPCController/Shutdown";
const STANDARD_STREAMS = "/plugin.GRPCStdio/StreamStdio";
const BROKER = "/plugin.GRPCBroker/StartStream";
const HEALTH = "/grpc.health.v1.Health/Check";
const SERVING = Buffer.of(0x08, 0x01);

/** Source: gRPC's documentation, "Status codes" */
const STATUS = { ok: 0, invalidArgument: 3, unimplemented: 12, internal: 13 } as const;
type Status = (typeof STATUS)[keyof typeof STATUS];

export interface GrpcOptions<Session> {
  readonly provider: Provider<Session>;
  readonly log: Log;
  /** Terraform asked the process to end; the answer is on its way. */
  readonly onShutdown?: () => void;
}

export interface GrpcService {
  serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void;
}

/**
 * Answers gRPC calls. What a configuration of the provider says holds for its connection: Terraform has one for each
 * alias, and several may share this engine.
 */
export function grpcService<Session>({ provider, log, onShutdown }: GrpcOptions<Session>): GrpcService {
  const calls = providerCalls(provider);
  const sessions = new WeakMap<Http2Session, Session>();
  const sessionOf = (connection: Http2Session): Session => {
    const found = sessions.get(connection) ?? provider.open();
    sessions.set(connection, found);
    return found;
  };
  const answer = async (stream: ServerHttp2Stream, path: string): Promise<void> => {
    const name = path.startsWith(PROVIDER_PREFIX) ? path.slice(PROVIDER_PREFIX.length) : "";
    if (!calls.has(name) || !stream.session) return finish(stream, STATUS.unimplemented, `${path} is not served.`);
    try {
      const session = sessionOf(stream.session);
      // The stream still has its answer to carry when the only message of the request has been read.
      for await (const request of messagesOf(stream.iterator({ destroyOnReturn: false }))) {
        const { response, onAnswered } = await calls.answer(name, request, session);
        if (onAnswered) stream.once("close", () => void afterAnswer(stream, onAnswered));
        return finish(stream, STATUS.ok, "", response);
      }
      finish(stream, STATUS.invalidArgument, "A call came without a message.");
    } catch (problem) {
      const isMalformed = MALFORMED.some((kind) => problem instanceof kind);
      if (!isMalformed) log.error({ call: name, problem: (problem as Error).stack }, "a call of Terraform's failed");
      finish(stream, isMalformed ? STATUS.invalidArgument : STATUS.internal, (problem as Error).message);
    }
  };
  const afterAnswer = async (stream: ServerHttp2Stream, onAnswered: () => Promise<void>): Promise<void> => {
    if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) return;
    await onAnswered().catch((problem: Error) =>
      log.warn({ problem: problem.message }, "that Terraform has its answer could not be noted"),
    );
  };
  return {
    serve(stream, headers) {
      const path = String(headers[":path"] ?? "");
      stream.on("error", (problem) => log.debug({ path, problem: problem.message }, "a call of Terraform's broke off"));
      if (path === SHUTDOWN) {
        stream.once("close", () => onShutdown?.());
        return finish(stream, STATUS.ok, "", Buffer.alloc(0));
      }
      if (path === HEALTH) return finish(stream, STATUS.ok, "", SERVING);
      if (path === STANDARD_STREAMS || path === BROKER) return holdOpen(stream);
      void answer(stream, path);
    },
  };
}

const MALFORMED = [MalformedMessage, MalformedPack, MisfitValue, CompressedFrame];

/** A stream on which nothing is said; it ends when Terraform ends it. */
function holdOpen(stream: ServerHttp2Stream): void {
  begin(stream, STATUS.ok, "");
  stream.on("end", () => stream.end());
  stream.resume();
}

function begin(stream: ServerHttp2Stream, status: Status, message: string): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () =>
    stream.sendTrailers({
      "grpc-status": String(status),
      ...(message !== "" && { "grpc-message": encodeURIComponent(message) }),
    }),
  );
}

function finish(stream: ServerHttp2Stream, status: Status, message: string, response?: Buffer): void {
  if (stream.destroyed || stream.headersSent) return;
  begin(stream, status, message);
  stream.end(response && frameOf(response));
}

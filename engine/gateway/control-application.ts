import { fastify, type FastifyInstance } from "fastify";
import { topics } from "../services/topics/service.ts";
import type { ControlOptions } from "./control-options.ts";
import { registerCommands } from "./command-api.ts";
import { registerEventStream } from "./event-stream.ts";
import { metricsText } from "./metrics.ts";
import { failureOf, registerNativeApi } from "./native-api.ts";
import { registerTerraformProvider } from "./terraform-provider/door-api.ts";
import { registerTerraformStates } from "./terraform-state-api.ts";

/** Templates and native inputs are JSON bodies; larger bodies go through operations that stream. */
const BODY_BYTES_MAX = 32 * 1024 * 1024;

/** Fastify serves the engine's own API; the clouds' wire requests never pass through it. */
export async function createControlApplication({ engine, onStop, ending }: ControlOptions): Promise<FastifyInstance> {
  const app = fastify({ logger: false, bodyLimit: BODY_BYTES_MAX, genReqId: () => engine.ids.uuid() });
  // Bodies of operations that stream stay unread.
  app.addContentTypeParser("application/octet-stream", (_request, _payload, done) => done(null));

  app.setErrorHandler((problem, request, reply) => {
    const { status, body } = failureOf(problem, request.id);
    if (status === 500)
      engine.log.error({ requestId: request.id, problem: (problem as Error).stack }, "the control API failed");
    return reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      error: {
        code: "NotFound",
        kind: "notFound",
        message: `There is nothing at ${request.method} ${request.url}.`,
        details: {},
        requestId: request.id,
      },
    }),
  );

  app.get("/_cloudstack/metrics", async (_request, reply) => {
    const { type, text } = await metricsText(engine.tally, process.memoryUsage().rss);
    return reply.type(type).send(text);
  });
  // Where notifications say that their certificate is; whoever receives them asks without credentials.
  app.get("/_cloudstack/topics/signing-certificate.pem", async (_request, reply) => {
    const { certificate } = await engine.calls.call(topics, "getSigningCertificate", {}, engine.defaultScope);
    return reply.type("application/x-pem-file").send(certificate);
  });
  app.post("/_cloudstack/stop", (_request, reply) => {
    reply.raw.once("close", onStop);
    return { stopping: true };
  });
  registerNativeApi(app, engine);
  registerCommands(app, engine, ending);
  registerEventStream(app, engine, ending);
  registerTerraformProvider(app, engine, ending);
  await registerTerraformStates(app, engine);
  await app.ready();
  return app;
}

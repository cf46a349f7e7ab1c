import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { ControlOptions } from "./control-options.ts";
import type { Engine } from "./engine.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * The engine's own paths. Health is answered here at once; everything else waits for the control application, which is
 * loaded at its first request so that an engine that only serves clouds starts fast and stays small.
 */
export function createControl(options: ControlOptions): Handler {
  let application: Promise<FastifyInstance> | undefined;
  const health = healthText(options.engine);
  return (request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0];
    if (path === "/_cloudstack/health" || path === "/_localstack/health") {
      response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(health) });
      return void response.end(request.method === "HEAD" ? undefined : health);
    }
    application ??= import("./control-application.ts").then(({ createControlApplication }) =>
      createControlApplication(options),
    );
    application.then(
      (app) => app.routing(request, response),
      (problem: Error) => {
        options.engine.log.error({ problem: problem.message }, "the control application could not be loaded");
        response.writeHead(500, { "content-type": "text/plain" });
        response.end(`The control application could not be loaded: ${problem.message}\n`);
      },
    );
  };
}

/** The shape that scripts written for local clouds wait for: a map of services, each `available`. */
function healthText(engine: Engine): string {
  const services = Object.fromEntries(
    engine.clouds.flatMap((cloud) => cloud.services).map((name) => [name, "available"]),
  );
  const { version, checksSignatures } = engine;
  return JSON.stringify({ status: "running", edition: "cloudstacks", version, checksSignatures, services });
}

import { PassThrough } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ServiceError } from "../services/errors.ts";
import type { EventQuery, PositionedEvent } from "../stack/requests.ts";
import type { Engine } from "./engine.ts";
import { scopeOf } from "./native-api.ts";

interface EventRoute {
  readonly Params: { readonly stack: string };
  readonly Querystring: {
    readonly deployment?: string;
    readonly resource?: string;
    readonly status?: string;
    readonly after?: string;
  };
}

/**
 * A stack's events as server-sent events: `GET /_cloudstack/stacks/<stack>/events`, all there are and then each new
 * one. `?deployment=`, `?resource=` and `?status=a,b` choose; `?after=` and `Last-Event-ID` go on after a position.
 * With `?deployment=` the answer ends with the deployment.
 */
export function registerEventStream(app: FastifyInstance, engine: Engine, ending: AbortSignal): void {
  app.get<EventRoute>("/_cloudstack/stacks/:stack/events", (request, reply) => {
    const query = queryOf(request, engine);
    const gone = new AbortController();
    const body = new PassThrough();
    reply.raw.once("close", () => gone.abort());
    const signal = AbortSignal.any([gone.signal, ending]);
    const write = async () => {
      for await (const event of engine.stacks.follow(query, signal)) body.write(textOf(event));
    };
    write()
      .catch((problem: Error) => {
        engine.log.error({ requestId: request.id, problem: problem.stack }, "an event stream failed");
        body.write(`event: error\ndata: ${JSON.stringify({ message: problem.message })}\n\n`);
      })
      .finally(() => body.end());
    return reply.type("text/event-stream").header("cache-control", "no-store").send(body);
  });
}

function queryOf(request: FastifyRequest<EventRoute>, engine: Engine): EventQuery {
  const { deployment, resource, status } = request.query;
  const given = request.headers["last-event-id"] ?? request.query.after;
  const after = given === undefined ? undefined : Number(given);
  if (after !== undefined && !Number.isSafeInteger(after))
    throw new ServiceError("InvalidPosition", "invalidInput", `"${String(given)}" is not the position of an event.`);
  return {
    scope: scopeOf(request, engine),
    stack: request.params.stack,
    deploymentId: deployment,
    logicalId: resource,
    statuses: status?.split(","),
    after,
  };
}

const textOf = (event: PositionedEvent) =>
  `id: ${event.position}\nevent: ${event.status}\ndata: ${JSON.stringify(event)}\n\n`;

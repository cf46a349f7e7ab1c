import type { IncomingMessage, ServerResponse } from "node:http";
import { createControl } from "../control.ts";
import type { ControlOptions } from "../control-options.ts";
import type { Engine } from "../engine.ts";
import { failureOf } from "../native-api.ts";
import { FORK_HEADER } from "./fork-facts.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The engine's own paths, each request to the fork that it names. */
export function controlByFork(options: ControlOptions): Handler {
  const handlers = new WeakMap<Engine, Handler>();
  const handlerOf = (engine: Engine): Handler => {
    const known = handlers.get(engine) ?? createControl({ ...options, engine });
    handlers.set(engine, known);
    return known;
  };
  return (request, response) => {
    const name = request.headers[FORK_HEADER];
    if (typeof name !== "string") return handlerOf(options.engine)(request, response);
    options.engine.forks.engineOf(name).then(
      (engine) => handlerOf(engine)(request, response),
      (problem: unknown) => {
        const { status, body } = failureOf(problem, options.engine.ids.uuid());
        response.writeHead(status, { "content-type": "application/json" });
        response.end(`${JSON.stringify(body)}\n`);
      },
    );
  };
}

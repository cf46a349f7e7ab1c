import { PassThrough } from "node:stream";
import type { FastifyInstance } from "fastify";
import { ServiceError } from "../services/errors.ts";
import { COMMANDS, type CommandName } from "./commands.ts";
import type { Engine } from "./engine.ts";
import { failureOf, scopeOf } from "./native-api.ts";

/**
 * The command line's commands over HTTP: `POST /_cloudstack/commands/<name>` with the command's input as JSON answers
 * newline-delimited JSON: `{"event": ...}` as things happen, then one `{"result": ...}` or `{"error": ...}`.
 */
export function registerCommands(app: FastifyInstance, engine: Engine, ending: AbortSignal): void {
  app.post<{ Params: { name: string } }>("/_cloudstack/commands/:name", (request, reply) => {
    const { name } = request.params;
    if (!Object.hasOwn(COMMANDS, name)) {
      throw new ServiceError(
        "UnknownCommand",
        "notFound",
        `There is no command "${name}": ${Object.keys(COMMANDS).join(", ")}.`,
      );
    }
    const lines = new PassThrough();
    const write = (line: object) => lines.write(`${JSON.stringify(line)}\n`);
    const command = COMMANDS[name as CommandName];
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const scope = scopeOf(request, engine);
    const signal = AbortSignal.any([gone.signal, ending]);
    command(engine, scope, (request.body ?? {}) as never, (event) => write({ event }), signal)
      .then(
        (result: unknown) => write({ result: result ?? null }),
        (problem: unknown) => {
          const { status, body } = failureOf(problem, request.id);
          if (status === 500)
            engine.log.error({ requestId: request.id, problem: (problem as Error).stack }, "a command failed");
          write(body);
        },
      )
      .finally(() => lines.end());
    return reply.type("application/x-ndjson").send(lines);
  });
}

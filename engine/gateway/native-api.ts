import { Ajv, type ValidateFunction } from "ajv";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { openBody } from "../kernel/joined-body.ts";
import type { AnyOperation, BodyOut } from "../services/operation.ts";
import type { Scope } from "../services/context.ts";
import { ServiceError, type ErrorKind } from "../services/errors.ts";
import type { Service } from "../services/manifest.ts";
import type { Engine } from "./engine.ts";
import { CUT, passNatively } from "./native-passage.ts";
import { withBytes } from "./native-bytes.ts";
import { STATUS_OF } from "./status-of.ts";

interface OperationParams {
  readonly service: string;
  readonly operation: string;
}

/** Bytes travel as base64 in native JSON, both ways: see `withBytes`. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, function replace(this: Record<string, unknown>, key, member: unknown) {
    const raw = this[key];
    if (raw instanceof Uint8Array) return Buffer.from(raw).toString("base64");
    return typeof member === "bigint" ? member.toString() : member;
  });

/**
 * The engine's own HTTP API, derived from the services' operation rows.
 * `POST /_cloudstack/api/<service>/<operation>` takes and gives JSON by the row's schemas; an operation with an
 * incoming body takes its input in `?input=<json>` and the body as the request's; one with an outgoing body answers
 * it with the output in the header `x-cloudstack-output` (percent-encoded JSON). `GET` on the same path gives the
 * schemas.
 */
export function registerNativeApi(app: FastifyInstance, engine: Engine): void {
  const ajv = new Ajv({ allErrors: true, strict: false, useDefaults: true, validateFormats: false });
  const validators = new WeakMap<AnyOperation, ValidateFunction>();
  const validatorOf = (operation: AnyOperation): ValidateFunction => {
    let validator = validators.get(operation);
    if (!validator) validators.set(operation, (validator = ajv.compile(operation.input as object)));
    return validator;
  };

  app.get("/_cloudstack/api", () =>
    Object.fromEntries(
      engine.services.map((service) => [
        service.name,
        {
          summary: service.summary,
          operations: Object.fromEntries(
            Object.entries(service.operations).map(([name, operation]) => [name, operation.summary]),
          ),
        },
      ]),
    ),
  );

  app.get<{ Params: OperationParams }>("/_cloudstack/api/:service/:operation", (request) => {
    const { operation } = find(engine, request.params);
    const { summary, input, output, errors, effects, body } = operation;
    return { summary, effects, ...(body && { body }), errors, input, output };
  });

  app.post<{ Params: OperationParams; Querystring: { input?: string } }>(
    "/_cloudstack/api/:service/:operation",
    async (request, reply) => {
      const { service, operation } = find(engine, request.params);
      const takesBody = operation.body === "in";
      const input = takesBody ? parseInput(request.query.input) : (request.body ?? {});
      const validate = validatorOf(operation);
      if (!validate(input)) {
        throw new ServiceError(
          "InvalidInput",
          "invalidInput",
          ajv.errorsText(validate.errors, { dataVar: "input", separator: "; " }),
        );
      }
      const read = withBytes(operation.input as object, input);
      const { operation: name } = request.params;
      const scope = scopeOf(request, engine);
      const carryOut = () =>
        engine.calls.call(service, name, read, {
          ...scope,
          requestId: request.id,
          body: takesBody ? request.raw : undefined,
        }) as Promise<Record<string, unknown>>;
      const { gate } = engine.passage;
      const call = { cloud: "native", service: service.name, operation: name, resource: resourceOf(read), ...scope };
      const result = gate
        ? await passNatively({ gate, clock: engine.clock, call, signal: goneSignal(reply) }, carryOut)
        : await carryOut();
      if (result === CUT) {
        request.raw.socket.destroy();
        return reply.hijack();
      }
      return operation.body === "out"
        ? sendBody(engine, reply, result)
        : reply.type("application/json").send(toJson(result));
    },
  );
}

/** Aborted when the connection ends before the answer was sent. */
function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once("close", () => gone.abort());
  return gone.signal;
}

/** Operations name first what they are about: `{ queue: "orders", ... }`. */
function resourceOf(input: unknown): string | undefined {
  const [first] = Object.values((input ?? {}) as object) as unknown[];
  return typeof first === "string" ? first : undefined;
}

function sendBody(engine: Engine, reply: FastifyReply, result: Record<string, unknown>): FastifyReply {
  const { body, range, ...output } = result as BodyOut;
  void reply.header("x-cloudstack-output", encodeURIComponent(toJson(output))).type("application/octet-stream");
  return body === undefined ? reply.send("") : reply.send(openBody(engine.blobs, body, range));
}

function parseInput(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServiceError("InvalidInput", "invalidInput", "The query parameter `input` is not JSON.", {}, cause);
  }
}

function find(engine: Engine, params: OperationParams): { service: Service; operation: AnyOperation } {
  const service = engine.services.find((candidate) => candidate.name === params.service);
  const operation = service?.operations[params.operation];
  if (!service || !operation) {
    const known = service ? Object.keys(service.operations) : engine.services.map((candidate) => candidate.name);
    throw new ServiceError(
      "UnknownOperation",
      "notFound",
      `There is no operation ${params.service}.${params.operation}. ` +
        `${service ? service.name : "Services"}: ${known.join(", ")}.`,
    );
  }
  return { service, operation };
}

export function scopeOf(request: FastifyRequest, engine: Engine): Scope {
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    account: header("x-cloudstack-account") ?? engine.defaultScope.account,
    region: header("x-cloudstack-region") ?? engine.defaultScope.region,
  };
}

/** A failure as the native API tells it: status by kind, and everything a program can match on. */
export function failureOf(problem: unknown, requestId: string): { status: number; body: object } {
  if (problem instanceof ServiceError) {
    const { code, kind, message, details } = problem;
    return { status: STATUS_OF[kind], body: { error: { code, kind, message, details, requestId } } };
  }
  const { statusCode, message } = problem as { statusCode?: number; message: string };
  // Fastify's own refusals (body too large, not JSON) carry a status below 500; anything else is a defect of ours.
  const status = statusCode !== undefined && statusCode < 500 ? statusCode : 500;
  const kind: ErrorKind = status < 500 ? "invalidInput" : "internal";
  return {
    status,
    body: { error: { code: status < 500 ? "InvalidRequest" : "InternalError", kind, message, details: {}, requestId } },
  };
}

import { openBody } from "../../kernel/joined-body.ts";
import { StoreUnavailable } from "../../kernel/store.ts";
import type { Log } from "../../platform/log.ts";
import type { MovableClock } from "../../platform/movable-clock.ts";
import { codecFor } from "../../protocols/aws/codecs.ts";
import { AwsFailure, type AwsRoute, type FailureForm } from "../../protocols/aws/codec.ts";
import { createDispatch } from "../../protocols/aws/dispatch.ts";
import { identityOf } from "../../protocols/aws/identity.ts";
import { checkPresignedTime } from "../../protocols/aws/presigned.ts";
import { checkSignature } from "../../protocols/aws/signature-check.ts";
import type { AwsWireFailure } from "../../protocols/aws/model.ts";
import { validateInput } from "../../protocols/aws/validate.ts";
import type { Refusal, WireRequest, WireResponse } from "../../protocols/wire.ts";
import type { Calls } from "../../services/calls.ts";
import { ServiceError } from "../../services/errors.ts";
import type { BodyOut } from "../../services/operation.ts";
import type { Service } from "../../services/manifest.ts";
import type { Passage } from "../../services/passage.ts";
import { disturbed } from "./disturbed.ts";
import { operationCall } from "./operation-call.ts";
import type { AwsService, BindingRow, WireCall } from "./binding.ts";

// oxlint-disable-next-line no-explicit-any -- rows of every shape; `bind` has checked each
type AnyRow = BindingRow<any, any, any>;

interface Bound {
  readonly service: Service;
  readonly row: AnyRow;
}

export interface AwsDoorParts {
  readonly calls: Calls;
  readonly services: readonly AwsService[];
  readonly clock: MovableClock;
  readonly log: Log;
  readonly passage: Passage;
  /** Every request must be signed with it; any signature is taken when it is absent. */
  readonly secretKey?: string | undefined;
}

/** Answers what is an operation of some model. */
export interface Operations {
  /** Never throws: every failure is a response in the protocol that the client spoke. */
  answer(request: WireRequest): Promise<WireResponse>;
  /** A failure that nobody placed yet. `form`: the protocol to speak unless the failure knows better. */
  fail(problem: unknown, form: FailureForm, request: WireRequest, operation: string): WireResponse;
  /** A failure in the protocol that the client speaks, whatever it asked for. */
  refuse(request: WireRequest, failure: Refusal): Promise<WireResponse>;
}

/** Places a request, decodes it, calls the bound operation, encodes the answer or the failure. */
export function createOperations(parts: AwsDoorParts): Operations {
  const dispatch = createDispatch();
  const manifests = new Map(parts.services.map((manifest) => [manifest.model, manifest]));
  const bound = bindingsOf(parts.services);

  const serve = async (route: AwsRoute, request: WireRequest): Promise<WireResponse> => {
    const manifest = manifests.get(route.model.id);
    const binding = bound.get(`${route.model.id}.${route.operation.name}`);
    if (!manifest || !binding) throw notImplemented(route);
    const parsed = codecFor(route.protocol).parse(route, request);
    const wire = parsed instanceof Promise ? await parsed : parsed;
    const call = wireCallOf(route, request);
    validateInput(route, wire, {
      refusesUnknownEnumValues: manifest.refusesUnknownEnumValues === true,
      ignoresPatterns: manifest.ignoresPatterns === true,
    });
    try {
      const { gate } = parts.passage;
      const carryOut = () => run(parts, route, binding, wire, call);
      if (gate === undefined) return await carryOut();
      const asked = operationCall(route.model.id, route.operation.name, wire, call);
      return await disturbed(gate, { call: asked, route, request, clock: parts.clock }, carryOut);
    } catch (problem) {
      throw problem instanceof ServiceError ? wireFailureOf(manifest, problem, call) : problem;
    }
  };

  const fail = (problem: unknown, form: FailureForm, request: WireRequest, operation: string): WireResponse => {
    const failure =
      problem instanceof AwsFailure ? problem.failure : internalFailure(parts.log, problem, request, operation);
    const known = problem instanceof AwsFailure && problem.form ? problem.form : form;
    const answer = codecFor(known.protocol).serializeFailure(known, failure, request.requestId);
    return { operation, errorCode: failure.code, ...answer };
  };

  const answer = async (request: WireRequest): Promise<WireResponse> => {
    let form: FailureForm = { protocol: "rest-xml" };
    let operation = "aws";
    try {
      const placed = dispatch(request);
      const route = placed instanceof Promise ? await placed : placed;
      form = route;
      checkPresignedTime(request, parts.clock);
      const { secretKey } = parts;
      const chunkSeed = secretKey === undefined
        ? undefined
        : await checkSignature(request, secretKey, parts.clock.base.nowMs(), route.model.id);
      operation = `${route.model.id}.${route.operation.name}`;
      // On hot paths a spread stands last: V8 takes half a microsecond for each member that follows one.
      return { operation, ...(await serve(chunkSeed ? { ...route, chunkSeed } : route, request)) };
    } catch (problem) {
      return fail(problem, form, request, operation);
    }
  };

  const refuse = async (request: WireRequest, failure: Refusal): Promise<WireResponse> => {
    let form: FailureForm | undefined;
    try {
      form = await dispatch(request);
    } catch (problem) {
      if (!(problem instanceof AwsFailure)) return fail(problem, { protocol: "rest-xml" }, request, "aws");
      form = problem.form;
    }
    return fail(new AwsFailure(failure), form ?? { protocol: "rest-xml" }, request, "aws");
  };

  return { answer, fail, refuse };
}

/** Two rows for one wire operation stop the start with both names. */
function bindingsOf(services: readonly AwsService[]): ReadonlyMap<string, Bound> {
  const bound = new Map<string, Bound>();
  for (const { model, bound: groups } of services) {
    for (const { service, rows } of groups) {
      for (const [operation, row] of Object.entries(rows)) {
        const name = `${model}.${operation}`;
        const other = bound.get(name);
        if (other)
          throw new Error(
            `${name} is bound twice: to ${other.service.name}.${other.row.to} and ${service.name}.${row.to}.`,
          );
        bound.set(name, { service, row });
      }
    }
  }
  return bound;
}

function wireCallOf(route: AwsRoute, request: WireRequest): WireCall {
  const { account, region } = identityOf(request, route.credential);
  return {
    account,
    region,
    request,
    caller: { principal: `arn:aws:iam::${account}:root` },
    requestId: request.requestId,
    endpoint: `${request.isSecure ? "https" : "http"}://${request.host}`,
    operation: route.operation.name,
  };
}

async function run(
  parts: AwsDoorParts,
  route: AwsRoute,
  { service, row }: Bound,
  wire: Record<string, unknown>,
  call: WireCall,
): Promise<WireResponse> {
  const result = (await parts.calls.call(service, row.to, row.in(wire, call), {
    account: call.account,
    region: call.region,
    caller: call.caller,
    requestId: call.requestId,
    body: row.body?.(wire),
    waiter: call.request,
  })) as BodyOut;
  const output = row.out(result, wire, call) as Record<string, unknown>;
  if (row.bodyOut !== undefined && result.body !== undefined)
    output[row.bodyOut] = row.through
      ? row.through(openBody(parts.calls.blobs, result.body, result.range), wire, result)
      : bodyOf(parts, result);
  const response = codecFor(route.protocol).serialize(route, output, call.requestId);
  const extra = row.response?.(result, wire, call);
  if (extra === undefined) return response;
  const headers = Object.assign(response.headers, extra.headers);
  return { status: extra.status ?? response.status, headers, body: response.body };
}

/** Small bodies go out in one write with their head; large ones are streamed. */
function bodyOf(parts: AwsDoorParts, { body, range }: BodyOut) {
  if (body?.inline === undefined) return body && openBody(parts.calls.blobs, body, range);
  return range ? body.inline.subarray(range.start, range.end + 1) : body.inline;
}

function wireFailureOf(manifest: AwsService, problem: ServiceError, call: WireCall): AwsFailure {
  const look = manifest.wireErrors[problem.code];
  if (look === undefined) {
    // Not in the table: an operation threw what its row does not list.
    throw new Error(`${manifest.model} has no wire form for ${problem.code}.`, { cause: problem });
  }
  return new AwsFailure(
    {
      code: look.code,
      ...(look.queryCode !== undefined && { queryCode: look.queryCode }),
      status: look.status,
      message: look.message?.(problem.details, call) ?? problem.message,
      ...(look.members && { members: look.members(problem.details, call) }),
      ...(look.headers && { headers: look.headers(problem.details, call) }),
    },
    problem,
  );
}

/** 501 and not a retryable 5xx: providers would wait for minutes. */
function notImplemented(route: AwsRoute): AwsFailure {
  const { model, operation } = route;
  return new AwsFailure({
    code: "NotImplemented",
    status: 501,
    message: `CloudStacks does not implement ${model.id}:${operation.name}. See \`cloudstack coverage ${model.id}\`.`,
  });
}

function internalFailure(log: Log, problem: unknown, request: WireRequest, operation: string): AwsWireFailure {
  if (problem instanceof StoreUnavailable) {
    return { code: "ServiceUnavailable", status: 503, fault: "server", message: problem.message };
  }
  // Its sender broke off: no defect of ours, and nobody is left to read the answer.
  if (!Buffer.isBuffer(request.body) && request.body.errored) {
    return { code: "IncompleteBody", status: 400, fault: "client", message: "The request's body broke off." };
  }
  log.error(
    { requestId: request.requestId, operation, problem: problem instanceof Error ? problem.stack : String(problem) },
    "a request failed inside",
  );
  return {
    code: "InternalFailure",
    status: 500,
    fault: "server",
    message:
      `The engine failed on ${operation}; this is a defect of CloudStacks. ` +
      `Its log has the details under request ${request.requestId}.`,
  };
}

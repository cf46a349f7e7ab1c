import { Readable } from "node:stream";
import type { Clock } from "../../platform/clock.ts";
import { AwsFailure, type AwsRoute } from "../../protocols/aws/codec.ts";
import { errorShapeOf } from "../../protocols/aws/failure-forms.ts";
import type { AwsModel, AwsOperation, AwsProtocol } from "../../protocols/aws/model.ts";
import type { WireRequest, WireResponse } from "../../protocols/wire.ts";
import type { OperationCall } from "../../services/operation-call.ts";
import type { Disturbance, Gate } from "../../services/passage.ts";
import { pauseUntil } from "../../services/pause.ts";

/** What is sent instead of an answer: nothing, and the connection is cut. */
const CUT: WireResponse = { status: 503, headers: {}, isCut: true };

/**
 * Carries an operation out under the rules that are in force.
 * Errors: `AwsFailure` for one that is made to fail, with the code and status that AWS has for it
 */
export async function disturbed(
  gate: Gate,
  { call, route, request, clock }: { call: OperationCall; route: AwsRoute; request: WireRequest; clock: Clock },
  carryOut: () => Promise<WireResponse>,
): Promise<WireResponse> {
  gate.hear(call);
  const disturbance = gate.mayDisturb(call) ? await gate.decide(call) : undefined;
  if (disturbance === undefined) return carryOut();
  if (disturbance.kind === "delay") {
    // Whoever has gone meanwhile would not have been served either.
    const isOver = await pauseUntil(clock, clock.nowMs() + disturbance.delayMs, request.signal);
    return isOver ? carryOut() : CUT;
  }
  if (disturbance.kind !== "drop") throw wireFailure(disturbance, route);
  const { body } = disturbance.isAfter ? await carryOut() : CUT;
  if (body instanceof Readable) body.destroy();
  return CUT;
}

function wireFailure(disturbance: Extract<Disturbance, { kind: "fail" | "throttle" }>, route: AwsRoute): AwsFailure {
  if (disturbance.kind === "throttle") return new AwsFailure(throttling(route.operation, route.protocol, route.model));
  return new AwsFailure({ ...disturbance, code: disturbance.code ?? innerFailure(route) });
}

/** Of KMS: `KMSInternalException`. */
const INNER = /^(?:KMS)?Internal/;

/** What an operation says when something fails inside, as its model or else its protocol has it. */
function innerFailure({ operation, protocol }: AwsRoute): string {
  const listed = operation.errors.find(({ name, error }) => error?.fault === "server" && INNER.test(name));
  if (listed) return listed.error?.code ?? listed.name;
  // Source: S3 API Reference, Error responses; Common Errors of the others
  return protocol === "rest-xml" ? "InternalError" : "InternalFailure";
}

/** Codes by which an operation of some models says that it is asked too much; what SDKs know to try again. */
const LISTED = ["ProvisionedThroughputExceededException", "TooManyRequestsException", "ThrottlingException"];

const BY_PROTOCOL: Readonly<Record<AwsProtocol, { code: string; status: number; message: string }>> = {
  json: { code: "ThrottlingException", status: 400, message: "Rate exceeded" },
  "rpc-v2-cbor": { code: "ThrottlingException", status: 400, message: "Rate exceeded" },
  "rest-json": { code: "ThrottlingException", status: 429, message: "Rate exceeded" },
  // Source: S3 API Reference, Error responses; EC2 Developer Guide, Request throttling
  "rest-xml": { code: "SlowDown", status: 503, message: "Please reduce your request rate." },
  query: { code: "Throttling", status: 400, message: "Rate exceeded" },
  ec2: { code: "RequestLimitExceeded", status: 503, message: "Request limit exceeded." },
};

function throttling(operation: AwsOperation, protocol: AwsProtocol, model: AwsModel) {
  const usual = BY_PROTOCOL[protocol];
  const code = LISTED.find((each) => operation.errors.some(({ name }) => name === each));
  if (code === undefined) return usual;
  const status = errorShapeOf(model, { ...usual, code, fault: "client" })?.error?.status ?? 400;
  return { code, status, message: "The level of configured throughput was exceeded. Try again later." };
}

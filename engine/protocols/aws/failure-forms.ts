import type { AwsModel, AwsWireFailure, StructureShape } from "./model.ts";
import { remembered } from "./shapes.ts";

const byCode = remembered((model: AwsModel) => {
  const shapes = new Map<string, StructureShape>();
  for (const [name, shape] of model.shapes) {
    if (shape.type !== "structure" || shape.error === undefined) continue;
    shapes.set(name, shape);
    if (!shapes.has(shape.error.code)) shapes.set(shape.error.code, shape);
  }
  return shapes;
});

/** The model's shape of a failure, when the model knows the code. */
export function errorShapeOf(model: AwsModel | undefined, failure: AwsWireFailure): StructureShape | undefined {
  if (model === undefined) return undefined;
  // Nearly every code is its shape's name; only the rest is worth a walk over the whole model.
  const named = model.shapes.get(failure.code);
  return named?.type === "structure" && named.error !== undefined ? named : byCode(model).get(failure.code);
}

/** Codes that any service may answer with, beside those of its model. Source: Common Errors of the API References */
const COMMON_STATUSES: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  ExpiredToken: 400,
  ExpiredTokenException: 400,
  InternalError: 500,
  InternalFailure: 500,
  InternalServerError: 500,
  InvalidClientTokenId: 403,
  RequestLimitExceeded: 503,
  RequestTimeout: 400,
  ServiceUnavailable: 503,
  SlowDown: 503,
  Throttling: 400,
  ThrottlingException: 400,
  UnrecognizedClientException: 400,
};

/** The HTTP status of each code that a service may answer with. */
export const statusesByCode = remembered((model: AwsModel): ReadonlyMap<string, number> => {
  const statuses = new Map(Object.entries(COMMON_STATUSES));
  for (const [code, { error }] of byCode(model))
    statuses.set(code, error?.status ?? (error?.fault === "server" ? 500 : 400));
  return statuses;
});

/** What current SDKs of a service that once spoke query read its old code from. */
export function queryErrorHeader(model: AwsModel | undefined, failure: AwsWireFailure): Record<string, string> {
  if (model?.isQueryCompatible !== true) return {};
  const code = failure.queryCode ?? errorShapeOf(model, failure)?.error?.queryCode ?? failure.code;
  return { "x-amzn-query-error": `${code};${failure.fault === "server" ? "Receiver" : "Sender"}` };
}

/** The code in protocols that came before the model's names: query, ec2. */
export function queryCodeOf(model: AwsModel | undefined, failure: AwsWireFailure): string {
  const error = errorShapeOf(model, failure)?.error;
  return failure.queryCode ?? error?.queryCode ?? error?.code ?? failure.code;
}

/** `message`, or `Message` where the error's shape spells it so. */
export function messageNameOf(shape: StructureShape | undefined): "message" | "Message" {
  return shape?.members.has("Message") === true ? "Message" : "message";
}

import type { ErrorKind } from "../services/errors.ts";

/** The HTTP status by which the engine itself tells a failure. */
export const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  invalidInput: 400,
  notFound: 404,
  alreadyExists: 409,
  failedPrecondition: 412,
  conflict: 409,
  permissionDenied: 403,
  limitExceeded: 429,
  throttled: 429,
  unimplemented: 501,
  unavailable: 503,
  internal: 500,
};

import type { AwsWireError } from "../binding.ts";

/** How the tables service's errors look to the clients of streams. */
export const wireErrors: Readonly<Record<string, AwsWireError>> = {
  StreamNotFound: {
    code: "ResourceNotFoundException",
    status: 400,
    message: ({ stream }) => `Requested resource not found: Stream: ${String(stream)} not found`,
  },
  InvalidRequest: { code: "ValidationException", status: 400 },
  IteratorExpired: {
    code: "ExpiredIteratorException",
    status: 400,
    message: ({ createdAtMs, nowMs }) =>
      `Iterator expired. The iterator was created at time ${timeOf(createdAtMs)} while right now it is `
      + `${timeOf(nowMs)} which is further in the future than the tolerated delay of 900000 milliseconds.`,
  },
  ChangesTrimmed: {
    code: "TrimmedDataAccessException",
    status: 400,
    message: () =>
      "The operation attempted to read past the oldest stream record in a shard. "
      + "The requested sequence number is beyond the trim horizon.",
  },
};

const timeOf = (ms: unknown): string => new Date(Number(ms)).toUTCString();

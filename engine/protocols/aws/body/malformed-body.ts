import { AwsFailure } from "../codec.ts";

export function incompleteBody(message = "The request body terminated unexpectedly"): AwsFailure {
  return new AwsFailure({ code: "IncompleteBody", status: 400, message });
}

export function malformedChunk(): AwsFailure {
  return new AwsFailure({ code: "InvalidRequest", status: 400, message: "The aws-chunked body is not well-formed." });
}

export function malformedTrailer(): AwsFailure {
  const message =
    "The request contained trailing data that was not well-formed or did not conform to our published schema.";
  return new AwsFailure({ code: "MalformedTrailerError", status: 400, message });
}

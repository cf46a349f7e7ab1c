import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** Amazon S3 Control on the objects service: what belongs to an account rather than to a bucket. */
export const s3control = awsService({
  model: "s3control",
  bound: [operations],
  wireErrors,
  resources,
  // The one of a tagged resource leaves no room for a bucket's ARN, which has no region.
  ignoresPatterns: true,
});

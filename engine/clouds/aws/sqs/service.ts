import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** Amazon SQS on the queues service. */
export const sqs = awsService({ model: "sqs", bound: [operations], wireErrors, resources });

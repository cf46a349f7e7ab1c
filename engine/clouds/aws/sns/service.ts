import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** Amazon SNS on the topics service. */
export const sns = awsService({ model: "sns", bound: [operations], wireErrors, resources });

import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { bound } from "./operations.ts";
import { resources } from "./resources.ts";

/** Amazon SNS on the topics service. */
export const sns = awsService({ model: "sns", bound, wireErrors, resources });

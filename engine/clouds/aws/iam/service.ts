import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** AWS IAM on the identity service. */
export const iam = awsService({ model: "iam", bound: [operations], wireErrors, resources });

import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** AWS STS on the identity service. */
export const sts = awsService({ model: "sts", bound: [operations], wireErrors, resources });

import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { bound } from "./operations.ts";
import { resources } from "./resources.ts";

/** AWS CloudFormation: so far the types that stand for nothing but a place in a stack. */
export const cloudformation = awsService({ model: "cloudformation", bound, wireErrors, resources });

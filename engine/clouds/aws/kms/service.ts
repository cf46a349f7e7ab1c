import { awsService } from "../binding.ts";
import { wireErrors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** AWS KMS on the keys service: so far the keys that AWS keeps for its own services. */
export const kms = awsService({ model: "kms", bound: [operations], wireErrors, resources });

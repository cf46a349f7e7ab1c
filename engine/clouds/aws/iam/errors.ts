import type { AwsWireError } from "../binding.ts";
import type { identity } from "../../../services/identity/service.ts";

export const wireErrors = {} satisfies Record<keyof typeof identity.errors, AwsWireError>;

import type { AwsWireError } from "../binding.ts";

/** Nothing that is bound refuses anything. */
export const wireErrors = {} satisfies Record<string, AwsWireError>;

import type { AwsWireError } from "../binding.ts";
export const wireErrors = {} satisfies Record<string, AwsWireError>;

import { isPolicy } from "../policy-text.ts";
import { errors } from "./errors.ts";
import { LIMITS } from "./model.ts";

const refused = (reason: string) => errors.InvalidSetting({ reason });

/** Errors: `InvalidSetting` */
export function checkPolicy(document: string): void {
  if (Buffer.byteLength(document) > LIMITS.policyBytesMax) throw refused("Resource policy size must not exceed 20 KB");
  if (!isPolicy(document)) throw refused("Invalid policy document: it must be a JSON object");
}

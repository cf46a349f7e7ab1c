import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** The keys that things are encrypted with at rest. */
export const keys = service({
  name: "keys",
  summary: "Keys that things are encrypted with at rest: those that a cloud keeps for its services.",
  operations,
  errors,
  resources,
  limits: ["Keys: customers make none yet, and what is kept for a service has a name and encrypts nothing itself."],
});

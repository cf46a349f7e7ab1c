import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** Who calls. */
export const identity = service({
  name: "identity",
  summary: "Who calls, and the accounts they act for.",
  operations,
  errors,
  resources,
  limits: [
    "Every caller is the root of its account; users, roles, policies and temporary credentials do not exist yet.",
  ],
});

import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/**
 * What templates declare that is no thing of its own: which policy stands on which queues, what only marks a place in
 * a stack. Without it nobody could tell later what such a resource was.
 */
export const declarations = service({
  name: "declarations",
  summary: "What templates declare that is no thing of its own: attachments of policies, markers.",
  operations,
  errors,
  resources,
});

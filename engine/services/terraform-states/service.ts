import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { STATE_BYTES_MAX, VERSIONS_MAX } from "./model.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

export { errors } from "./errors.ts";
export { STATE_BYTES_MAX, type Lock } from "./model.ts";

/**
 * The states of deployment tools that keep theirs elsewhere, Terraform's above all: bytes that are given back as they
 * came, with a lock for one writer and the versions before. `gateway/terraform-state-api.ts` is their door.
 */
export const terraformStates = service({
  name: "terraform-states",
  summary: "Where Terraform keeps its states: verbatim, with a lock and earlier versions.",
  operations,
  errors,
  resources,
  limits: [
    `The newest ${VERSIONS_MAX} versions of a state are kept; a state has at most ${STATE_BYTES_MAX / 2 ** 20} MiB.`,
  ],
});

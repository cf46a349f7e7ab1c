import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { volumesPort } from "./port.ts";
import { resources } from "./resources.ts";

/** Volumes, which instances attach, and their snapshots. */
export const volumes = service({
  name: "volumes",
  summary: "Volumes that instances attach, and snapshots of them.",
  operations, errors, resources,
  uses: { machines: "a volume is attached only to an instance that exists" },
  provides: { volumes: volumesPort },
  limits: ["No bytes are stored: a volume has a size, an owner and a history, and a snapshot copies those."],
});

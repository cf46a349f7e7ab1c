import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { machinesPort } from "./ports.ts";
import { resources } from "./resources.ts";

/** Instances: their life cycle, where they stand and what they hold. */
export const machines = service({
  name: "machines",
  summary: "Instances with a life cycle, in a subnet, with volumes.",
  operations, errors, resources,
  uses: {
    networks: "an instance stands in a VPC and subnet, which stay while it does",
    volumes: "an instance declared with a volume has it attached, and lets go of it at its end",
  },
  provides: { machines: machinesPort },
  limits: [
    "No process runs: an instance has a life cycle and a place but executes nothing.",
    "Changes of state take no time, and a terminated instance is gone at once.",
    "Instances have no addresses.",
  ],
});

import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { networksPort } from "./port.ts";
import { resources } from "./resources.ts";

/** VPCs and subnets: which address ranges exist and who stands in them. */
export const networks = service({
  name: "networks",
  summary: "VPCs and their subnets, with ranges that are checked and chosen.",
  operations, errors, resources,
  provides: { networks: networksPort },
  limits: ["No packet is routed: a VPC keeps addresses apart but no traffic flows through it.", "IPv4 only."],
});

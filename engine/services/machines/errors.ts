import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  InstanceNotFound: {
    kind: "notFound",
    message: (p: { instanceId: string }) => `Instance ${p.instanceId} does not exist.`,
  },
  InstanceStateConflict: {
    kind: "failedPrecondition",
    message: (p: { instanceId: string; state: string; wanted: string }) =>
      `Instance ${p.instanceId} is ${p.state}, from where it cannot become ${p.wanted}.`,
  },
  SubnetNotInVpc: {
    kind: "invalidInput",
    message: (p: { subnetId: string; vpcId: string; actualVpcId: string }) =>
      `Subnet ${p.subnetId} is in ${p.actualVpcId}, not in ${p.vpcId}.`,
  },
});

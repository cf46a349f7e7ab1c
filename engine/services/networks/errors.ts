import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  VpcNotFound: { kind: "notFound", message: (p: { vpcId: string }) => `VPC ${p.vpcId} does not exist.` },
  SubnetNotFound: { kind: "notFound", message: (p: { subnetId: string }) => `Subnet ${p.subnetId} does not exist.` },
  CidrMalformed: {
    kind: "invalidInput",
    message: (p: { cidrBlock: string }) => `"${p.cidrBlock}" is not an IPv4 range; write one like 10.0.0.0/16.`,
  },
  CidrHostBits: {
    kind: "invalidInput",
    message: (p: { cidrBlock: string; suggestion: string }) =>
      `${p.cidrBlock} has address bits right of its mask; the range that holds it is ${p.suggestion}.`,
  },
  CidrSizeOutOfRange: {
    kind: "invalidInput",
    message: (p: { cidrBlock: string }) => `${p.cidrBlock} must be between /16 and /28 in size.`,
  },
  NoFreeRange: { kind: "limitExceeded", message: (p: { within: string }) => `No free range is left in ${p.within}.` },
  SubnetOutsideVpc: {
    kind: "invalidInput",
    message: (p: { cidrBlock: string; vpcId: string; vpcCidrBlock: string }) =>
      `${p.cidrBlock} is not inside ${p.vpcId} (${p.vpcCidrBlock}).`,
  },
  SubnetOverlaps: {
    kind: "conflict",
    message: (p: { cidrBlock: string; otherId: string; otherCidrBlock: string }) =>
      `${p.cidrBlock} overlaps ${p.otherId} (${p.otherCidrBlock}).`,
  },
  VpcInUse: {
    kind: "failedPrecondition",
    message: (p: { vpcId: string; usedBy: string }) => `VPC ${p.vpcId} is used by ${p.usedBy}; delete that first.`,
  },
  SubnetInUse: {
    kind: "failedPrecondition",
    message: (p: { subnetId: string; usedBy: string }) =>
      `Subnet ${p.subnetId} is used by ${p.usedBy}; delete that first.`,
  },
});

import { Type } from "typebox";
import { operation } from "../operation.ts";
import { subnets, vpcs } from "./model.ts";
import { requireSubnet, requireVpc } from "./port.ts";
import { createSubnet, deleteSubnet, updateSubnet } from "./subnets.ts";
import { createVpc, deleteVpc, updateVpc } from "./vpcs.ts";

const CIDR_ERRORS = ["CidrMalformed", "CidrHostBits", "CidrSizeOutOfRange", "NoFreeRange"] as const;

const name = Type.String({ minLength: 1, maxLength: 255, description: "A name for people; need not be unique." });
const cidrBlock = Type.String({ description: "An IPv4 range between /16 and /28; a free one is chosen when omitted." });
const labels = Type.Record(Type.String(), Type.String());
const nothing = Type.Object({});
const pageInput = Type.Object({
  after: Type.Optional(Type.String({ description: "The last id of the page before." })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

const vpc = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  name: Type.String(),
  cidrBlock: Type.String(),
  labels,
  createdAtMs: Type.Integer(),
});
const subnet = Type.Object({
  version: Type.Literal(1),
  id: Type.String(),
  vpcId: Type.String(),
  name: Type.String(),
  cidrBlock: Type.String(),
  labels,
  createdAtMs: Type.Integer(),
});

const PAGE_SIZE_DEFAULT = 100;

export const operations = {
  createVpc: operation({
    summary: "Creates a VPC: a private range of addresses.",
    input: Type.Object({
      name: Type.Optional(name),
      cidrBlock: Type.Optional(cidrBlock),
      labels: Type.Optional(labels),
    }),
    output: vpc,
    effects: "write",
    errors: CIDR_ERRORS,
    run: createVpc,
  }),
  getVpc: operation({
    summary: "Reads one VPC.",
    input: Type.Object({ vpcId: Type.String() }),
    output: vpc,
    effects: "read",
    errors: ["VpcNotFound"],
    run: (tx, input, ctx) => requireVpc(tx, ctx, input.vpcId),
  }),
  listVpcs: operation({
    summary: "Lists VPCs in order of id.",
    input: pageInput,
    output: Type.Object({ vpcs: Type.Array(vpc) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const page = { ...input, limit: input.limit ?? PAGE_SIZE_DEFAULT };
      return { vpcs: await vpcs.page(tx, [ctx.account, ctx.region], page) };
    },
  }),
  updateVpc: operation({
    summary: "Changes a VPC's name or replaces its labels.",
    input: Type.Object({ vpcId: Type.String(), name: Type.Optional(name), labels: Type.Optional(labels) }),
    output: vpc,
    effects: "write",
    errors: ["VpcNotFound"],
    run: (tx, input, ctx) => updateVpc(tx, input.vpcId, input, ctx),
  }),
  deleteVpc: operation({
    summary: "Deletes a VPC that nothing stands in.",
    input: Type.Object({ vpcId: Type.String() }),
    output: nothing,
    effects: "write",
    errors: ["VpcNotFound", "VpcInUse"],
    async run(tx, input, ctx) {
      await deleteVpc(tx, input.vpcId, ctx);
      return {};
    },
  }),
  createSubnet: operation({
    summary: "Creates a subnet: a part of a VPC's range that no other subnet has.",
    input: Type.Object({
      vpcId: Type.String(),
      name: Type.Optional(name),
      cidrBlock: Type.Optional(cidrBlock),
      labels: Type.Optional(labels),
    }),
    output: subnet,
    effects: "write",
    errors: ["VpcNotFound", "SubnetOutsideVpc", "SubnetOverlaps", ...CIDR_ERRORS],
    run: createSubnet,
  }),
  getSubnet: operation({
    summary: "Reads one subnet.",
    input: Type.Object({ subnetId: Type.String() }),
    output: subnet,
    effects: "read",
    errors: ["SubnetNotFound"],
    run: (tx, input, ctx) => requireSubnet(tx, ctx, input.subnetId),
  }),
  listSubnets: operation({
    summary: "Lists subnets in order of id.",
    input: pageInput,
    output: Type.Object({ subnets: Type.Array(subnet) }),
    effects: "read",
    errors: [],
    async run(tx, input, ctx) {
      const page = { ...input, limit: input.limit ?? PAGE_SIZE_DEFAULT };
      return { subnets: await subnets.page(tx, [ctx.account, ctx.region], page) };
    },
  }),
  updateSubnet: operation({
    summary: "Changes a subnet's name or replaces its labels.",
    input: Type.Object({ subnetId: Type.String(), name: Type.Optional(name), labels: Type.Optional(labels) }),
    output: subnet,
    effects: "write",
    errors: ["SubnetNotFound"],
    run: (tx, input, ctx) => updateSubnet(tx, input.subnetId, input, ctx),
  }),
  deleteSubnet: operation({
    summary: "Deletes a subnet that nothing stands in.",
    input: Type.Object({ subnetId: Type.String() }),
    output: nothing,
    effects: "write",
    errors: ["SubnetNotFound", "SubnetInUse"],
    async run(tx, input, ctx) {
      await deleteSubnet(tx, input.subnetId, ctx);
      return {};
    },
  }),
};

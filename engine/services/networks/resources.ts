import { Type } from "typebox";
import { generatedName, nameAfterUpdate } from "../generated-name.ts";
import { resourceType } from "../resource-type.ts";
import { networkRangeOf, subnets, vpcs, type Subnet, type Vpc } from "./model.ts";
import { requireSubnet, requireVpc } from "./port.ts";
import { createSubnet, deleteSubnet, updateSubnet } from "./subnets.ts";
import { createVpc, deleteVpc, updateVpc } from "./vpcs.ts";

const Name = Type.String({ minLength: 1, maxLength: 255, description: "A name for people; generated when omitted." });
const Labels = Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." });
const CIDRBlock = Type.String({
  description: "An IPv4 range, /16 to /28; a free one is chosen when omitted.",
});

const vpcState = (vpc: Vpc) => ({
  id: vpc.id,
  properties: { Name: vpc.name, CIDRBlock: vpc.cidrBlock, Labels: vpc.labels },
  attributes: { VpcID: vpc.id, Name: vpc.name, CIDRBlock: vpc.cidrBlock },
});

const subnetState = (subnet: Subnet) => ({
  id: subnet.id,
  properties: { VpcID: subnet.vpcId, Name: subnet.name, CIDRBlock: subnet.cidrBlock, Labels: subnet.labels },
  attributes: { SubnetID: subnet.id, VpcID: subnet.vpcId, Name: subnet.name, CIDRBlock: subnet.cidrBlock },
});

const vpcType = resourceType({
  name: "VPC",
  summary: "A private range of addresses that subnets and instances stand in.",
  properties: Type.Object(
    { Name: Type.Optional(Name), CIDRBlock: Type.Optional(CIDRBlock), Labels: Type.Optional(Labels) },
    { additionalProperties: false },
  ),
  attributes: Type.Object({ VpcID: Type.String(), Name: Type.String(), CIDRBlock: Type.String() }),
  ref: "VpcID",
  replacement: { CIDRBlock: "always" },
  checks: { CIDRBlock: networkRangeOf },
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a VPC with its range",
      properties: { Name: "example", CIDRBlock: "10.0.0.0/16", Labels: { tier: "front" } },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { Name, CIDRBlock, Labels } = properties;
      return vpcState(
        await createVpc(tx, { name: Name ?? generatedName(ctx), cidrBlock: CIDRBlock, labels: Labels }, ctx),
      );
    },
    async read(tx, id, ctx) {
      const vpc = await vpcs.get(tx, ctx.account, ctx.region, id);
      return vpc && vpcState(vpc);
    },
    async update(tx, id, properties, previous, ctx) {
      const { name: current } = await requireVpc(tx, ctx, id);
      const name = nameAfterUpdate(properties.Name, previous.Name, current, ctx);
      return vpcState(await updateVpc(tx, id, { name, labels: properties.Labels ?? {} }, ctx));
    },
    async delete(tx, id, ctx) {
      if (await vpcs.get(tx, ctx.account, ctx.region, id)) await deleteVpc(tx, id, ctx);
    },
    async list(tx, ctx, page) {
      return (await vpcs.page(tx, [ctx.account, ctx.region], page)).map(({ id }) => id);
    },
  },
});

const subnetType = resourceType({
  name: "Subnet",
  summary: "A part of a VPC's range.",
  properties: Type.Object(
    {
      VpcID: Type.String({ description: "The VPC it is part of." }),
      Name: Type.Optional(Name),
      CIDRBlock: Type.Optional(CIDRBlock),
      Labels: Type.Optional(Labels),
    },
    { additionalProperties: false },
  ),
  attributes: Type.Object({
    SubnetID: Type.String(),
    VpcID: Type.String(),
    Name: Type.String(),
    CIDRBlock: Type.String(),
  }),
  ref: "SubnetID",
  replacement: { VpcID: "always", CIDRBlock: "always" },
  checks: { CIDRBlock: networkRangeOf },
  references: { VpcID: "VPC" },
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "a subnet of a VPC",
      properties: { VpcID: "vpc-0123456789abcdef0", Name: "front", CIDRBlock: "10.0.1.0/24", Labels: {} },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { VpcID, Name, CIDRBlock, Labels } = properties;
      return subnetState(
        await createSubnet(
          tx,
          { vpcId: VpcID, name: Name ?? generatedName(ctx), cidrBlock: CIDRBlock, labels: Labels },
          ctx,
        ),
      );
    },
    async read(tx, id, ctx) {
      const subnet = await subnets.get(tx, ctx.account, ctx.region, id);
      return subnet && subnetState(subnet);
    },
    async update(tx, id, properties, previous, ctx) {
      const { name: current } = await requireSubnet(tx, ctx, id);
      const name = nameAfterUpdate(properties.Name, previous.Name, current, ctx);
      return subnetState(await updateSubnet(tx, id, { name, labels: properties.Labels ?? {} }, ctx));
    },
    async delete(tx, id, ctx) {
      if (await subnets.get(tx, ctx.account, ctx.region, id)) await deleteSubnet(tx, id, ctx);
    },
    async list(tx, ctx, page) {
      return (await subnets.page(tx, [ctx.account, ctx.region], page)).map(({ id }) => id);
    },
  },
});

export const resources = [vpcType, subnetType];

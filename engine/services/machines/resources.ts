import { Type } from "typebox";
import type { Reader, Transaction } from "../../kernel/store.ts";
import { generatedName, nameAfterUpdate } from "../generated-name.ts";
import { resourceTypeUsing, type ResourceContext } from "../resource-type.ts";
import { runInstance, terminateInstance, updateInstance } from "./instances.ts";
import { instances, SIZE_DEFAULT, type Instance } from "./model.ts";
import { requireInstance, type Ports } from "./ports.ts";

type Context = ResourceContext<Ports>;

/** A stack gives an instance at most one volume; more are attached by the volumes service's own operation. */
const volumeOf = async (tx: Reader, instanceId: string, ctx: Context) =>
  (await ctx.ports.volumes.attachedTo(tx, ctx, instanceId))[0];

async function stateOf(tx: Reader, instance: Instance, ctx: Context) {
  const volumeId = await volumeOf(tx, instance.id, ctx);
  return {
    id: instance.id,
    properties: {
      Name: instance.name,
      Image: instance.image,
      Size: instance.size,
      Labels: instance.labels,
      ...(instance.vpcId !== undefined && { VpcID: instance.vpcId }),
      ...(instance.subnetId !== undefined && { SubnetID: instance.subnetId }),
      ...(volumeId !== undefined && { VolumeID: volumeId }),
    },
    attributes: { InstanceID: instance.id, Name: instance.name },
  };
}

async function setVolume(
  tx: Transaction,
  instanceId: string,
  volumeId: string | undefined,
  ctx: Context,
): Promise<void> {
  const current = await volumeOf(tx, instanceId, ctx);
  if (current === volumeId) return;
  if (current !== undefined) await ctx.ports.volumes.detach(tx, ctx, current);
  if (volumeId !== undefined) await ctx.ports.volumes.attach(tx, ctx, volumeId, instanceId);
}

const instanceType = resourceTypeUsing<Ports>()({
  name: "Instance",
  summary: "A machine: its image, where it stands and what is attached to it.",
  properties: Type.Object(
    {
      Name: Type.Optional(
        Type.String({ minLength: 1, maxLength: 255, description: "A name for people; generated when omitted." }),
      ),
      Image: Type.String({ minLength: 1, description: "What it runs." }),
      Size: Type.Optional(Type.String({ minLength: 1, description: "How large it is; `small` when omitted." })),
      VpcID: Type.Optional(
        Type.String({ description: "The VPC it stands in; follows from the subnet when that is given." }),
      ),
      SubnetID: Type.Optional(Type.String({ description: "The subnet it stands in." })),
      VolumeID: Type.Optional(Type.String({ description: "A volume to attach." })),
      Labels: Type.Optional(Type.Record(Type.String(), Type.String(), { description: "Labels as key and value." })),
    },
    { additionalProperties: false },
  ),
  attributes: Type.Object({ InstanceID: Type.String(), Name: Type.String() }),
  ref: "InstanceID",
  replacement: { Image: "always", VpcID: "always", SubnetID: "always" },
  recordedOnly: ["Image", "Size"],
  references: { VpcID: "VPC", SubnetID: "Subnet", VolumeID: "Volume" },
  tags: { property: "Labels", form: "map" },
  examples: [
    {
      title: "an instance",
      properties: { Name: "web", Image: "alpine:3.22", Size: "small", Labels: { tier: "front" } },
    },
    {
      title: "an instance in a subnet, with a volume",
      properties: {
        Image: "alpine:3.22",
        SubnetID: "subnet-0123456789abcdef0",
        VolumeID: "vol-0123456789abcdef0",
      },
    },
  ],
  handlers: {
    async create(tx, properties, ctx) {
      const { Name, Image, Size, VpcID, SubnetID, VolumeID, Labels } = properties;
      const instance = await runInstance(
        tx,
        {
          name: Name ?? generatedName(ctx),
          image: Image,
          size: Size,
          vpcId: VpcID,
          subnetId: SubnetID,
          labels: Labels,
        },
        ctx,
      );
      // A volume has one instance at a time: the successor takes over what its predecessor holds.
      if (
        ctx.replaces !== undefined &&
        VolumeID !== undefined &&
        (await volumeOf(tx, ctx.replaces, ctx)) === VolumeID
      ) {
        await ctx.ports.volumes.detach(tx, ctx, VolumeID);
      }
      await setVolume(tx, instance.id, VolumeID, ctx);
      return stateOf(tx, instance, ctx);
    },
    async read(tx, id, ctx) {
      const instance = await instances.get(tx, ctx.account, ctx.region, id);
      return instance && stateOf(tx, instance, ctx);
    },
    async update(tx, id, properties, previous, ctx) {
      const current = await requireInstance(tx, ctx, id);
      const name = nameAfterUpdate(properties.Name, previous.Name, current.name, ctx);
      const updated = await updateInstance(
        tx,
        id,
        { name, size: properties.Size ?? SIZE_DEFAULT, labels: properties.Labels ?? {} },
        ctx,
      );
      await setVolume(tx, id, properties.VolumeID, ctx);
      return stateOf(tx, updated, ctx);
    },
    async delete(tx, id, ctx) {
      if (await instances.get(tx, ctx.account, ctx.region, id)) await terminateInstance(tx, id, ctx);
    },
    async list(tx, ctx, page) {
      return (await instances.page(tx, [ctx.account, ctx.region], page)).map(({ id }) => id);
    },
  },
});

export const resources = [instanceType];

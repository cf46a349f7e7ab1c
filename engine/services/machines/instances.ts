import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import { inStates, instances, SIZE_DEFAULT, type Instance, type InstanceState, type Labels } from "./model.ts";
import { requireInstance, type Ports } from "./ports.ts";

type Context = OperationContext<Ports>;

export interface RunInput {
  readonly name?: string | undefined;
  readonly image: string;
  readonly size?: string | undefined;
  readonly vpcId?: string | undefined;
  readonly subnetId?: string | undefined;
  readonly labels?: Labels | undefined;
}

export async function runInstance(tx: Transaction, input: RunInput, ctx: Context): Promise<Instance> {
  const place = await placeOf(tx, input, ctx);
  const id = ctx.ids.prefixed("i");
  if (place) await ctx.ports.networks.occupy(tx, ctx, place, id);
  const nowMs = ctx.clock.nowMs();
  const pending: Instance = {
    version: 1,
    id,
    name: input.name ?? id,
    image: input.image,
    size: input.size ?? SIZE_DEFAULT,
    ...place,
    state: "pending",
    stateChangedAtMs: nowMs,
    labels: input.labels ?? {},
    createdAtMs: nowMs,
  };
  const running = inStates(pending, ["running"], nowMs);
  instances.put(tx, running, ctx.account, ctx.region, id);
  return running;
}

/** A subnet says which VPC; when both are named they must agree. */
async function placeOf(tx: Transaction, { vpcId, subnetId }: RunInput, ctx: Context) {
  if (subnetId === undefined) return vpcId === undefined ? undefined : { vpcId };
  const subnet = await ctx.ports.networks.requireSubnet(tx, ctx, subnetId);
  if (vpcId !== undefined && vpcId !== subnet.vpcId)
    throw errors.SubnetNotInVpc({ subnetId, vpcId, actualVpcId: subnet.vpcId });
  return { vpcId: subnet.vpcId, subnetId };
}

export async function moveThrough(
  tx: Transaction,
  instanceId: string,
  states: readonly InstanceState[],
  ctx: Context,
): Promise<Instance> {
  const moved = inStates(await requireInstance(tx, ctx, instanceId), states, ctx.clock.nowMs());
  instances.put(tx, moved, ctx.account, ctx.region, instanceId);
  return moved;
}

export async function updateInstance(
  tx: Transaction,
  instanceId: string,
  input: {
    readonly name?: string | undefined;
    readonly size?: string | undefined;
    readonly labels?: Labels | undefined;
  },
  ctx: Context,
): Promise<Instance> {
  const instance = await requireInstance(tx, ctx, instanceId);
  const updated: Instance = {
    ...instance,
    name: input.name ?? instance.name,
    size: input.size ?? instance.size,
    labels: input.labels ?? instance.labels,
  };
  instances.put(tx, updated, ctx.account, ctx.region, instanceId);
  return updated;
}

/** Lets go of volumes, subnet and VPC, and forgets the instance. */
export async function terminateInstance(tx: Transaction, instanceId: string, ctx: Context): Promise<Instance> {
  const instance = await requireInstance(tx, ctx, instanceId);
  const terminated = inStates(instance, ["terminated"], ctx.clock.nowMs());
  for (const volumeId of await ctx.ports.volumes.attachedTo(tx, ctx, instanceId))
    await ctx.ports.volumes.detach(tx, ctx, volumeId);
  if (instance.vpcId !== undefined) {
    ctx.ports.networks.vacate(tx, ctx, { vpcId: instance.vpcId, subnetId: instance.subnetId }, instanceId);
  }
  instances.remove(tx, ctx.account, ctx.region, instanceId);
  return terminated;
}

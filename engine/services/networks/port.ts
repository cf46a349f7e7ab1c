import type { Reader, Transaction } from "../../kernel/store.ts";
import type { Scope } from "../context.ts";
import { errors } from "./errors.ts";
import { occupants, occupantSpace, subnets, vpcs, type Subnet, type Vpc } from "./model.ts";

/** Where something stands: a VPC, and one of its subnets when it is known. */
export interface Place {
  readonly vpcId: string;
  readonly subnetId?: string | undefined;
}

export async function requireVpc(tx: Reader, ctx: Scope, vpcId: string): Promise<Vpc> {
  const vpc = await vpcs.get(tx, ctx.account, ctx.region, vpcId);
  if (!vpc) throw errors.VpcNotFound({ vpcId });
  return vpc;
}

export async function requireSubnet(tx: Reader, ctx: Scope, subnetId: string): Promise<Subnet> {
  const subnet = await subnets.get(tx, ctx.account, ctx.region, subnetId);
  if (!subnet) throw errors.SubnetNotFound({ subnetId });
  return subnet;
}

const placesOf = (place: Place) => [place.vpcId, ...(place.subnetId === undefined ? [] : [place.subnetId])];

/** Marks that `occupant` stands in a place, which then cannot be deleted. The place must exist. */
async function occupy(tx: Transaction, ctx: Scope, place: Place, occupant: string): Promise<void> {
  await requireVpc(tx, ctx, place.vpcId);
  if (place.subnetId !== undefined) await requireSubnet(tx, ctx, place.subnetId);
  for (const id of placesOf(place)) occupants.put(tx, true, ctx.account, ctx.region, id, occupant);
}

function vacate(tx: Transaction, ctx: Scope, place: Place, occupant: string): void {
  for (const id of placesOf(place)) occupants.remove(tx, ctx.account, ctx.region, id, occupant);
}

/** The first occupant of a VPC or subnet, or undefined when nobody stands there. */
export async function firstOccupant(tx: Reader, ctx: Scope, placeId: string): Promise<string | undefined> {
  const [entry] = await occupants.range(tx, occupantSpace.range(ctx.account, ctx.region, placeId), { limit: 1 });
  return entry && occupantSpace.parts(entry.key)[3];
}

/** What other services ask of networks, in their own transaction. */
export const networksPort = { requireVpc, requireSubnet, occupy, vacate };

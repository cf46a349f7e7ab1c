import type { Reader, Transaction } from "../../kernel/store.ts";
import { between } from "../../kernel/key.ts";
import type { OperationContext } from "../context.ts";
import { contains, firstFree, formatIpv4Range, lastOf, overlaps, type Ipv4Range } from "../ipv4-range.ts";
import { errors } from "./errors.ts";
import {
  networkRangeOf,
  rangeOf,
  ranges,
  rangeSpace,
  SUBNET_PREFIX_DEFAULT,
  subnets,
  type Labels,
  type Subnet,
  type Vpc,
} from "./model.ts";
import { firstOccupant, requireSubnet, requireVpc } from "./port.ts";

export interface SubnetInput {
  readonly vpcId: string;
  readonly name?: string | undefined;
  readonly cidrBlock?: string | undefined;
  readonly labels?: Labels | undefined;
}

export async function createSubnet(tx: Transaction, input: SubnetInput, ctx: OperationContext): Promise<Subnet> {
  const vpc = await requireVpc(tx, ctx, input.vpcId);
  const range =
    input.cidrBlock === undefined
      ? await freeSubnetRange(tx, vpc, ctx)
      : await requireFree(tx, vpc, networkRangeOf(input.cidrBlock), ctx);
  const id = ctx.ids.prefixed("subnet");
  const subnet: Subnet = {
    version: 1,
    id,
    vpcId: vpc.id,
    name: input.name ?? id,
    cidrBlock: formatIpv4Range(range),
    labels: input.labels ?? {},
    createdAtMs: ctx.clock.nowMs(),
  };
  subnets.put(tx, subnet, ctx.account, ctx.region, id);
  ranges.put(tx, { subnetId: id, prefix: range.prefix }, ctx.account, ctx.region, vpc.id, range.first);
  return subnet;
}

async function requireFree(tx: Reader, vpc: Vpc, range: Ipv4Range, ctx: OperationContext): Promise<Ipv4Range> {
  const cidrBlock = formatIpv4Range(range);
  if (!contains(rangeOf(vpc.cidrBlock), range)) {
    throw errors.SubnetOutsideVpc({ cidrBlock, vpcId: vpc.id, vpcCidrBlock: vpc.cidrBlock });
  }
  // Ranges of one VPC never overlap, so only the last one that begins before this one's end can meet it.
  const upToEnd = between(
    [...rangeSpace.key(ctx.account, ctx.region, vpc.id, 0)],
    rangeSpace.key(ctx.account, ctx.region, vpc.id, lastOf(range) + 1),
  );
  const [neighbour] = await ranges.range(tx, upToEnd, { limit: 1, reverse: true });
  if (neighbour) {
    const other = { first: rangeSpace.parts(neighbour.key)[3], prefix: neighbour.value.prefix };
    if (overlaps(other, range)) {
      throw errors.SubnetOverlaps({
        cidrBlock,
        otherId: neighbour.value.subnetId,
        otherCidrBlock: formatIpv4Range(other),
      });
    }
  }
  return range;
}

async function freeSubnetRange(tx: Reader, vpc: Vpc, ctx: OperationContext): Promise<Ipv4Range> {
  const within = rangeOf(vpc.cidrBlock);
  const taken: Ipv4Range[] = [];
  for await (const { key, value } of tx.scan<{ prefix: number }>(rangeSpace.range(ctx.account, ctx.region, vpc.id))) {
    taken.push({ first: rangeSpace.parts(key)[3], prefix: value.prefix });
  }
  const free = firstFree(within, Math.max(within.prefix, SUBNET_PREFIX_DEFAULT), taken);
  if (!free) throw errors.NoFreeRange({ within: `${vpc.id} (${vpc.cidrBlock})` });
  return free;
}

export async function updateSubnet(
  tx: Transaction,
  id: string,
  input: { readonly name?: string | undefined; readonly labels?: Labels | undefined },
  ctx: OperationContext,
): Promise<Subnet> {
  const subnet = await requireSubnet(tx, ctx, id);
  const updated: Subnet = { ...subnet, name: input.name ?? subnet.name, labels: input.labels ?? subnet.labels };
  subnets.put(tx, updated, ctx.account, ctx.region, id);
  return updated;
}

export async function deleteSubnet(tx: Transaction, id: string, ctx: OperationContext): Promise<void> {
  const subnet = await requireSubnet(tx, ctx, id);
  const usedBy = await firstOccupant(tx, ctx, id);
  if (usedBy !== undefined) throw errors.SubnetInUse({ subnetId: id, usedBy });
  subnets.remove(tx, ctx.account, ctx.region, id);
  ranges.remove(tx, ctx.account, ctx.region, subnet.vpcId, rangeOf(subnet.cidrBlock).first);
}

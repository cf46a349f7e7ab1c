import type { Reader, Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { firstFree, formatIpv4Range, type Ipv4Range } from "../ipv4-range.ts";
import { errors } from "./errors.ts";
import {
  networkRangeOf,
  PRIVATE_RANGES,
  rangeOf,
  ranges,
  rangeSpace,
  VPC_PREFIX_DEFAULT,
  vpcs,
  vpcSpace,
  type Labels,
  type Vpc,
} from "./model.ts";
import { firstOccupant, requireVpc } from "./port.ts";

export interface VpcInput {
  readonly name?: string | undefined;
  readonly cidrBlock?: string | undefined;
  readonly labels?: Labels | undefined;
}

export async function createVpc(tx: Transaction, input: VpcInput, ctx: OperationContext): Promise<Vpc> {
  const cidrBlock =
    input.cidrBlock === undefined ? await freeVpcRange(tx, ctx) : formatIpv4Range(networkRangeOf(input.cidrBlock));
  const id = ctx.ids.prefixed("vpc");
  const vpc: Vpc = {
    version: 1,
    id,
    name: input.name ?? id,
    cidrBlock,
    labels: input.labels ?? {},
    createdAtMs: ctx.clock.nowMs(),
  };
  vpcs.put(tx, vpc, ctx.account, ctx.region, id);
  return vpc;
}

/** VPCs may overlap when their owner says so; one that names no range gets its own. */
async function freeVpcRange(tx: Reader, ctx: OperationContext): Promise<string> {
  const taken: Ipv4Range[] = [];
  for await (const { value } of tx.scan<Vpc>(vpcSpace.range(ctx.account, ctx.region)))
    taken.push(rangeOf(value.cidrBlock));
  for (const within of PRIVATE_RANGES) {
    const free = firstFree(within, VPC_PREFIX_DEFAULT, taken);
    if (free) return formatIpv4Range(free);
  }
  throw errors.NoFreeRange({ within: PRIVATE_RANGES.map(formatIpv4Range).join(", ") });
}

export async function updateVpc(
  tx: Transaction,
  id: string,
  input: Omit<VpcInput, "cidrBlock">,
  ctx: OperationContext,
): Promise<Vpc> {
  const vpc = await requireVpc(tx, ctx, id);
  const updated: Vpc = { ...vpc, name: input.name ?? vpc.name, labels: input.labels ?? vpc.labels };
  vpcs.put(tx, updated, ctx.account, ctx.region, id);
  return updated;
}

export async function deleteVpc(tx: Transaction, id: string, ctx: OperationContext): Promise<void> {
  await requireVpc(tx, ctx, id);
  const [subnet] = await ranges.range(tx, rangeSpace.range(ctx.account, ctx.region, id), { limit: 1 });
  if (subnet) throw errors.VpcInUse({ vpcId: id, usedBy: subnet.value.subnetId });
  const usedBy = await firstOccupant(tx, ctx, id);
  if (usedBy !== undefined) throw errors.VpcInUse({ vpcId: id, usedBy });
  vpcs.remove(tx, ctx.account, ctx.region, id);
}

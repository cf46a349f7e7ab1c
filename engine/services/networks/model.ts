import { records, subspace } from "../../kernel/subspace.ts";
import { alignedRange, formatIpv4Range, parseIpv4Range, type Ipv4Range } from "../ipv4-range.ts";
import { errors } from "./errors.ts";

export type Labels = Readonly<Record<string, string>>;

export interface Vpc {
  readonly version: 1;
  readonly id: string;
  /** A label for people; need not be unique. */
  readonly name: string;
  readonly cidrBlock: string;
  readonly labels: Labels;
  readonly createdAtMs: number;
}

export interface Subnet {
  readonly version: 1;
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly cidrBlock: string;
  readonly labels: Labels;
  readonly createdAtMs: number;
}

export const vpcSpace = subspace<[account: string, region: string, id: string]>("networks", "vpc");
const subnetSpace = subspace<[account: string, region: string, id: string]>("networks", "subnet");
/** A VPC's subnets in order of address, so that a clash is found by looking at one neighbour. */
export const rangeSpace = subspace<[account: string, region: string, vpcId: string, first: number]>(
  "networks",
  "range",
);
/** Who stands in a VPC or subnet, which therefore may not go. */
export const occupantSpace = subspace<[account: string, region: string, placeId: string, occupant: string]>(
  "networks",
  "occupant",
);

export const vpcs = records<Vpc, [string, string, string]>(vpcSpace);
export const subnets = records<Subnet, [string, string, string]>(subnetSpace);
export const ranges = records<{ readonly subnetId: string; readonly prefix: number }, [string, string, string, number]>(
  rangeSpace,
);
export const occupants = records<true, [string, string, string, string]>(occupantSpace);

const PREFIX_LARGEST = 16;
const PREFIX_SMALLEST = 28;
/** What a subnet gets that names no range. */
export const SUBNET_PREFIX_DEFAULT = 24;
export const VPC_PREFIX_DEFAULT = 16;

/** Where VPCs that name no range are placed, in order (RFC 1918). */
export const PRIVATE_RANGES: readonly Ipv4Range[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map((text) =>
  rangeOf(text),
);

/** A range that is known to be well formed. */
export function rangeOf(cidrBlock: string): Ipv4Range {
  const range = parseIpv4Range(cidrBlock);
  if (range === "malformed") throw errors.CidrMalformed({ cidrBlock });
  if (range === "hostBits") throw errors.CidrHostBits({ cidrBlock, suggestion: meantRange(cidrBlock) });
  return range;
}

/** The same, and of a size that a VPC or subnet may have. */
export function networkRangeOf(cidrBlock: string): Ipv4Range {
  const range = rangeOf(cidrBlock);
  if (range.prefix < PREFIX_LARGEST || range.prefix > PREFIX_SMALLEST) throw errors.CidrSizeOutOfRange({ cidrBlock });
  return range;
}

function meantRange(cidrBlock: string): string {
  const [address = "", prefix = ""] = cidrBlock.split("/");
  const single = parseIpv4Range(`${address}/32`) as Ipv4Range;
  return formatIpv4Range(alignedRange(single.first, Number(prefix)));
}

import { Construct } from "constructs";
import { Fn } from "../language/fn.ts";
import type { Resource } from "../resource.ts";
import { Subnet } from "../types/subnet.generated.ts";
import { Vpc } from "../types/vpc.generated.ts";
import { ONLY_RESOURCE } from "./policy.ts";

/** How a network is made. */
export interface NetworkProps {
  /** @default generated */
  readonly networkName?: string;
  /**
   * Its range of IPv4 addresses.
   * @default a free one
   */
  readonly cidrBlock?: string;
  /**
   * Its subnets.
   * @default Front and Back
   */
  readonly subnetNames?: string[];
  /**
   * How many addresses a subnet has, as a power of 2: 8 for 256.
   * @default 8
   */
  readonly subnetBits?: number;
}

const SUBNETS = ["Front", "Back"];
const SUBNET_BITS = 8;

/** A private range of addresses with subnets of one size, one after the other. */
export class Network extends Construct {
  /** The range itself. */
  readonly resource: Resource;
  /** Its subnets, in the order of their names. */
  readonly subnets: Resource[];

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    const { networkName, cidrBlock, subnetNames = SUBNETS, subnetBits = SUBNET_BITS } = props;
    this.resource = new Vpc(this, ONLY_RESOURCE, {
      ...(networkName !== undefined && { name: networkName }),
      ...(cidrBlock !== undefined && { cidrBlock }),
    });
    const ranges = Fn.cidr(this.resource.getAtt("CIDRBlock"), subnetNames.length, subnetBits);
    this.subnets = subnetNames.map(
      (name, index) =>
        new Subnet(this, name, {
          vpcId: this.resource.ref,
          name: networkName === undefined ? name : `${networkName}-${name.toLowerCase()}`,
          cidrBlock: Fn.select(index, ranges),
        }),
    );
  }

  /** The network's id. */
  get networkId(): string {
    return this.resource.ref;
  }

  /**
   * One of its subnets.
   * @param name as it was given
   */
  subnet(name: string): Resource {
    const found = this.subnets.find((subnet) => subnet.node.id === name);
    if (found) return found;
    const known = this.subnets.map((subnet) => subnet.node.id).join(", ");
    throw new Error(`${this.node.path} has no subnet "${name}": ${known}`);
  }
}

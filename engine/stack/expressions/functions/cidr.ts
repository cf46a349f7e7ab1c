import { formatIpv4Range, nthBlock, parseIpv4Range } from "../../../services/ipv4-range.ts";
import { formatIpv6Range, nthIpv6Block, parseIpv6Range } from "../../../services/ipv6-range.ts";
import { textOf, wrong, type FunctionRow } from "./row.ts";

const COUNT_MAX = 256;
const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** A range that can be cut into blocks, each given by its index. */
interface Cuttable {
  /** Bits of an address. */
  readonly bits: number;
  block(prefix: number, index: number): string | undefined;
}

function cuttable(text: string): Cuttable | undefined {
  const ipv4 = parseIpv4Range(text);
  if (typeof ipv4 === "object") {
    const block = (prefix: number, index: number) => {
      const found = nthBlock(ipv4, prefix, index);
      return found && formatIpv4Range(found);
    };
    return { bits: IPV4_BITS, block };
  }
  const ipv6 = parseIpv6Range(text);
  if (!ipv6) return undefined;
  const block = (prefix: number, index: number) => {
    const found = nthIpv6Block(ipv6, prefix, index);
    return found && formatIpv6Range(found);
  };
  return { bits: IPV6_BITS, block };
}

/** Why a range cannot be cut as asked. */
export interface CidrRefusal {
  readonly code: "CS1102" | "CS1108";
  readonly message: string;
  readonly hint?: string;
}

/** The first `count` blocks with `hostBits` bits for hosts out of a range. */
export function cidrBlocks(range: unknown, count: number, hostBits: number): readonly string[] | CidrRefusal {
  const within = typeof range === "string" ? cuttable(range) : undefined;
  if (!within) {
    const hint = "write one like 10.0.0.0/16 or 2001:db8::/56";
    return { code: "CS1102", message: `"${String(range)}" is not an IP range`, hint };
  }
  const isPossible = Number.isInteger(count) && count >= 1 && count <= COUNT_MAX;
  if (!isPossible || !Number.isInteger(hostBits) || hostBits < 0 || hostBits > within.bits) {
    const message = `Fn::Cidr takes a count of 1 to ${COUNT_MAX} and 0 to ${within.bits} host bits`;
    return { code: "CS1108", message };
  }
  const found = Array.from({ length: count }, (_, index) => within.block(within.bits - hostBits, index));
  const blocks = found.filter((each) => each !== undefined);
  if (blocks.length === count) return blocks;
  return { code: "CS1108", message: `${String(range)} has no room for ${count} ranges of ${hostBits} host bits` };
}

export const cidr: FunctionRow = {
  usage: "[range, count, host bits]",
  arity: { min: 2, max: 3 },
  run([range, count, hostBits = 8], call) {
    const found = cidrBlocks(range, Number(textOf(count)), Number(textOf(hostBits)));
    return "code" in found ? wrong(call, found.code, found.message, found.hint) : found;
  },
};

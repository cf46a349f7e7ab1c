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

export const cidr: FunctionRow = {
  usage: "[range, count, host bits]",
  arity: { min: 2, max: 3 },
  run([range, count, hostBits = 8], call) {
    const within = typeof range === "string" ? cuttable(range) : undefined;
    if (!within) {
      const hint = "write one like 10.0.0.0/16 or 2001:db8::/56";
      return wrong(call, "CS1102", `"${String(range)}" is not an IP range`, hint);
    }
    const [wanted, bits] = [Number(textOf(count)), Number(textOf(hostBits))];
    const isPossible = Number.isInteger(wanted) && wanted >= 1 && wanted <= COUNT_MAX;
    if (!isPossible || !Number.isInteger(bits) || bits < 0 || bits > within.bits) {
      const message = `Fn::Cidr takes a count of 1 to ${COUNT_MAX} and 0 to ${within.bits} host bits`;
      return wrong(call, "CS1108", message);
    }
    const found = Array.from({ length: wanted }, (_, index) => within.block(within.bits - bits, index));
    const blocks = found.filter((each) => each !== undefined);
    if (blocks.length === wanted) return blocks;
    return wrong(call, "CS1108", `${String(range)} has no room for ${wanted} ranges of ${bits} host bits`);
  },
};

import { formatIpv4Range, nthBlock, parseIpv4Range } from "../../../services/ipv4-range.ts";
import { didYouMean } from "../../diagnostics/suggestion.ts";
import { firstUnknown, isMap } from "../value.ts";
import { textOf, wrong, type FunctionRow } from "./row.ts";

export const findInMap: FunctionRow = {
  usage: "[map name, first key, second key, {DefaultValue: value}]",
  arity: { min: 3, max: 4 },
  takesUnknown: true,
  run([mapName, firstKey, secondKey, options], call) {
    const unknown = firstUnknown([mapName, firstKey, secondKey].filter((each) => each !== undefined));
    if (unknown) return unknown;
    const keys = [mapName, firstKey, secondKey].map(textOf);
    const [name, first, second] = keys;
    if (name === undefined || first === undefined || second === undefined)
      return wrong(call, "CS1102", "Fn::FindInMap takes three texts");
    const mapping = call.environment.mapping(name);
    const found = mapping?.get(first)?.get(second);
    if (found !== undefined) return found;
    if (isMap(options) && options["DefaultValue"] !== undefined) return options["DefaultValue"];
    if (!mapping) return wrong(call, "CS1106", `there is no mapping "${name}"`);
    const row = mapping.get(first);
    const missing = row ? `${name}.${first}.${second}` : `${name}.${first}`;
    const known = [...(row ?? mapping).keys()];
    return wrong(
      call,
      "CS1106",
      `there is no "${missing}" in the mappings`,
      didYouMean(row ? second : first, known) ?? `it has ${known.join(", ")}`,
    );
  },
};

/** Every region has these zones. */
export const ZONE_LETTERS: readonly string[] = ["a", "b", "c"];

/** An empty region means the stack's own. */
export const getAzs: FunctionRow = {
  usage: "region",
  arity: { min: 1, max: 1 },
  run([region], call) {
    if (typeof region !== "string") return wrong(call, "CS1102", "Fn::GetAZs takes a region, or an empty text");
    return ZONE_LETTERS.map((zone) => (region || call.environment.region) + zone);
  },
};

const CIDR_COUNT_MAX = 256;

export const cidr: FunctionRow = {
  usage: "[range, count, host bits]",
  arity: { min: 2, max: 3 },
  run([block, count, hostBits = 8], call) {
    const range = typeof block === "string" ? parseIpv4Range(block) : "malformed";
    if (typeof range === "string")
      return wrong(call, "CS1102", `"${String(block)}" is not an IPv4 range`, "write one like 10.0.0.0/16");
    const [wanted, bits] = [Number(textOf(count)), Number(textOf(hostBits))];
    if (
      !Number.isInteger(wanted) ||
      wanted < 1 ||
      wanted > CIDR_COUNT_MAX ||
      !Number.isInteger(bits) ||
      bits < 0 ||
      bits > 32
    ) {
      return wrong(call, "CS1108", `Fn::Cidr takes a count of 1 to ${CIDR_COUNT_MAX} and 0 to 32 host bits`);
    }
    const blocks = Array.from({ length: wanted }, (_, index) => nthBlock(range, 32 - bits, index));
    const found = blocks.flatMap((each) => (each ? [formatIpv4Range(each)] : []));
    if (found.length < wanted)
      return wrong(call, "CS1108", `${String(block)} has no room for ${wanted} ranges of ${bits} host bits`);
    return found;
  },
};

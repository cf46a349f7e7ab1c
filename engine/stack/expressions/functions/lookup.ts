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

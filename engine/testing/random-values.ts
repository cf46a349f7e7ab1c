import type { Random } from "../platform/random.ts";
import type { Shape, StructureShape } from "../protocols/aws/model.ts";

const DEPTH_MAX = 4;
const TEXTS = ["", "a", "text with spaces", "a&b<c>\"'", "ü€😀", "0", "line\nbreak", "__proto__", "[x, y]"];
const EPOCH_MS = 1_900_000_000_000;

/** A value that fits `shape`: for tests that try whole models. Header members get text that a header can hold. */
export function randomValue(shape: Shape, random: Random, depth = 0): unknown {
  const dice = (sides: number) => (random.bytes(1)[0] as number) % sides;
  switch (shape.type) {
    case "structure":
      return randomStructure(shape, random, depth);
    case "list":
      return Array.from({ length: depth > DEPTH_MAX ? 0 : dice(3) }, () =>
        randomValue(shape.member, random, depth + 1),
      );
    case "map": {
      const keys = Array.from({ length: depth > DEPTH_MAX ? 0 : dice(3) }, (_, i) => `key${i}`);
      return Object.fromEntries(keys.map((key) => [key, randomValue(shape.value, random, depth + 1)]));
    }
    case "boolean":
      return dice(2) === 0;
    case "integer":
      return dice(200) - 100;
    case "long":
    case "bigInteger":
      return dice(4) === 0 ? 9_007_199_254_740_993n : dice(200) * 1e9;
    case "float":
    case "double":
    case "bigDecimal":
      return (dice(200) - 100) / 4;
    case "blob":
      return Buffer.from(random.bytes(dice(9)));
    // Whole seconds: http dates hold nothing finer.
    case "timestamp":
      return new Date(EPOCH_MS + dice(200) * 86_400_000 + dice(60) * 1000);
    default:
      return shape.enum?.[dice(shape.enum.length)] ?? TEXTS[dice(TEXTS.length)];
  }
}

function randomStructure(shape: StructureShape, random: Random, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (shape.isDocument === true) return { any: ["document", 1, true] };
  for (const member of shape.members.values()) {
    const isNeeded = shape.required.includes(member.name);
    if (!isNeeded && (depth > DEPTH_MAX || (random.bytes(1)[0] as number) % 3 === 0)) continue;
    if (depth > DEPTH_MAX + 4) continue;
    value[member.name] = member.isJsonValue ? '{"a":1}' : randomValue(member.shape, random, depth + 1);
  }
  return value;
}

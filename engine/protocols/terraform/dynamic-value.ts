import type { CtyType } from "./cty-type.ts";
import {
  CtyDynamic,
  Decimal,
  isCtyList,
  isCtyObject,
  isUnknownCty,
  numberFromDouble,
  numberFromText,
  UNKNOWN,
  type CtyValue,
} from "./cty-value.ts";
import { Extension, pack, unpack, type Packed } from "./msgpack.ts";

/** A value that is not of the type that its schema says. */
export class MisfitValue extends Error {
  override name = "MisfitValue";
}

const misfit = (type: CtyType, what: string): never => {
  throw new MisfitValue(`Terraform's ${JSON.stringify(type)} cannot be ${what}.`);
};

/** An unknown value is this extension; one about which something is known already has type 12 and says what. */
const UNKNOWN_PACKED = new Extension(0, Buffer.of(0));

/** A value as Terraform sends it. */
export const readDynamicValue = (type: CtyType, bytes: Buffer): CtyValue => fromPacked(type, unpack(bytes));

/** A value as Terraform reads it. */
export const writeDynamicValue = (type: CtyType, value: CtyValue): Buffer => pack(toPacked(type, value));

function fromPacked(type: CtyType, packed: Packed): CtyValue {
  if (packed === null) return null;
  if (packed instanceof Extension) return UNKNOWN;
  if (type === "dynamic") return dynamicFromPacked(packed);
  if (typeof type === "string") return scalarFromPacked(type, packed);
  const [kind, inner] = type;
  if (kind === "object" || kind === "map") {
    if (!(packed instanceof Map)) return misfit(type, "anything but a map");
    const entries = [...(packed as ReadonlyMap<string, Packed>)];
    return Object.fromEntries(
      entries.map(([key, each]) => {
        const wanted = kind === "map" ? (inner as CtyType) : (inner as Readonly<Record<string, CtyType>>)[key];
        return [key, wanted === undefined ? misfit(type, `something with "${key}"`) : fromPacked(wanted, each)];
      }),
    );
  }
  if (!Array.isArray(packed)) return misfit(type, "anything but a list");
  return (packed as readonly Packed[]).map((each, i) => {
    const wanted = kind === "tuple" ? (inner as readonly CtyType[])[i] : (inner as CtyType);
    return wanted === undefined ? misfit(type, "longer than it is") : fromPacked(wanted, each);
  });
}

function scalarFromPacked(type: "string" | "number" | "bool", packed: Packed): CtyValue {
  if (type === "bool" && typeof packed === "boolean") return packed;
  if (type === "string" && typeof packed === "string") return packed;
  if (type !== "number") return misfit(type, `a ${typeof packed}`);
  if (typeof packed === "bigint") return new Decimal(packed.toString());
  if (typeof packed === "number") return numberFromDouble(packed);
  // A number that is neither a small integer nor a binary one comes as its decimal text.
  return (typeof packed === "string" ? numberFromText(packed) : undefined) ?? misfit(type, "anything else");
}

function dynamicFromPacked(packed: Packed): CtyValue {
  const [typeBytes, value] = Array.isArray(packed) ? (packed as readonly Packed[]) : [];
  if (!Buffer.isBuffer(typeBytes) || value === undefined) return misfit("dynamic", "without its type");
  const type = JSON.parse(typeBytes.toString("utf8")) as CtyType;
  return new CtyDynamic(type, fromPacked(type, value));
}

function toPacked(type: CtyType, value: CtyValue): Packed {
  if (value === null) return null;
  if (isUnknownCty(value)) return UNKNOWN_PACKED;
  if (type === "dynamic") {
    if (!(value instanceof CtyDynamic)) return misfit(type, "without its type");
    return [Buffer.from(JSON.stringify(value.type), "utf8"), toPacked(value.type, value.value)];
  }
  if (typeof type === "string") return scalarToPacked(type, value);
  const [kind, inner] = type;
  if (kind === "object") {
    if (!isCtyObject(value)) return misfit(type, "anything but an object");
    const names = Object.keys(inner).sort();
    return new Map(names.map((name) => [name, toPacked(inner[name] as CtyType, value[name] ?? null)]));
  }
  if (kind === "map") {
    if (!isCtyObject(value)) return misfit(type, "anything but a map");
    return new Map(Object.keys(value).sort().map((key) => [key, toPacked(inner, value[key] ?? null)]));
  }
  if (!isCtyList(value)) return misfit(type, "anything but a list");
  return value.map((each, i) => toPacked(kind === "tuple" ? (inner[i] ?? "dynamic") : inner, each));
}

function scalarToPacked(type: "string" | "number" | "bool", value: CtyValue): Packed {
  if (type === "bool" && typeof value === "boolean") return value;
  if (type === "string" && typeof value === "string") return value;
  if (type !== "number") return misfit(type, JSON.stringify(value));
  if (value instanceof Decimal) return value.text;
  if (typeof value !== "number") return misfit(type, JSON.stringify(value));
  if (Number.isSafeInteger(value) || !Number.isFinite(value)) return value;
  // As decimal text, since a binary fraction would not equal the decimal one in the configuration.
  return String(value);
}

/** Numbers of a JSON text, and the texts between them, where digits may stand too. */
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:[.]\d+)?(?:[eE][+-]?\d+)?/g;

/** A JSON text whose numbers beyond what JavaScript keeps are texts. */
const quotingLongNumbers = (json: string): string =>
  json.replace(JSON_TOKEN, (token) =>
    token.startsWith('"') || !(numberFromText(token) instanceof Decimal) ? token : JSON.stringify(token),
  );

/**
 * A value as Terraform's state files have it. What the type does not know is left out and what is not there is null,
 * so that a state of an older version of a type is taken over as far as it goes.
 */
export const readStateJson = (type: CtyType, json: string): CtyValue =>
  fromJson(type, JSON.parse(quotingLongNumbers(json)));

function fromJson(type: CtyType, json: unknown): CtyValue {
  if (json === null || json === undefined) return null;
  if (type === "dynamic") {
    const held = json as { readonly type: CtyType; readonly value: unknown };
    return new CtyDynamic(held.type, fromJson(held.type, held.value));
  }
  if (type === "number") {
    return numberFromText(String(json)) ?? misfit(type, JSON.stringify(json));
  }
  if (typeof type === "string") return scalarFromPacked(type, json as Packed);
  const [kind, inner] = type;
  if (kind === "object") {
    const held = json as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(inner).map(([name, each]) => [name, fromJson(each, held[name])]));
  }
  if (kind === "map") {
    return Object.fromEntries(Object.entries(json).map(([key, each]) => [key, fromJson(inner, each)]));
  }
  if (!Array.isArray(json)) return misfit(type, JSON.stringify(json));
  return json.map((each, i) => fromJson(kind === "tuple" ? (inner[i] ?? "dynamic") : inner, each));
}

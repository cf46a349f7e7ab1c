import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampled } from "../../testing/property-runs.ts";
import type { CtyType } from "./cty-type.ts";
import { CtyDynamic, Decimal, isCtyObject, numberFromText, sameCty, UNKNOWN, type CtyValue } from "./cty-value.ts";
import { MisfitValue, readDynamicValue, readStateJson, writeDynamicValue } from "./dynamic-value.ts";
import { frameOf, messagesOf } from "./frames.ts";
import { CALLS, MESSAGES } from "./messages.ts";
import { Extension, MalformedPack, pack, unpack, type Packed } from "./msgpack.ts";
import { decodeMessage, encodeMessage, MalformedMessage, type Message } from "./protobuf.ts";

const hex = (bytes: Buffer) => bytes.toString("hex");
const bytes = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");

const packed: fc.Arbitrary<Packed> = fc.letrec<{ item: Packed }>((tie) => ({
  item: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }).map((each) => each + 0),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    fc.string({ unit: "binary", maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
    fc.tuple(fc.integer({ min: -128, max: 127 }), fc.uint8Array({ maxLength: 20 })).map(
      ([type, content]) => new Extension(type, Buffer.from(content)),
    ),
    fc.array(tie("item"), { maxLength: 20 }),
    fc.array(fc.tuple(fc.string(), tie("item")), { maxLength: 20 }).map((entries) => new Map(entries)),
  ),
})).item;

describe("MessagePack", () => {
  test("gives back what it was given", () => {
    fc.assert(
      fc.property(packed, (item) => {
        expect(unpack(pack(item))).toEqual(item);
      }),
      sampled(300, 1),
    );
  });

  test.each([
    ["c0", null],
    ["7f", 127],
    ["cc80", 128],
    ["cd0100", 256],
    ["ce00010000", 65_536],
    ["cf0000000100000000", 2 ** 32],
    ["e0", -32],
    ["d0df", -33],
    ["d1ff7f", -129],
    ["d2ffff7fff", -32_769],
    ["d3ffffffff7fffffff", -(2 ** 31) - 1],
    ["cb3ff8000000000000", 1.5],
    ["a3666f6f", "foo"],
    ["c4020102", Buffer.of(1, 2)],
    ["9101", [1]],
    ["d40000", new Extension(0, Buffer.of(0))],
  ])("writes the shortest form %s and reads it", (written, item) => {
    expect(hex(pack(item as Packed))).toBe(written);
    expect(unpack(bytes(written))).toEqual(item);
  });

  test.each([
    ["cut off", "92 01"],
    ["with something after it", "01 02"],
    ["with a byte that begins nothing", "c1"],
    ["with a number for a key", "81 01 02"],
    ["nested without end", "91".repeat(200)],
  ])("is refused when it is %s", (_, text) => {
    expect(() => unpack(bytes(text))).toThrow(MalformedPack);
  });
});

/** A type, and values of it. */
const typed: fc.Arbitrary<readonly [CtyType, CtyValue]> = fc
  .letrec<{ type: CtyType }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom<CtyType>("string", "number", "bool", "dynamic"),
      fc.tuple(fc.constantFrom("list", "set", "map"), tie("type")) as fc.Arbitrary<CtyType>,
      fc.tuple(fc.constant("tuple"), fc.array(tie("type"), { maxLength: 3 })) as fc.Arbitrary<CtyType>,
      fc.tuple(
        fc.constant("object"),
        fc.dictionary(fc.string({ minLength: 1 }), tie("type"), { maxKeys: 4, noNullPrototype: true }),
      ) as fc.Arbitrary<CtyType>,
    ),
  }))
  .type.chain((type) => valuesOf(type).map((value) => [type, value] as const));

const numbers = fc.oneof(
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map((each) => numberFromText(each.toString()) as CtyValue),
);

function valuesOf(type: CtyType): fc.Arbitrary<CtyValue> {
  const known = (): fc.Arbitrary<CtyValue> => {
    if (type === "string") return fc.string();
    if (type === "number") return numbers;
    if (type === "bool") return fc.boolean();
    if (type === "dynamic") return fc.string().map((each) => new CtyDynamic("string", each));
    const [kind, inner] = type;
    if (kind === "map")
      return fc.dictionary(fc.string(), valuesOf(inner), { maxKeys: 4, noNullPrototype: true });
    if (kind === "tuple") return fc.tuple(...inner.map(valuesOf));
    if (kind !== "object") return fc.array(valuesOf(inner), { maxLength: 4 });
    const attributes = Object.entries(inner).map(([name, each]) => [name, valuesOf(each)] as const);
    return fc.record(Object.fromEntries(attributes), { noNullPrototype: true }) as fc.Arbitrary<CtyValue>;
  };
  return fc.oneof({ weight: 6, arbitrary: known() }, fc.constantFrom<CtyValue>(null, UNKNOWN));
}

/** As Terraform's state file has it, which knows nothing unknown. */
function stateJson(value: CtyValue): string {
  if (value === null || value === UNKNOWN) return "null";
  if (value instanceof Decimal) return value.text;
  if (value instanceof CtyDynamic)
    return `{"type":${JSON.stringify(value.type)},"value":${stateJson(value.value)}}`;
  if (Array.isArray(value)) return `[${value.map(stateJson).join(",")}]`;
  if (!isCtyObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${stateJson(each)}`).join(",")}}`;
}

describe("a value of Terraform", () => {
  test("comes back from the wire as it was", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(sameCty(readDynamicValue(type, writeDynamicValue(type, value)), value)).toBe(true);
      }),
      sampled(500, 2),
    );
  });

  test("comes back from a state file as it was, apart from what was unknown", () => {
    const known = typed.filter(([, value]) => !JSON.stringify(value).includes("known after apply"));
    fc.assert(
      fc.property(known, ([type, value]) => {
        expect(sameCty(readStateJson(type, stateJson(value)), value)).toBe(true);
      }),
      sampled(300, 3),
    );
  });

  test("keeps every digit of a number", () => {
    const long = "12345678901234567890.0123456789";
    for (const text of [long, "-12345678901234567890", "1e-400", "0.1", "100", "0.30000000000000004"]) {
      const value = readStateJson("number", text);
      const again = readDynamicValue("number", writeDynamicValue("number", value));
      expect(sameCty(again, numberFromText(text) as CtyValue)).toBe(true);
    }
    expect(readStateJson("number", long)).toEqual(new Decimal(long));
    expect(readStateJson(["list", "string"], `["${long} \\" ${long}"]`)).toEqual([`${long} " ${long}`]);
    // In a configuration this is exactly a tenth, which is not what a binary number holds.
    expect(hex(writeDynamicValue("number", 0.1))).toBe(hex(pack("0.1")));
    expect(sameCty(readDynamicValue("number", pack(0.1)), 0.1)).toBe(false);
    expect(readDynamicValue("number", pack(0.5))).toBe(0.5);
    expect(readDynamicValue("number", pack(2n ** 64n - 1n))).toEqual(new Decimal("18446744073709551615"));
  });

  test("is unknown whatever Terraform says about it beforehand", () => {
    expect(readDynamicValue("string", bytes("d4 00 00"))).toBe(UNKNOWN);
    expect(readDynamicValue("string", bytes("c7 09 0c 82 01 c2 02 a4 70 66 78 2d"))).toBe(UNKNOWN);
    expect(hex(writeDynamicValue(["list", "string"], UNKNOWN))).toBe("d40000");
  });

  test("has every attribute of its type, in order", () => {
    const type: CtyType = ["object", { b: "string", a: ["list", "bool"] }];
    expect(hex(writeDynamicValue(type, { a: [true] }))).toBe("82a16191c3a162c0");
  });

  test("brings its type along as bytes when the type is dynamic", () => {
    const value = new CtyDynamic(["list", "number"], [1]);
    expect(hex(writeDynamicValue("dynamic", value))).toBe(`92c411${hex(Buffer.from('["list","number"]'))}9101`);
  });

  test.each<[CtyType, string]>([
    ["string", "01"],
    ["bool", "a161"],
    ["number", "a161"],
    [["list", "string"], "a161"],
    [["object", { a: "string" }], "81a162a163"],
    [["tuple", ["string"]], "92a161a161"],
    ["dynamic", "a161"],
  ])("that is not %j is refused", (type, text) => {
    expect(() => readDynamicValue(type, bytes(text))).toThrow(MisfitValue);
  });
});

describe("a message", () => {
  const encode = (name: string, message: Message) => encodeMessage(MESSAGES, name, message);
  const decode = (name: string, from: Buffer) => decodeMessage(MESSAGES, name, from);

  test("comes back as it was", () => {
    const message = {
      typeName: "cloudstacks_bucket",
      version: -1,
      rawState: { json: Buffer.from("{}") },
    };
    expect(decode("UpgradeResourceState.Request", encode("UpgradeResourceState.Request", message))).toEqual(message);
    const attribute = { name: "a", type: Buffer.from('"string"'), required: true };
    const schema = { version: 1, block: { attributes: [attribute] } };
    const response = { resourceSchemas: { b: schema }, dataSourceSchemas: {}, functions: {} };
    expect(decode("GetProviderSchema.Response", encode("GetProviderSchema.Response", response))).toEqual({
      ...response,
      ephemeralResourceSchemas: {},
    });
  });

  test("of a later version loses only what is not known yet", () => {
    const later = bytes("0a 01 61  78 05  81 01 0000000000000000  85 01 00000000  8a 01 01 62");
    expect(decode("TypeName", later)).toEqual({ typeName: "a" });
  });

  test.each(["0a 05 61", "0a ff", "0b", "80808080808080808080 80", "08 01"])("that reads %s is refused", (text) => {
    expect(() => decode("TypeName", bytes(text))).toThrow(MalformedMessage);
  });

  test("exists for each side of every call, and so do those within", () => {
    const names = new Set(Object.keys(MESSAGES));
    for (const { request, response } of Object.values(CALLS))
      expect([...names]).toEqual(expect.arrayContaining([request, response]));
    for (const fields of Object.values(MESSAGES)) {
      const held = Object.values(fields).filter(({ kind }) => kind.startsWith("."));
      for (const { kind } of held) expect(names.has(kind.slice(1))).toBe(true);
      const numbersOf = Object.values(fields).map(({ number }) => number);
      expect(new Set(numbersOf).size).toBe(numbersOf.length);
    }
  });
});

test("messages are found in a stream however it is cut", async () => {
  const content = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(content, fc.integer({ min: 1, max: 12 }), async (messages, size) => {
      const stream = Buffer.concat(messages.map((each) => frameOf(Buffer.from(each))));
      async function* chunks() {
        for (let at = 0; at < stream.length; at += size) yield stream.subarray(at, at + size);
      }
      const found: Buffer[] = [];
      for await (const each of messagesOf(chunks())) found.push(each);
      expect(found.map(hex)).toEqual(messages.map((each) => hex(Buffer.from(each))));
    }),
    sampled(100, 4),
  );
});

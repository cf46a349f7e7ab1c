import { describe, expect, test } from "vitest";
import { compileFilter, type FilterScope } from "./filter.ts";

const text = (value: string) => ({ type: "String", value });
const number = (value: string) => ({ type: "Number", value });
const list = (...values: unknown[]) => ({ type: "String.Array", value: JSON.stringify(values) });

/** Which of the messages, by name, pass the filter. */
function passing(policy: object, attributes: Record<string, Record<string, { type: string; value: string }>>) {
  const passes = compileFilter(JSON.stringify(policy), "attributes");
  return Object.keys(attributes).filter((name) => passes({ message: "x", attributes: attributes[name]! }));
}
const bodies = (policy: object, messages: readonly unknown[]) => {
  const passes = compileFilter(JSON.stringify(policy), "body");
  return messages.filter((message) =>
    passes({ message: typeof message === "string" ? message : JSON.stringify(message) }),
  );
};

describe("a filter on attributes", () => {
  const stores = {
    acme: { store: text("acme") },
    acmeInc: { store: text("acme-inc") },
    ACME: { store: text("ACME") },
    seven: { store: number("7.0") },
    many: { store: list("zoo", "acme", 7) },
    none: { other: text("acme") },
  };
  test.each([
    [["acme"], ["acme", "many"]],
    [[7], ["seven", "many"]],
    [[{ prefix: "acme" }], ["acme", "acmeInc", "many"]],
    [[{ suffix: "inc" }], ["acmeInc"]],
    [[{ "equals-ignore-case": "Acme" }], ["acme", "ACME", "many"]],
    [[{ "anything-but": "acme" }], ["acmeInc", "ACME", "seven", "many"]],
    [[{ "anything-but": ["acme", "ACME", 7] }], ["acmeInc", "many"]],
    [[{ "anything-but": { prefix: "acme" } }], ["ACME", "seven", "many"]],
    [[{ "anything-but": { suffix: "inc" } }], ["acme", "ACME", "seven", "many"]],
    [[{ exists: true }], ["acme", "acmeInc", "ACME", "seven", "many"]],
    [[{ exists: false }], ["none"]],
    [[{ numeric: ["=", 7] }], ["seven", "many"]],
    [[{ numeric: [">", 0, "<=", 7] }], ["seven", "many"]],
    [[{ numeric: ["<", 7] }], []],
    [["acme-inc", 7], ["acmeInc", "seven", "many"]],
  ])("%j lets through %j", (store, expected) => {
    expect(passing({ store }, stores)).toEqual(expected);
  });

  test("wants every key, and one of the alternatives of $or", () => {
    const messages = {
      both: { store: text("acme"), price: number("150") },
      cheap: { store: text("acme"), price: number("50") },
      gift: { store: text("acme"), gift: text("yes") },
      elsewhere: { store: text("zoo"), price: number("150") },
    };
    expect(passing({ store: ["acme"], price: [{ numeric: [">", 100] }] }, messages)).toEqual(["both"]);
    expect(
      passing({ store: ["acme"], $or: [{ price: [{ numeric: [">", 100] }] }, { gift: ["yes"] }] }, messages),
    ).toEqual(["both", "gift"]);
    expect(passing({}, messages)).toEqual(Object.keys(messages));
  });

  test("knows networks of both kinds of addresses", () => {
    const from = (address: string) => ({ ip: text(address) });
    const messages = { a: from("10.0.0.255"), b: from("10.0.1.0"), c: from("2001:db8::1"), d: from("no address") };
    expect(passing({ ip: [{ cidr: "10.0.0.0/24" }] }, messages)).toEqual(["a"]);
    expect(passing({ ip: [{ cidr: "2001:db8::/32" }] }, messages)).toEqual(["c"]);
    expect(passing({ ip: [{ cidr: "0.0.0.0/0" }] }, messages)).toEqual(["a", "b"]);
  });

  test("never takes bytes for a value", () => {
    const passes = compileFilter('{"a":[{"anything-but":"x"}]}', "attributes");
    expect(passes({ message: "x", attributes: { a: { type: "Binary", value: Buffer.from("y") } } })).toBe(false);
  });
});

describe("a filter on the body", () => {
  test("goes into objects and lists", () => {
    const inside = { order: { items: [{ sku: "a", count: 1 }, { sku: "b", count: 5 }] } };
    const policy = { order: { items: { sku: ["b"], count: [{ numeric: [">=", 5] }] } } };
    expect(bodies(policy, [inside, { order: { items: [{ sku: "c", count: 9 }] } }, { order: "b" }])).toEqual([inside]);
    expect(bodies({ tags: ["new"] }, [{ tags: ["old", "new"] }, { tags: "new" }, { tags: [] }])).toEqual([
      { tags: ["old", "new"] },
      { tags: "new" },
    ]);
  });
  test("tells null from absent, and true from text", () => {
    expect(bodies({ a: [null] }, [{ a: null }, {}])).toEqual([{ a: null }]);
    expect(bodies({ a: [true] }, [{ a: true }, { a: "true" }])).toEqual([{ a: true }]);
    expect(bodies({ a: [{ exists: false }] }, [{ a: null }, { b: 1 }])).toEqual([{ b: 1 }]);
  });
  test("lets nothing through that is no JSON object", () => {
    expect(bodies({ a: [{ exists: false }] }, ["hello", "[1]", "{"])).toEqual([]);
  });
});

describe("a filter that cannot be meant", () => {
  const reason = (filter: string, scope: FilterScope = "attributes") => {
    try {
      compileFilter(filter, scope);
      return "taken";
    } catch (problem) {
      return (problem as { details: { reason: string } }).details.reason;
    }
  };
  test.each([
    ["{", "failed to parse JSON"],
    ["[]", "Filter must be an object"],
    ['{"a":"b"}', '"a" must be an object or an array'],
    ['{"a":[]}', "Empty arrays are not allowed"],
    ['{"a":{"b":["c"]}}', "Filter policy scope MessageAttributes does not support nested filter policy"],
    ['{"a":[["b"]]}', "Match value must be String, number, true, false, or null"],
    ['{"a":[{"like":"b"}]}', "Unrecognized match type like"],
    ['{"a":[{"prefix":"b","suffix":"c"}]}', "Only one key allowed in match expression"],
    ['{"a":[{"prefix":1}]}', "prefix match pattern must be a string"],
    ['{"a":[{"exists":"yes"}]}', "exists match pattern must be either true or false."],
    ['{"a":[{"numeric":5}]}', "Value of numeric must be an array."],
    ['{"a":[{"numeric":["~",5]}]}', "Unrecognized numeric range operator: ~"],
    ['{"a":[{"numeric":["=","5"]}]}', "Value of = must be numeric"],
    ['{"a":[{"numeric":[">",5,"<",5]}]}', "Bottom must be less than top"],
    ['{"a":[{"cidr":"10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
    ['{"a":[1],"b":[1],"c":[1],"d":[1],"e":[1],"f":[1]}', "Filter policy can not have more than 5 keys"],
    [JSON.stringify({ a: Array.from({ length: 151 }, (_, i) => i) }), "Filter policy is too complex"],
  ])("%s is refused: %s", (filter, expected) => {
    expect(reason(filter)).toBe(expected);
  });
});

import { assert, bigInt, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { formatIpv6Range, nthIpv6Block, parseIpv6Range } from "./ipv6-range.ts";

describe("an IPv6 range", () => {
  test.each([
    ["2001:db8::/32", "2001:db8::/32"],
    ["2001:0DB8:0:0:0:0:0:0/32", "2001:db8::/32"],
    ["::/0", "::/0"],
    ["::1/128", "::1/128"],
    ["1:0:0:2:0:0:0:3/128", "1:0:0:2::3/128"],
    ["1:0:2:3:4:5:6:7/128", "1:0:2:3:4:5:6:7/128"],
    ["fe80::/10", "fe80::/10"],
    ["2600:1f14:0:100::/56", "2600:1f14:0:100::/56"],
  ])("%s is written %s", (text, written) => {
    const range = parseIpv6Range(text);
    expect(range && formatIpv6Range(range)).toBe(written);
  });

  const NONE = ["", "::", "1::2::3/64", "2001:db8::1/32", "1:2:3/64", "::/129", "g::/16", "1:2:3:4:5:6:7:8:9/64"];
  test.each([...NONE, "12345::/16"])("%j is none", (text) => {
    expect(parseIpv6Range(text)).toBeUndefined();
  });

  test("is read back as it is written, whatever it is", () => {
    assert(
      property(bigInt(0n, (1n << 128n) - 1n), integer({ min: 0, max: 128 }), (address, prefix) => {
        const range = { first: (address >> BigInt(128 - prefix)) << BigInt(128 - prefix), prefix };
        expect(parseIpv6Range(formatIpv6Range(range))).toEqual(range);
      }),
    );
  });

  test("is cut into blocks until its end", () => {
    const range = { first: 0x2001_0db8n << 96n, prefix: 62 };
    const blocks = [0, 1, 3, 4].map((index) => nthIpv6Block(range, 64, index));
    expect(blocks.map((each) => each && formatIpv6Range(each))).toEqual([
      "2001:db8::/64",
      "2001:db8:0:1::/64",
      "2001:db8:0:3::/64",
      undefined,
    ]);
    expect(nthIpv6Block(range, 61, 0)).toBeUndefined();
  });
});

import { describe, expect, test } from "vitest";
import {
  contains,
  firstFree,
  formatIpv4Range,
  nthBlock,
  overlaps,
  parseIpv4Range,
  type Ipv4Range,
} from "./ipv4-range.ts";

const block = (text: string) => parseIpv4Range(text) as Ipv4Range;

describe("an IPv4 block", () => {
  test("is read and written back", () => {
    for (const text of ["0.0.0.0/0", "10.0.0.0/16", "192.168.255.240/28", "255.255.255.255/32"]) {
      expect(formatIpv4Range(block(text))).toBe(text);
    }
  });

  test("is refused when it is malformed or has host bits set", () => {
    for (const text of ["", "10.0.0.0", "10.0.0/16", "10.0.0.256/16", "10.0.0.0/33", "ten/8", "10.0.0.0/16 "]) {
      expect(parseIpv4Range(text)).toBe("malformed");
    }
    expect(parseIpv4Range("10.0.0.1/16")).toBe("hostBits");
  });

  test("overlaps and contains by address", () => {
    expect(overlaps(block("10.0.0.0/24"), block("10.0.1.0/24"))).toBe(false);
    expect(overlaps(block("10.0.0.0/22"), block("10.0.3.0/24"))).toBe(true);
    expect(contains(block("10.0.0.0/16"), block("10.0.255.0/24"))).toBe(true);
    expect(contains(block("10.0.0.0/16"), block("10.1.0.0/24"))).toBe(false);
  });

  test("finds the first free block, aligned to its own size", () => {
    const within = block("10.0.0.0/16");
    const free = (prefix: number, ...taken: string[]) => {
      const found = firstFree(within, prefix, taken.map(block));
      return found && formatIpv4Range(found);
    };
    expect(free(24)).toBe("10.0.0.0/24");
    expect(free(24, "10.0.0.0/28")).toBe("10.0.1.0/24");
    expect(free(24, "10.0.1.0/24", "10.0.0.0/24", "10.9.0.0/16")).toBe("10.0.2.0/24");
    expect(free(16, "10.0.0.0/28")).toBeUndefined();
  });

  test("is cut into blocks by index", () => {
    expect(formatIpv4Range(nthBlock(block("10.0.0.0/16"), 24, 7) as Ipv4Range)).toBe("10.0.7.0/24");
    expect(nthBlock(block("10.0.0.0/16"), 24, 256)).toBeUndefined();
    expect(nthBlock(block("10.0.0.0/16"), 8, 0)).toBeUndefined();
  });
});

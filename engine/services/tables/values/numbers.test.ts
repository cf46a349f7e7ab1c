import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addNumbers, compareNumbers, normalizedNumber, orderedNumber } from "./numbers.ts";

/** An independent reading of a decimal: a whole number of 1e-200. */
const asInteger = (text: string): bigint => {
  const [, sign, whole = "", fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?$/.exec(text) ?? [];
  const value = BigInt(whole + fraction) * 10n ** BigInt(200 - fraction.length + Number(exponent));
  return sign === "-" ? -value : value;
};

const digits = fc.stringMatching(/^[1-9][0-9]{0,37}$/);
const number = fc
  .tuple(fc.boolean(), digits, fc.integer({ min: -92, max: 88 }))
  .map(([isNegative, text, exponent]) => `${isNegative ? "-" : ""}${text}e${exponent}`);
const anyNumber = fc.oneof(number, fc.integer().map(String), fc.constantFrom("0", "-0", "0.0", "1e125", "-1e-130"));

describe("numbers", () => {
  test.each([
    ["1", "1"],
    ["-0", "0"],
    ["007", "7"],
    ["1.50", "1.5"],
    [".5", "0.5"],
    ["1e3", "1000"],
    ["+12", "12"],
    ["1E-7", "0.0000001"],
    ["-12.30e1", "-123"],
    ["99999999999999999999999999999999999999", "99999999999999999999999999999999999999"],
    ["1e125", `1${"0".repeat(125)}`],
    ["1e-130", `0.${"0".repeat(129)}1`],
  ])("%s is kept as %s", (given, kept) => expect(normalizedNumber(given)).toBe(kept));

  test.each([
    ["", "The parameter cannot be converted to a numeric value"],
    ["abc", "The parameter cannot be converted to a numeric value: abc"],
    ["1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
    ["-1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"],
    ["1e999999999999", "Number overflow. Attempting to store a number with magnitude larger than supported range"],
    ["100000000000000000000000000000000000001", "Attempting to store more than 38 significant digits in a Number"],
  ])("%s is refused", (given, message) => expect(() => normalizedNumber(given)).toThrow(message));

  test("normal form keeps the value, and is the same for equal values", () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        const normal = normalizedNumber(text);
        expect(asInteger(normal)).toBe(asInteger(text));
        expect(normalizedNumber(normal)).toBe(normal);
      }),
    );
  });

  test("the order of encoded numbers is the order of the numbers", () => {
    const close = fc
      .tuple(digits, fc.integer({ min: -3, max: 3 }))
      .map(([text, exponent]) => `${text.slice(0, 6)}e${exponent}`);
    const pair = fc.oneof(fc.tuple(anyNumber, anyNumber), fc.tuple(close, close));
    fc.assert(
      fc.property(pair, ([one, two]) => {
        const expected = Math.sign(Number(asInteger(one) - asInteger(two)));
        const [left, right] = [orderedNumber(one), orderedNumber(two)];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(expected);
        expect(Math.sign(compareNumbers(normalizedNumber(one), normalizedNumber(two)))).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });

  test("sums are exact", () => {
    expect(addNumbers("9007199254740993", "1")).toBe("9007199254740994");
    expect(addNumbers("0.1", "0.2")).toBe("0.3");
    expect(addNumbers("5", "7", -1)).toBe("-2");
    expect(() => addNumbers("1e125", "1e-130")).toThrow("more than 38 significant digits");
    const small = fc
      .tuple(fc.boolean(), fc.stringMatching(/^[1-9][0-9]{0,17}$/), fc.integer({ min: -9, max: 9 }))
      .map(([isNegative, text, exponent]) => `${isNegative ? "-" : ""}${text}e${exponent}`);
    fc.assert(
      fc.property(small, small, (one, two) => {
        expect(asInteger(addNumbers(normalizedNumber(one), normalizedNumber(two)))).toBe(
          asInteger(one) + asInteger(two),
        );
      }),
    );
  });
});

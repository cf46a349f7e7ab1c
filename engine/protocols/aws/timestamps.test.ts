import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatTimestamp, isoShort, parseTimestamp } from "./timestamps.ts";

const DATES = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59.999Z"),
  noInvalidDate: true,
});

describe("a timestamp on the wire", () => {
  test("is what the language itself writes, whichever dates came before", () => {
    fc.assert(
      fc.property(fc.array(DATES, { minLength: 1, maxLength: 4 }), (dates) => {
        for (const date of dates) {
          expect(formatTimestamp(date, "iso8601")).toBe(date.toISOString());
          expect(formatTimestamp(date, "rfc822")).toBe(date.toUTCString());
          expect(formatTimestamp(date, "unixTimestamp")).toBe(String(date.getTime() / 1000));
        }
      }),
    );
  });

  test("is read again as the moment it was, to what its format tells of it", () => {
    fc.assert(
      fc.property(DATES, (date) => {
        const wholeSecond = Math.floor(date.getTime() / 1000) * 1000;
        expect(parseTimestamp(formatTimestamp(date, "iso8601"), "iso8601").getTime()).toBe(date.getTime());
        if (date.getUTCFullYear() >= 1000)
          expect(parseTimestamp(formatTimestamp(date, "rfc822"), "rfc822").getTime()).toBe(wholeSecond);
      }),
    );
  });

  test("leaves out milliseconds where there are none, when it is to be short", () => {
    expect(isoShort(new Date(0))).toBe("1970-01-01T00:00:00Z");
    expect(isoShort(new Date(1))).toBe("1970-01-01T00:00:00.001Z");
  });
});

import { describe, expect, test } from "vitest";
import { costAt, priceOf, PRICES, PRICES_AS_OF, type Price } from "./price-book.ts";

const s3 = priceOf("s3.storage.standard", "us-east-1") as Price;

describe("the price book", () => {
  test("has each figure once, with its unit, and where and when it was read", () => {
    expect(new Set(PRICES.map(({ id, region }) => `${region}/${id}`)).size).toBe(PRICES.length);
    for (const { unit, tiers, source } of PRICES) {
      expect(unit).toMatch(/\S/);
      expect(source).toEqual({ page: expect.stringMatching(/\S/), readOn: PRICES_AS_OF });
      expect(tiers.at(-1)).not.toHaveProperty("upTo");
      for (const { price } of tiers) expect(price).toBeGreaterThan(0);
    }
  });

  test("has nothing for a region that nobody looked up", () => {
    expect(priceOf("s3.storage.standard", "eu-north-1")).toBeUndefined();
    expect(priceOf("s3.storage.standard", "us-east-2")?.tiers[0]).toEqual({ upTo: 51_200, price: 0.023 });
  });

  test("prices each unit by its tier", () => {
    expect(costAt(s3, 0)).toBe(0);
    expect(costAt(s3, 100)).toBeCloseTo(2.3, 10);
    expect(costAt(s3, 51_200)).toBeCloseTo(1177.6, 10);
    expect(costAt(s3, 51_300)).toBeCloseTo(1177.6 + 2.2, 10);
    expect(costAt(s3, 512_100)).toBeCloseTo(1177.6 + 460_800 * 0.022 + 100 * 0.021, 6);
  });
});

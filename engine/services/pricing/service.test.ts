import { describe, expect, test } from "vitest";
import { serviceUnderTest } from "../../testing/service-calls.ts";
import { PRICES } from "../price-book.ts";
import { pricing } from "./service.ts";

describe("pricing", () => {
  test("lists every figure once, page by page", async () => {
    const { call } = serviceUnderTest(pricing);
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await call("listPrices", { limit: 7, ...(after !== undefined && { after }) });
      expect(page.prices.length).toBeLessThanOrEqual(7);
      found.push(...page.prices.map(({ region, id }) => `${region}/${id}`));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(PRICES.map(({ region, id }) => `${region}/${id}`).sort());
  });

  test("lists those of a region and a kind", async () => {
    const { call } = serviceUnderTest(pricing);
    const { prices, pricesAsOf } = await call("listPrices", { region: "us-east-1", category: "compute" });
    expect(pricesAsOf).toBe("2026-11-21");
    expect(prices.map(({ id }) => id)).toEqual(["ec2.m5.large", "ec2.m7g.large", "ec2.t3.large"]);
    expect(await call("listPrices", { region: "eu-north-1" })).toEqual({ pricesAsOf, prices: [] });
  });

  test("gives one figure with its unit, tiers and source", async () => {
    const { call } = serviceUnderTest(pricing);
    expect(await call("getPrice", { id: "s3.storage.standard", region: "us-east-2" })).toEqual({
      id: "s3.storage.standard",
      category: "storage",
      what: "storage, Standard",
      region: "us-east-2",
      unit: "GB-month",
      currency: "USD",
      tiers: [{ upTo: 51_200, price: 0.023 }, { upTo: 512_000, price: 0.022 }, { price: 0.021 }],
      source: { page: expect.stringContaining("us-east-2"), readOn: "2026-11-21" },
    });
  });

  test("has no price where nobody looked one up", async () => {
    const { call } = serviceUnderTest(pricing);
    await expect(call("getPrice", { id: "ec2.t3.large", region: "eu-north-1" })).rejects.toMatchObject({
      code: "PriceNotFound",
    });
  });
});

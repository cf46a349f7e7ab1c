import { Type } from "typebox";
import { operation } from "../operation.ts";
import { CURRENCY, PRICE_CATEGORIES, PRICES_AS_OF, priceOf, type Price } from "../price-book.ts";
import { errors } from "./errors.ts";
import { positionOf, PRICES_IN_ORDER, PriceShown } from "./model.ts";

const PAGE_SIZE_DEFAULT = 100;

const shown = ({ tiers, ...price }: Price): PriceShown => ({ ...price, currency: CURRENCY, tiers: [...tiers] });

export const operations = {
  // oxlint-disable require-await -- operations are asynchronous
  listPrices: operation({
    summary: "Lists the figures of the price book, of every region or one, in order of region and id.",
    input: Type.Object({
      region: Type.Optional(Type.String()),
      category: Type.Optional(Type.Enum(PRICE_CATEGORIES)),
      after: Type.Optional(Type.String({ description: "Where the last page ended: its next." })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: PAGE_SIZE_DEFAULT })),
    }),
    output: Type.Object({
      pricesAsOf: Type.String({ description: "The day the book was gone through." }),
      prices: Type.Array(PriceShown),
      next: Type.Optional(Type.String()),
    }),
    effects: "read",
    errors: [],
    async run(_, { region, category, after, limit = PAGE_SIZE_DEFAULT }) {
      const found = PRICES_IN_ORDER.filter(
        (price) =>
          (region === undefined || price.region === region) &&
          (category === undefined || price.category === category) &&
          (after === undefined || positionOf(price) > after),
      );
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const next = found.length > page.length && last ? { next: positionOf(last) } : {};
      return { pricesAsOf: PRICES_AS_OF, prices: page.map(shown), ...next };
    },
  }),
  getPrice: operation({
    summary: "One figure of the price book, of the caller's region or another.",
    input: Type.Object({ id: Type.String(), region: Type.Optional(Type.String()) }),
    output: PriceShown,
    effects: "read",
    errors: ["PriceNotFound"],
    async run(_, { id, region }, ctx) {
      const price = priceOf(id, region ?? ctx.region);
      if (!price) throw errors.PriceNotFound({ id, region: region ?? ctx.region });
      return shown(price);
    },
  }),
  // oxlint-enable require-await
};

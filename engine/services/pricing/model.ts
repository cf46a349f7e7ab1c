import { Type, type Static } from "typebox";
import { PRICE_CATEGORIES, PRICES, type Price } from "../price-book.ts";

const tier = Type.Object({
  upTo: Type.Optional(Type.Number({ description: "Absent for the last tier." })),
  price: Type.Number({ minimum: 0, description: "Of one unit, in the currency." }),
});

export const PriceShown = Type.Object({
  id: Type.String({ description: "The same in every region: s3.storage.standard." }),
  category: Type.Enum(PRICE_CATEGORIES),
  what: Type.String(),
  region: Type.String(),
  unit: Type.String({ description: "GB-month, hour, million requests." }),
  currency: Type.String(),
  tiers: Type.Array(tier, { description: "Each unit is paid by its tier." }),
  source: Type.Object({ page: Type.String(), readOn: Type.String({ description: "A day: 2026-11-21." }) }),
});
export type PriceShown = Static<typeof PriceShown>;

/** What the name of a figure is followed by in a listing: prices are in order of region and id. */
export const positionOf = ({ region, id }: Pick<Price, "region" | "id">): string => `${region}/${id}`;

export const PRICES_IN_ORDER: readonly Price[] = [...PRICES].sort((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));

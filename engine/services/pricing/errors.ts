import { defineErrors } from "../errors.ts";

export const errors = defineErrors({
  PriceNotFound: {
    kind: "notFound",
    message: (p: { id: string; region: string }) =>
      `The price book has no figure "${p.id}" for ${p.region}; listPrices shows those that there are.`,
  },
});

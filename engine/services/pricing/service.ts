import { service } from "../manifest.ts";
import { errors } from "./errors.ts";
import { operations } from "./operations.ts";
import { resources } from "./resources.ts";

/** What things cost. */
export const pricing = service({
  name: "pricing",
  summary: "What compute, storage and requests cost, from an offline price book with the source of every figure.",
  operations,
  errors,
  resources,
  limits: [
    "The price book has figures of AWS for us-east-1 and one for us-east-2; free tiers, discounts, taxes and data " +
      "transfer are left out.",
  ],
});

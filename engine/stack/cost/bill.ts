import { costAt, priceOf } from "../../services/price-book.ts";
import type { CostItem, MonthlyCost, UnknownCost } from "./report.ts";
import type { UsageField } from "./usage.ts";

const DIGITS = 6;
export const rounded = (amount: number): number => Number(amount.toFixed(DIGITS));

/** What a resource costs, written down line by line. */
export class Bill {
  readonly #region: string;
  readonly #items: CostItem[] = [];
  readonly #unknown: UnknownCost[] = [];

  constructor(region: string) {
    this.#region = region;
  }

  /** So many units of a figure of the price book. Without a quantity it is the usage that nobody has told. */
  add(id: string, quantity: number | undefined, field: UsageField, what: string): this {
    if (quantity === undefined) return this.unknown(what, `its usage is not told: ${field}`);
    const price = priceOf(id, this.#region);
    if (!price) return this.unknown(what, `the price book has no figure for ${this.#region}`);
    const amount = costAt(price, quantity);
    const perUnit = quantity > 0 ? amount / quantity : (price.tiers[0]?.price ?? 0);
    const { what: name, unit } = price;
    this.#items.push({ what: name, quantity, unit, price: rounded(perUnit), amount: rounded(amount) });
    return this;
  }

  unknown(what: string, why: string): this {
    this.#unknown.push({ what, why });
    return this;
  }

  total(): MonthlyCost {
    const items = this.#items;
    const amount = items.length > 0 && { amount: rounded(items.reduce((sum, each) => sum + each.amount, 0)) };
    return { ...amount, items, unknown: this.#unknown };
  }
}

const PER_MILLION = 1_000_000;
export const millions = (count: number | undefined): number | undefined =>
  count === undefined ? undefined : count / PER_MILLION;

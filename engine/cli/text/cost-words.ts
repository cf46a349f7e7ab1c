import type { CostReport, CostTotal, MonthlyCost, ResourceCost } from "../../stack/cost/report.ts";

/** What is said of costs, in text and in every other format. */

const CENT = 0.01;

/** `12.40`; of what is less than a cent, two digits that say something: `0.0023`. */
export function amountText(amount: number): string {
  if (amount === 0 || Math.abs(amount) >= CENT) return amount.toFixed(2);
  const digits = Math.min(12, 1 - Math.floor(Math.log10(Math.abs(amount))));
  return amount.toFixed(digits);
}

/** `+1.70`, `-0.20`, `+0.00`. */
export const differenceText = (before: number, after: number): string =>
  `${after < before ? "-" : "+"}${amountText(Math.abs(after - before))}`;

/** `12.40`, `unknown`, or `12.40 and what is unknown`; undefined for what does not exist. */
export function monthlyText(cost: MonthlyCost | undefined): string | undefined {
  if (!cost) return undefined;
  if (cost.amount === undefined) return cost.unknown.length > 0 ? "unknown" : "0.00";
  return cost.unknown.length > 0 ? `${amountText(cost.amount)} and what is unknown` : amountText(cost.amount);
}

const NAMED_MAX = 2;

/** `12.40 -> 14.10 USD a month (+1.70; Jobs has no full price)`; `unknown` alone when nothing is known of either. */
export function costText({ before, after, currency, resources }: CostReport): string {
  const unpriced = resources.filter(hasUnknown).map(({ resource }) => resource);
  const [isKnown, isUnknown] = [[before, after].every(hasAmount), ![before, after].some(hasAmount)];
  const change = isUnknown ? "unknown" : `${totalText(before)} -> ${totalText(after)} ${currency} a month`;
  const difference = isKnown ? [differenceText(before.amount, after.amount)] : [];
  const more = [...difference, ...unpricedText(unpriced)];
  return more.length > 0 ? `${change} (${more.join("; ")})` : change;
}

/** Nothing but what is unknown is not nothing. */
const hasAmount = ({ amount, unknown }: CostTotal) => amount > 0 || unknown === 0;
const totalText = (total: CostTotal) => (hasAmount(total) ? amountText(total.amount) : "unknown");

const hasUnknown = ({ before, after }: ResourceCost) => (after ?? before)?.unknown.length !== 0;

function unpricedText(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  if (names.length > NAMED_MAX) return [`${names.length} resources have no full price`];
  return [`${names.join(" and ")} ${names.length === 1 ? "has" : "have"} no full price`];
}

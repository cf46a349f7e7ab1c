import { CURRENCY, PRICES_AS_OF } from "../../services/price-book.ts";
import type { PlannedProperties, PlannedResource } from "../plan/planned-resource.ts";
import { known } from "../policy/rule.ts";
import { rounded } from "./bill.ts";
import { monthlyCost } from "./rates.ts";
import type { CostReport, CostTotal, MonthlyCost, ResourceCost } from "./report.ts";
import { NO_USAGE, usageOf, type UsageFile } from "./usage.ts";

/** What the resources of a plan cost in a month, before and after it. Pure. */
export function costOf(
  resources: readonly PlannedResource[],
  usage: UsageFile = NO_USAGE,
  usageFile?: string,
): CostReport {
  const costs = resources.map((resource) => resourceCost(resource, usage));
  return {
    version: 1,
    currency: CURRENCY,
    pricesAsOf: PRICES_AS_OF,
    ...(usageFile !== undefined && { usageFile }),
    resources: costs,
    before: totalOf(costs.map(({ before }) => before)),
    after: totalOf(costs.map(({ after }) => after)),
  };
}

function resourceCost(resource: PlannedResource, file: UsageFile): ResourceCost {
  const { stack, region, logicalId, action, file: place, range } = resource;
  const { type, before: propertiesBefore, after: propertiesAfter } = known(resource);
  const usage = usageOf(file, resource);
  const priced = (of: string, properties: PlannedProperties | undefined) =>
    properties && monthlyCost({ type: of, properties, usage, region });
  const before = priced(resource.typeBefore ?? type, propertiesBefore);
  // What is let go goes on to cost what it costs.
  const after = action === "retain" ? before : priced(type, propertiesAfter);
  return {
    stack,
    resource: logicalId,
    type: resource.type,
    action,
    ...(before && { before }),
    ...(after && { after }),
    ...(place !== undefined && { file: place }),
    ...(range && { range }),
  };
}

const totalOf = (costs: readonly (MonthlyCost | undefined)[]): CostTotal => ({
  amount: rounded(costs.reduce((sum, each) => sum + (each?.amount ?? 0), 0)),
  unknown: costs.filter((each) => each && each.unknown.length > 0).length,
});

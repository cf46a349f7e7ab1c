import type { Labels } from "../labels.ts";
import { errors } from "./errors.ts";
import { LIMITS } from "./model.ts";

/** Errors: `InvalidSetting` */
export function checkedLabels(labels: Labels): Labels {
  const keys = Object.keys(labels);
  if (keys.length > LIMITS.labelsMax) {
    throw errors.InvalidSetting({
      reason: `One or more parameter values were invalid: ${keys.length} tags, the limit is ${LIMITS.labelsMax}`,
    });
  }
  const wrong = keys.find(
    (key) => key.length === 0 || key === "__proto__" || key.length > 128 || (labels[key]?.length ?? 0) > 256,
  );
  if (wrong !== undefined) {
    throw errors.InvalidSetting({
      reason: `One or more parameter values were invalid: Tag key or value too long, empty or not allowed: ${wrong}`,
    });
  }
  return labels;
}

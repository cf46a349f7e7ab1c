import { costOf } from "../../stack/cost/cost-of.ts";
import type { CostReport } from "../../stack/cost/report.ts";
import { readUsage } from "../../stack/cost/usage.ts";
import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import { settingsFailure } from "../settings-failure.ts";
import { settingsFile, settingsFileIfThere } from "../settings-file.ts";

/** Read when it is there and no other is named. */
export const USAGE_FILE = "cost.yaml";

/**
 * What resources cost, with the usage that the named file assumes, or the folder's `cost.yaml`. `areAll` is false when
 * some stack could not be planned: the file may speak of its resources.
 * Errors: `Failure` for a file that cannot be used
 */
export function costsOf(
  directory: string,
  file: string | undefined,
  resources: readonly PlannedResource[],
  areAll = true,
): CostReport {
  const source =
    file === undefined ? settingsFileIfThere(directory, USAGE_FILE) : settingsFile(directory, file, "--usage");
  if (!source) return costOf(resources);
  const { usage, diagnostics } = readUsage(source, resources, areAll);
  if (diagnostics.length > 0) throw settingsFailure(diagnostics, [source]);
  return costOf(resources, usage, source.file);
}

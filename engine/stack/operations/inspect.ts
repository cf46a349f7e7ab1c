import type { StackParts } from "../apply/deployment.ts";
import { diagnosticsOf } from "../diagnostics/source.ts";
import { plannedResources } from "../plan/planned-resources.ts";
import type { Inspection, PlanOptions, SavedPlan } from "../requests.ts";
import { prepareAgain } from "./prepare-again.ts";
import { planTemplate } from "./prepare.ts";

/** A plan and every resource of it, whole. Touches nothing. */
export async function inspect(parts: StackParts, request: PlanOptions | SavedPlan): Promise<Inspection> {
  const prepared = "plan" in request ? await prepareAgain(parts, request) : await planTemplate(parts, request);
  if ("refusals" in prepared) return { diagnostics: diagnosticsOf(prepared.refusals, { file: "", text: "" }) };
  const { plan, planned, diagnostics } = prepared;
  if (!plan || !planned) return { diagnostics };
  return { plan, resources: plannedResources(planned), diagnostics };
}

import { dirname } from "node:path";
import { ownLikeness } from "../gateway/terraform-provider/likeness.ts";
import { DEFAULT_SCOPE } from "../services/context.ts";
import type { Source } from "../stack/diagnostics/source.ts";
import type { PlannedResource } from "../stack/plan/planned-resource.ts";
import type { Inspection } from "../stack/requests.ts";
import { terraformPlanIn } from "../stack/terraform-plan/plan-json.ts";
import { terraformPlan } from "../stack/terraform-plan/planned-changes.ts";
import { terraformResources } from "../stack/terraform-plan/planned-resources.ts";
import { awaitsOnlyOthers } from "./apps/awaited-stacks.ts";
import { readAppStacks, type Meant } from "./apps/what-is-meant.ts";
import { subjectOf as appSubject, type AppOptions } from "./commands/apps.ts";
import { readSource, stackOf, subjectOf, type Subject } from "./commands/stacks.ts";
import { allTypes } from "./commands/types.ts";
import { settling, showDiagnostics, withSession } from "./commands/with-session.ts";
import { shownPlan, waitingText, type StackReport } from "./formats/report.ts";
import { givenParameters } from "./given-parameters.ts";
import type { Output } from "./output.ts";
import type { PlanningOptions } from "./plan-options.ts";
import { resourcePlaces } from "./preview/terraform/resource-places.ts";
import { requireNothingElse, savedPlanIn } from "./saved-plan.ts";
import type { Session, SessionOptions } from "./session.ts";

/** What is to be inspected, as the command line names it. */
export type InspectionRequest = PlanningOptions & Omit<AppOptions, "app"> & { readonly meant: Meant };

/** The stacks that were meant, and every resource of theirs, whole. */
export interface Inspected {
  readonly stacks: readonly StackReport[];
  readonly resources: readonly PlannedResource[];
  /** Whole sentences on what is left out. */
  readonly notes: readonly string[];
  /** Something could not be planned: its problems were shown. */
  readonly hasFailed: boolean;
}

/** Inspects a template, a saved plan, a plan of Terraform's in JSON, or the stacks of an app. Shows their problems. */
export async function inspected(
  output: Output,
  options: SessionOptions,
  request: InspectionRequest,
): Promise<Inspected> {
  const { meant } = request;
  if (meant.kind === "app") return inspectedApp(output, options, { ...request, app: meant });
  const source = readSource(meant.file);
  const ofTerraform = inspectedTerraform(source, options);
  if (ofTerraform) return ofTerraform;
  const asked = { ...request, file: meant.file };
  const saved = savedPlanIn(source);
  if (saved) requireNothingElse(saved, { ...request, account: options.account, region: options.region });
  return withSession(options, async (session) => {
    const found = saved
      ? await session.run("inspect", { plan: saved, secrets: givenParameters(request, source) })
      : await inspectedSubject(output, session, request, subjectOf(asked, source));
    const stack = saved?.stack ?? stackOf(asked);
    const text = saved?.template ?? source.text;
    return gathered(output, [{ stack, found, text }]);
  });
}

function inspectedSubject(
  output: Output,
  session: Session,
  request: PlanningOptions,
  { stack, source, parameters, tags }: Subject,
): Promise<Inspection> {
  const { target: targets, import: imports, refresh } = request;
  const asked = { ...(targets && { targets }), ...(imports && { imports }), ...(tags && { tags }) };
  const input = { stack, source, parameters, ...asked, isRefreshed: refresh !== false };
  return session.run("inspect", input, settling(output));
}

interface Part {
  readonly stack: string;
  readonly found: Inspection;
  readonly text: string;
  readonly awaits?: readonly string[];
}

async function inspectedApp(
  output: Output,
  options: SessionOptions,
  request: PlanningOptions & AppOptions,
): Promise<Inspected> {
  const { wanted } = await readAppStacks(output, request.app, request);
  return withSession(options, async (session) => {
    const parts: Part[] = [];
    const changed = new Set<string>();
    for (const stack of wanted) {
      const subject = appSubject(stack, request, wanted.length === 1);
      const found = await inspectedSubject(output, session.within(stack.scope), request, subject);
      const awaited = stack.dependencies.filter((name) => changed.has(name));
      const awaits = awaited.length > 0 && awaitsOnlyOthers(found.diagnostics);
      if (found.plan?.isEmpty !== true) changed.add(stack.name);
      parts.push({ stack: stack.name, found, text: subject.source.text, ...(awaits && { awaits: awaited }) });
    }
    return gathered(output, parts);
  });
}

function gathered(output: Output, parts: readonly Part[]): Inspected {
  let hasFailed = false;
  for (const { found, text, awaits } of parts)
    if (!awaits && showDiagnostics(output, found.diagnostics, text)) hasFailed = true;
  return {
    hasFailed,
    stacks: parts.map(({ stack, found: { plan, diagnostics }, awaits }) => ({
      stack,
      diagnostics,
      ...(plan && { plan: shownPlan(plan) }),
      ...(awaits && { awaits }),
    })),
    resources: parts.flatMap(({ found }) => found.resources ?? []),
    notes: parts.flatMap(({ stack, awaits }) =>
      awaits ? [`${stack} is left out: it ${waitingText(awaits)}`] : [],
    ),
  };
}

/** What `terraform show -json PLAN` has written; undefined when the file is something else. */
function inspectedTerraform(source: Source, { region = DEFAULT_SCOPE.region }: SessionOptions): Inspected | undefined {
  const json = terraformPlanIn(source.text);
  if (!json) return undefined;
  const folder = dirname(source.file);
  const placeOf = resourcePlaces(folder, folder);
  const stack = stackOf({ file: source.file, parameter: {} });
  const plan = { kind: "deploy" as const, file: source.file, ...terraformPlan(json, placeOf) };
  return {
    hasFailed: false,
    stacks: [{ stack, diagnostics: [], plan }],
    resources: terraformResources(json, { stack, region, placeOf, ownLikeness: ownLikeness(allTypes()) }),
    notes: [],
  };
}

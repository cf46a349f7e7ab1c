import { CODES, type DiagnosticCode } from "../../stack/diagnostics/codes.ts";
import { fileOf } from "../../stack/diagnostics/source.ts";
import type { ResourceChange } from "../../stack/plan/plan.ts";
import { plannedText } from "../../stack/plan/planned-text.ts";
import type { Finding } from "../../stack/policy/finding.ts";
import type { Report, ShownDiagnostic, ShownPlan, StackReport } from "./report.ts";

/** The rules of what a report tells itself, beside those of policies and the codes of diagnostics. */
export const OWN_RULES = {
  "apply-failure": "A resource could not be deployed",
  "not-undone": "A resource is left behind by a rollback that failed",
  replacement: "A resource is made anew and its predecessor deleted",
  deletion: "A resource is deleted",
  drift: "A resource was changed outside its stack",
} as const;
type OwnRule = keyof typeof OWN_RULES;

/** A rule in a sentence without a full stop; undefined for those of policies, which have names only. */
export function ruleTitle(rule: string): string | undefined {
  if (rule in OWN_RULES) return OWN_RULES[rule as OwnRule];
  return rule in CODES ? CODES[rule as DiagnosticCode].title : undefined;
}

/**
 * The problems of a stack that are its own: while it waits for another one, what it misses is not known to be an
 * error.
 */
export const ownDiagnostics = ({ diagnostics, awaits }: StackReport): readonly ShownDiagnostic[] =>
  awaits ? diagnostics.filter(({ severity }) => severity !== "error") : diagnostics;

/** All that somebody may have to look at, in one form: failures, diagnostics, findings, losses and drift. */
export const problemsOf = ({ stacks, findings = [] }: Report): Finding[] => [
  ...stacks.flatMap((stack) => [
    ...failuresOf(stack),
    ...ownDiagnostics(stack).map((each) => diagnosed(stack, each)),
    ...lossesOf(stack),
    ...driftsOf(stack),
  ]),
  ...findings,
];

export const diagnosed = (
  { stack }: StackReport,
  { code, severity, message, file, range, hint }: ShownDiagnostic,
): Finding => ({
  rule: code,
  severity,
  stack,
  message,
  ...(file !== undefined && { file }),
  ...(range && { range }),
  ...(hint !== undefined && { hint }),
});

/** A resource with its place. */
function about(stack: string, plan: ShownPlan | undefined, logicalId: string) {
  const change = plan?.changes.find((each) => each.logicalId === logicalId);
  return { stack, resource: logicalId, ...(change && { type: change.type }), ...placed(plan, change) };
}

const placed = (plan: ShownPlan | undefined, change: Pick<ResourceChange, "range"> | undefined) => ({
  ...(plan && { file: fileOf(plan.file, change?.range) }),
  ...(change?.range && { range: change.range }),
});

/** What could not be deployed or undone. */
export function failuresOf({ stack, plan, result, steps = [] }: StackReport): Finding[] {
  const failed = steps.flatMap(({ logicalId, status, cause }): Finding[] => {
    const rule: OwnRule = status === "not-undone" ? "not-undone" : "apply-failure";
    const message = `${cause?.code}: ${cause?.message}`;
    return cause ? [{ rule, severity: "error", ...about(stack, plan, logicalId), message }] : [];
  });
  const { cause, remaining = [] } = result ?? {};
  const isTold = (logicalId: string | undefined) => failed.some(({ resource }) => resource === logicalId);
  return [
    ...failed,
    ...(cause === undefined || isTold(cause.logicalId) ? [] : [failure(stack, plan, cause)]),
    ...remaining
      .filter(({ logicalId }) => !isTold(logicalId))
      .map(({ logicalId, id, code, message }): Finding => {
        const text = `${id} remains: ${code}: ${message}`;
        return { rule: "not-undone", severity: "error", ...about(stack, plan, logicalId), message: text };
      }),
  ];
}

function failure(
  stack: string,
  plan: ShownPlan | undefined,
  { logicalId, code, message }: NonNullable<NonNullable<StackReport["result"]>["cause"]>,
): Finding {
  const subject = logicalId === undefined ? { stack, ...placed(plan, undefined) } : about(stack, plan, logicalId);
  return { rule: "apply-failure", severity: "error", ...subject, message: `${code}: ${message}` };
}

/** What a plan replaces or deletes: no mistake, but worth a look. */
function lossesOf({ stack, plan }: StackReport): Finding[] {
  return (plan?.changes ?? []).flatMap(({ logicalId, action, id = "", properties }): Finding[] => {
    const head = { severity: "note", ...about(stack, plan, logicalId) } as const;
    if (action === "delete") return [{ ...head, rule: "deletion", message: `${logicalId} (${id}) is deleted` }];
    if (action !== "replace") return [];
    const why = properties
      .filter(({ forcesReplacement }) => forcesReplacement)
      .map(({ path, old, new: next }) => `${path} ${plannedText(old)} -> ${plannedText(next)}`);
    const reason = why.length > 0 ? `, forced by ${why.join(", ")}` : "";
    return [{ ...head, rule: "replacement", message: `${logicalId} (${id}) is replaced${reason}` }];
  });
}

function driftsOf({ stack, plan, drift }: StackReport): Finding[] {
  const planned = (plan?.drift ?? []).map(({ logicalId, isGone, path = "", recorded, live }): Finding => {
    const change = `${path} ${plannedText(recorded)} -> ${plannedText(live)}`;
    const message = isGone ? `${logicalId} was deleted outside the stack` : `${logicalId} was changed: ${change}`;
    return { rule: "drift", severity: "warning", ...about(stack, plan, logicalId), message };
  });
  const reported = (drift?.resources ?? []).flatMap(({ logicalId, type, status, properties }): Finding[] => {
    if (status !== "MODIFIED" && status !== "DELETED") return [];
    const changes = properties
      .filter((each) => each.status !== "IN_SYNC")
      .map(({ path, recorded, live }) => `${path} ${plannedText(recorded)} -> ${plannedText(live)}`);
    const message =
      status === "DELETED"
        ? `${logicalId} was deleted outside the stack`
        : `${logicalId} was changed: ${changes.join(", ")}`;
    const file = drift?.file;
    return [
      { rule: "drift", severity: "warning", stack, resource: logicalId, type, message, ...(file && { file }) },
    ];
  });
  return [...planned, ...reported];
}

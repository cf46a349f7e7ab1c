import { ACTIONS, type Action } from "../../stack/plan/plan.ts";
import type { Finding } from "../../stack/policy/finding.ts";
import { costText } from "../text/cost-words.ts";
import { driftSummaryText } from "../text/drift.ts";
import { doneText, summaryText } from "../text/plan-words.ts";
import { elapsedText } from "../text/progress.ts";
import { ownDiagnostics } from "./problems.ts";
import type { Report, ReportKind, ResultReport, StackReport } from "./report.ts";

/** What a report says first, whatever it is written in. */

const TITLES: Readonly<Record<ReportKind, string>> = {
  plan: "Plan of",
  drift: "Drift of",
  deploy: "Deployment of",
  destroy: "Destruction of",
  check: "Check of",
  cost: "Cost of",
  preview: "Preview of",
};

export const titleOf = ({ kind, subject }: Report): string => `${TITLES[kind]} ${subject}`;

/** Good and bad are colours; `plain` has none. */
export type Tone = "good" | "warning" | "bad" | "plain";

/** One thing that a reader wants to know before anything else. */
export interface Fact {
  readonly tone: Tone;
  readonly text: string;
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** The answer in a few words: what changes, how it ended, what was found, what it costs, how long it took. */
export function factsOf(report: Report): Fact[] {
  const { stacks, findings, cost, elapsedMs } = report;
  const problems = stacks.flatMap(ownDiagnostics);
  return [
    ...resultFacts(report),
    ...changeFacts(report),
    ...severityFacts(problems),
    ...(findings ? findingFacts(findings) : []),
    ...(cost ? [{ tone: "plain", text: `cost ${costText(cost)}` } as const] : []),
    ...(elapsedMs === undefined ? [] : [{ tone: "plain", text: `took ${elapsedText(elapsedMs)}` } as const]),
  ];
}

/** Of a deployment that failed, its counts would say what did not happen. */
const isDone = ({ result }: StackReport) => result?.status === "deployed" || result?.status === "unchanged";

function changeFacts({ kind, stacks }: Report): Fact[] {
  const isDeployed = kind === "deploy" || kind === "destroy";
  const plans = stacks.filter((stack) => !isDeployed || isDone(stack)).flatMap(({ plan }) => plan ?? []);
  const drifts = stacks.flatMap(({ drift }) => drift ?? []);
  const facts: Fact[] = [];
  if (plans.length > 0) {
    const summary = Object.fromEntries(
      ACTIONS.map((action) => [action, sum(plans.map((each) => each.summary[action]))]),
    ) as Record<Action, number>;
    const text = isDeployed ? doneText(summary) : summaryText(summary);
    facts.push({ tone: !isDeployed && summary.replace + summary.delete > 0 ? "warning" : "plain", text });
    const drifted = sum(plans.map(({ drift }) => drift.length));
    if (drifted > 0) facts.push({ tone: "warning", text: `${counted(drifted, "change")} made elsewhere` });
  }
  for (const { status, summary } of drifts)
    facts.push({ tone: status === "DRIFTED" ? "warning" : "good", text: driftSummaryText(summary) });
  const awaiting = stacks.filter(({ awaits }) => awaits !== undefined).length;
  if (awaiting > 0)
    facts.push({ tone: "plain", text: `${counted(awaiting, "stack")} planned once others are deployed` });
  return facts;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

type Status = ResultReport["status"];

export const TONES: Readonly<Record<Status, Tone>> = {
  deployed: "good",
  unchanged: "good",
  "rolled-back": "bad",
  "rollback-failed": "bad",
  kept: "bad",
  refused: "bad",
};

const ENDINGS: Readonly<Record<Status, string>> = {
  deployed: "deployed",
  unchanged: "nothing to do",
  "rolled-back": "failed and rolled back: it is as it was",
  "rollback-failed": "failed, and could not be rolled back",
  kept: "failed; what was done is kept",
  refused: "refused: nothing was changed",
};

/** Of a fork: nothing happened to the stack itself. */
const FORESEEN: Readonly<Record<Status, string>> = {
  deployed: "can be applied",
  unchanged: "nothing to do",
  "rolled-back": "fails when applied, and is rolled back",
  "rollback-failed": "fails when applied, and cannot be rolled back",
  kept: "fails when applied, half-way",
  refused: "is refused",
};

/** How a stack's deployment ended; of a preview, how it would. */
export function endingText({ kind }: Pick<Report, "kind">, { plan }: StackReport, { status, serial }: ResultReport) {
  if (kind === "preview") return FORESEEN[status];
  if (status === "deployed" && plan?.kind === "destroy") return "destroyed";
  return status === "deployed" && serial !== undefined ? `deployed (serial ${serial})` : ENDINGS[status];
}

function resultFacts(report: Report): Fact[] {
  const ended = report.stacks.flatMap((stack) => (stack.result ? [{ stack, result: stack.result }] : []));
  return ended.map(({ stack, result }) => {
    const text = endingText(report, stack, result);
    return { tone: TONES[result.status], text: report.stacks.length > 1 ? `${stack.stack} ${text}` : text };
  });
}

function severityFacts(problems: readonly { readonly severity: string }[]): Fact[] {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.filter(({ severity }) => severity === "warning").length;
  const notes = problems.length - errors - warnings;
  return [
    ...(errors > 0 ? [{ tone: "bad", text: counted(errors, "error") } as const] : []),
    ...(warnings > 0 ? [{ tone: "warning", text: counted(warnings, "warning") } as const] : []),
    ...(notes > 0 ? [{ tone: "plain", text: counted(notes, "note") } as const] : []),
  ];
}

function findingFacts(findings: readonly Finding[]): Fact[] {
  if (findings.length === 0) return [{ tone: "good", text: "no findings" }];
  const open = findings.filter(({ waived }) => !waived);
  const waived = findings.length - open.length;
  return [
    ...severityFacts(open).map(({ tone, text }) => ({ tone, text: text.replace(" ", " policy ") })),
    ...(waived > 0 ? [{ tone: "plain", text: `${waived} waived` } as const] : []),
  ];
}

import type { CalledOperation } from "../../gateway/called-operations.ts";
import { endingText, TONES } from "../formats/headline.ts";
import { waitingText, type Report, type StackReport, type StepReport } from "../formats/report.ts";
import type { Colors } from "../output.ts";
import { costText } from "./cost-words.ts";
import { findingLines } from "./findings.ts";
import { placeText } from "./plan-words.ts";
import { headText, planText } from "./plan.ts";
import { elapsedText } from "./progress.ts";
import { wrapped } from "./table.ts";

/** A preview as a person reads it: each stack's plan and how applying it would end, then what is said of all. */
export function previewText(report: Report, colors: Colors, width: number): string {
  const { subject, base, head, state, stacks, findings = [], cost, operations = [], notes = [], elapsedMs } = report;
  const from = state ?? base ?? "nothing";
  const versions = [`${from} -> ${head ?? "this"}`, ...(elapsedMs === undefined ? [] : [elapsedText(elapsedMs)])];
  return [
    headText(`preview of ${colors.bold(subject)}`, colors.dim(versions.join(", ")), width),
    ...stacks.flatMap((stack) => ["", ...stackLines(report, stack, colors, width)]),
    ...(findings.length > 0 ? ["", ...findingLines(findings, colors, width - 2).map((line) => `  ${line}`)] : []),
    ...(cost || operations.length > 0 || notes.length > 0 ? [""] : []),
    ...(cost ? [`  cost:  ${costText(cost)}`] : []),
    ...(operations.length > 0 ? [`  calls: ${operationsText(operations)}`] : []),
    ...notes.flatMap((note) => wrapped(`note:  ${note}`, width, "  ", "         ")),
  ].join("\n");
}

/** What whoever deploys needs to be allowed, in short. */
function operationsText(operations: readonly CalledOperation[]): string {
  const kinds = new Set(operations.map(({ cloud, service, operation }) => `${cloud} ${service} ${operation}`));
  const services = new Set(operations.map(({ service }) => service));
  const counted = `${kinds.size} ${kinds.size === 1 ? "operation" : "operations"} of ${[...services].join(", ")}`;
  return `${counted}; --format json lists them`;
}

function stackLines(report: Report, stack: StackReport, colors: Colors, width: number): string[] {
  const { stack: name, plan, awaits, diagnostics, result, steps = [] } = stack;
  if (awaits) return [`${colors.bold(name)}  ${waitingText(awaits)}: it uses what that gives`];
  if (!plan) return [`${colors.bold(name)}  ${colors.red("cannot be planned")}`, ...problemLines(diagnostics)];
  const failed = steps.filter(({ status }) => status === "failed");
  const ending = result && endingText(report, stack, result);
  const paint = result && TONES[result.status] === "bad" ? colors.red : colors.green;
  const ofStack = result?.cause && failed.length === 0 ? [`    ${result.cause.code}: ${result.cause.message}`] : [];
  return [
    planText({ ...plan, stack: name }, colors, width),
    ...(ending === undefined ? [] : ["", `  on a fork: ${paint(ending)}`]),
    ...failed.flatMap((step) => wrapped(failureText(step, stack), width, "    ", "      ")),
    ...ofStack,
  ];
}

const problemLines = (diagnostics: StackReport["diagnostics"]): string[] =>
  diagnostics.flatMap(({ code, severity, message, file, range, hint }) => {
    const place = range ? `  ${file}:${range.line}:${range.column}` : "";
    return [`  ${severity}[${code}] ${message}${place}`, ...(hint === undefined ? [] : [`    ${hint}`])];
  });

function failureText({ logicalId, cause }: StepReport, { plan }: StackReport): string {
  const range = plan?.changes.find((change) => change.logicalId === logicalId)?.range;
  const place = plan && range ? `  ${placeText(plan.file, range)}` : "";
  return `${logicalId}  ${cause?.code ?? "Failed"}: ${cause?.message ?? "it says nothing more"}${place}`;
}

import { summaryText } from "../../text/plan-words.ts";
import { endingText, factsOf, titleOf } from "../headline.ts";
import { COMMENT_LIMITS } from "../comment-limits.ts";
import { markerOf } from "../marker.ts";
import type { Report, StackReport } from "../report.ts";
import { code, prose } from "./escape.ts";
import { fit, type Block } from "./fit.ts";
import { costBlock, findingBlocks, graphBlocks, operationBlocks, waivedBlocks } from "./report-blocks.ts";
import { RANKS, stackBlocks } from "./stack-blocks.ts";

export interface MarkdownOptions {
  /** GitHub's by default, which fits everywhere. */
  readonly charactersMax?: number;
}

const SUBJECT_MAX = 120;

/**
 * A report as a comment on a pull request: the answer first, details folded, never longer than a comment may be; what
 * is left out is said, and where all of it is. The first line is a marker, see `markerOf`.
 */
export function markdownOf(report: Report, { charactersMax = COMMENT_LIMITS.github }: MarkdownOptions = {}): string {
  const all = report.details === undefined ? "another format, such as `--format html`" : code(report.details);
  const note = (missing: string) =>
    `---\nA comment holds ${charactersMax.toLocaleString("en")} characters, so this one lacks ${missing}.` +
    ` All of it: ${all}\n`;
  return fit(headOf(report), blocksOf(report), { charactersMax, note });
}

function headOf(report: Report): string {
  const { base, head, state } = report;
  const facts = factsOf(report).map(({ tone, text }) => (tone === "bad" ? `**${prose(text)}**` : prose(text)));
  const compared = [
    base === undefined ? "" : head === undefined ? `on ${code(base)}` : `${code(base)} → ${code(head)}`,
    state === undefined ? "" : `state of ${code(state)}`,
  ].filter((part) => part !== "");
  return [
    markerOf(report),
    `## ${prose(titleOf(report), SUBJECT_MAX)}`,
    "",
    ...(compared.length > 0 ? [`${compared.join(", ")}<br>`] : []),
    facts.length > 0 ? facts.join(" · ") : "nothing to tell",
    "",
    "",
  ].join("\n");
}

function blocksOf(report: Report): Block[] {
  const { stacks, findings = [], cost, operations = [], notes = [] } = report;
  const isOnly = stacks.length === 1;
  return [
    ...noteBlocks(notes),
    ...findingBlocks(findings.filter(({ waived }) => !waived)),
    ...stacks.flatMap((stack) => [...(isOnly ? [] : [headingOf(report, stack)]), ...stackBlocks(stack)]),
    ...(cost ? [costBlock(cost)] : []),
    ...operationBlocks(operations),
    ...waivedBlocks(findings.filter(({ waived }) => waived)),
    ...graphBlocks(report),
  ];
}

/** Of several stacks, each has a heading with its own answer. */
function headingOf(report: Report, stack: StackReport): Block {
  const { plan, result } = stack;
  const answer = result ? endingText(report, stack, result) : plan ? summaryText(plan.summary) : "";
  const item = `### ${code(stack.stack, SUBJECT_MAX)} ${answer}`.trimEnd() + "\n\n";
  return { head: "", items: [item], close: "", tail: "", noun: ["stack", "stacks"], rank: RANKS.problems };
}

function noteBlocks(notes: readonly string[]): Block[] {
  if (notes.length === 0) return [];
  const items = notes.map((note) => `- ${prose(note)}\n`);
  return [{ head: "", items, close: "", tail: "\n", noun: ["note", "notes"], rank: RANKS.problems }];
}

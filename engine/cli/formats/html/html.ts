import { VERSION } from "../../../platform/version.ts";
import { summaryText } from "../../text/plan-words.ts";
import { endingText, factsOf, titleOf } from "../headline.ts";
import { diagnosed, failuresOf, ownDiagnostics } from "../problems.ts";
import { waitingText, type Report, type StackReport } from "../report.ts";
import { code, element, together, type Markup } from "./element.ts";
import { costSection, findingsSection, operationsSection, problemItem } from "./report-sections.ts";
import { stackSections } from "./stack-sections.ts";
import { STYLE } from "./style.ts";

/**
 * A report as one page that needs nothing else: no script, no font, no request. Light or dark as its reader's screen.
 */
export function htmlOf(report: Report): string {
  const title = titleOf(report);
  const page = element(
    "html",
    { lang: "en" },
    element(
      "head",
      {},
      element("meta", { charset: "utf-8" }),
      element("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      element("meta", {
        "http-equiv": "Content-Security-Policy",
        content: "default-src 'none'; style-src 'unsafe-inline'",
      }),
      element("title", {}, title),
      { markup: `<style>\n${STYLE}\n</style>` },
    ),
    element("body", {}, element("main", {}, headOf(report, title), ...bodyOf(report), footOf(report))),
  );
  return `<!doctype html>\n${page.markup}\n`;
}

function headOf(report: Report, title: string): Markup {
  const { base, head, state, stacks, notes = [] } = report;
  const compared = [
    ...(base === undefined ? [] : [head === undefined ? `on ${base}` : `${base} → ${head}`]),
    ...(state === undefined ? [] : [`state of ${state}`]),
  ];
  const facts = factsOf(report).map(({ tone, text }) => element("li", { class: tone }, text));
  const problems = stacks.flatMap((stack) => [
    ...failuresOf(stack),
    ...ownDiagnostics(stack).map((each) => diagnosed(stack, each)),
  ]);
  return element(
    "header",
    {},
    element("h1", {}, title),
    ...compared.map((text) => element("p", { class: "faint" }, text)),
    element("ul", { class: "facts" }, ...facts),
    ...(problems.length > 0 ? [element("ul", { class: "problems" }, ...problems.map(problemItem))] : []),
    ...(notes.length > 0 ? [element("ul", {}, ...notes.map((note) => element("li", {}, note)))] : []),
  );
}

function bodyOf(report: Report): Markup[] {
  const { stacks, findings = [], cost, operations = [] } = report;
  return [
    ...findingsSection(findings),
    ...stacks.map((stack, index) =>
      element("section", {}, stackHeading(report, stack), ...stackSections(stack, `s${index}`)),
    ),
    ...(cost ? [costSection(cost)] : []),
    ...operationsSection(operations),
  ];
}

function stackHeading(report: Report, stack: StackReport): Markup {
  const { plan, result, awaits } = stack;
  const answer = result ? endingText(report, stack, result) : plan ? summaryText(plan.summary) : "";
  const told = awaits ? waitingText(awaits) : answer;
  // Of an only stack all is said above.
  const isSaid = told === "" || report.stacks.length === 1;
  return element("h2", {}, stack.stack, ...(isSaid ? [] : [" ", element("small", {}, told)]));
}

const footOf = ({ details }: Report): Markup =>
  element(
    "footer",
    {},
    `CloudStacks ${VERSION}`,
    ...(details === undefined ? [] : [together(". The same again: ", code(details))]),
  );

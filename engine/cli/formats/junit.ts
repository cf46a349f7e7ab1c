import type { Finding } from "../../stack/policy/finding.ts";
import { diagnosed, failuresOf, ownDiagnostics } from "./problems.ts";
import { titleOf } from "./headline.ts";
import { waitingText, type Report, type StackReport } from "./report.ts";
import { resourceRows, type ResourceRow } from "./rows.ts";
import { attributes, xmlLines } from "./xml.ts";

/** One case of a suite; `body` is XML. */
interface Case {
  readonly suite: string;
  readonly name: string;
  readonly elapsedMs?: number | undefined;
  readonly body?: string;
  readonly outcome: "passed" | "failed" | "skipped";
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/**
 * A report as JUnit's XML, which every CI shows: each resource a case; what cannot be deployed, what has drifted and
 * what breaks a policy has failed.
 * Source: the forms that Jenkins and GitLab read
 */
export function junitOf(report: Report): string {
  const suites = [...report.stacks.map(stackSuite), ...policySuites(report.findings)];
  const all = suites.flatMap(({ cases }) => cases);
  const head = attributes({ name: titleOf(report), ...countsOf(all), time: seconds(report.elapsedMs) });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${head}>`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

const countsOf = (cases: readonly Case[]) => ({
  tests: cases.length,
  failures: cases.filter(({ outcome }) => outcome === "failed").length,
  errors: 0,
  skipped: cases.filter(({ outcome }) => outcome === "skipped").length,
});

const seconds = (elapsedMs = 0) => (elapsedMs / 1000).toFixed(3);

function suiteLines({ name, cases }: Suite): string[] {
  return [
    `  <testsuite${attributes({ name, ...countsOf(cases) })}>`,
    ...cases.map(({ suite, name: caseName, elapsedMs, body }) => {
      const head = `    <testcase${attributes({ classname: suite, name: caseName, time: seconds(elapsedMs) })}`;
      return body === undefined ? `${head}/>` : `${head}>\n${body}\n    </testcase>`;
    }),
    "  </testsuite>",
  ];
}

const failed = (kind: string, message: string, details: string): Pick<Case, "outcome" | "body"> => ({
  outcome: "failed",
  body: `      <failure${attributes({ type: kind, message })}>${xmlLines(details)}</failure>`,
});

const skipped = (message: string): Pick<Case, "outcome" | "body"> => ({
  outcome: "skipped",
  body: `      <skipped${attributes({ message })}/>`,
});

const passed = (details: string): Pick<Case, "outcome" | "body"> => ({
  outcome: "passed",
  body: `      <system-out>${xmlLines(details)}</system-out>`,
});

function stackSuite(report: StackReport): Suite {
  const { stack, plan, drift } = report;
  const rows = resourceRows(report);
  const failures = failuresOf(report);
  const named = new Set(rows.map(({ logicalId }) => logicalId));
  const untouched = [...(plan?.changes ?? []), ...(drift?.resources ?? [])].filter(
    ({ logicalId }) => !named.has(logicalId),
  );
  const others = failures.filter(({ resource = "" }) => !named.has(resource));
  return {
    name: stack,
    cases: [
      stackCase(report, others),
      ...rows.map((row) => resourceCase(stack, row, failures)),
      ...untouched.map(({ logicalId }): Case => ({ suite: stack, name: logicalId, outcome: "passed" })),
    ],
  };
}

/** What fails and is no resource's. */
function stackCase(report: StackReport, failures: readonly Finding[]): Case {
  const { stack, result, awaits } = report;
  const head = { suite: stack, name: stack, elapsedMs: result?.elapsedMs };
  const errors = ownDiagnostics(report).filter(({ severity }) => severity === "error");
  const [first, ...more] = [...errors.map((each) => diagnosed(report, each)), ...failures];
  if (first) return { ...head, ...failed(first.rule, first.message, [first, ...more].map(lineOf).join("\n")) };
  if (result?.status === "refused") return { ...head, ...failed("refused", "nothing was changed", "") };
  if (awaits) return { ...head, ...skipped(waitingText(awaits)) };
  return { ...head, outcome: "passed" };
}

const placeOf = ({ file = "", range }: Finding) => (range ? `${file}:${range.line}:${range.column}` : file);

const lineOf = (finding: Finding) =>
  [`${finding.rule}: ${finding.message}`, finding.hint, placeOf(finding)].filter(Boolean).join("; ");

function resourceCase(stack: string, row: ResourceRow, failures: readonly Finding[]): Case {
  const { logicalId, words, step, place } = row;
  const head = { suite: stack, name: logicalId, elapsedMs: step?.elapsedMs };
  const failure = failures.find(({ resource }) => resource === logicalId);
  if (failure) return { ...head, ...failed(failure.rule, failure.message, `${failure.message}\n${place}`.trimEnd()) };
  const isDrifted = row.origin === "drift" && row.action !== "none";
  if (isDrifted) return { ...head, ...failed("drift", words, detailsOf(row)) };
  if (row.origin === "drift") return { ...head, ...skipped(words) };
  if (step?.status === "skipped") return { ...head, ...skipped("not reached") };
  if (step?.status === "undone") return { ...head, ...skipped("done, and undone") };
  return { ...head, ...passed(detailsOf(row)) };
}

const detailsOf = ({ words, type, detail, properties, reasons, place }: ResourceRow): string =>
  [
    [words, type, detail, place].filter(Boolean).join(" "),
    ...properties.map(({ path, before = "(absent)", after = "(absent)", remarks }) =>
      [`${path}: ${before} -> ${after}`, ...remarks].join(", "),
    ),
    ...reasons,
  ].join("\n");

/** Each finding a case of its rule; one that only warns has passed, with what it says. */
function policySuites(findings: readonly Finding[] | undefined): Suite[] {
  if (!findings) return [];
  const cases = findings.map((finding): Case => {
    const { rule, resource, severity, message, hint, waived } = finding;
    const head = { suite: rule, name: resource ?? message };
    const details = [message, hint, placeOf(finding)].filter(Boolean).join("\n");
    if (waived) return { ...head, ...skipped(`waived until ${waived.expires}: ${waived.reason}`) };
    return { ...head, ...(severity === "error" ? failed(rule, message, details) : passed(`${severity}: ${details}`)) };
  });
  return [{ name: "policies", cases }];
}

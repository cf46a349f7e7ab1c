import { createHash } from "node:crypto";
import { VERSION } from "../../platform/version.ts";
import type { Finding } from "../../stack/policy/finding.ts";
import { problemsOf, ruleTitle } from "./problems.ts";
import type { Report } from "./report.ts";
import { visible } from "./visible.ts";

/**
 * A report as SARIF 2.1.0: what code scanning shows beside the lines of a change.
 * Source: OASIS, Static Analysis Results Interchange Format 2.1.0
 */
export function sarifOf(report: Report): string {
  const problems = problemsOf(report);
  const rules = [...new Set(problems.map(({ rule }) => rule))].sort();
  const indexOf = new Map(rules.map((rule, index) => [rule, index]));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "CloudStacks", semanticVersion: VERSION, rules: rules.map(ruleOf) } },
        // Runs of the same id replace each other where they are shown.
        automationDetails: { id: `cloudstacks/${report.kind}/${report.subject}/` },
        columnKind: "utf16CodeUnits",
        results: problems.map((problem) => resultOf(problem, indexOf.get(problem.rule) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const ruleOf = (rule: string) => ({ id: rule, shortDescription: { text: `${ruleTitle(rule) ?? rule}.` } });

/** Their names there are the same as ours. */
function resultOf(finding: Finding, ruleIndex: number) {
  const { rule, severity, message, hint, waived } = finding;
  const text = hint === undefined ? sentence(message) : `${sentence(message)} ${sentence(hint)}`;
  return {
    ruleId: rule,
    ruleIndex,
    level: severity,
    message: { text },
    locations: [{ ...physicalLocation(finding), ...logicalLocation(finding) }],
    partialFingerprints: { "cloudstacks/v1": fingerprint(finding) },
    ...(waived && { suppressions: [{ kind: "external", status: "accepted", justification: waived.reason }] }),
  };
}

const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

function physicalLocation({ file, range }: Finding) {
  // A destruction has no file.
  if (file === undefined || file === "") return {};
  const { line, column, endLine, endColumn } = range ?? {};
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(file) },
      ...(range && { region: { startLine: line, startColumn: column, endLine, endColumn } }),
    },
  };
}

/** Of a path in the repository a relative one. */
function uriOf(path: string): string {
  const slashed = visible(path.replaceAll("\\", "/")).replace(/^(\.\/)+/, "");
  const address = slashed.split("/").map(encodeURIComponent).join("/");
  return address.startsWith("/") ? `file://${address}` : address;
}

function logicalLocation({ stack = "", resource, type }: Finding) {
  if (resource === undefined) return {};
  const name = { name: resource, fullyQualifiedName: [stack, resource].filter(Boolean).join("/"), kind: "resource" };
  return { logicalLocations: [type === undefined ? name : { ...name, properties: { type } }] };
}

/** The same problem, wherever its line has moved to. */
const fingerprint = ({ rule, stack, resource, path, file, message }: Finding): string => {
  const subject = resource === undefined ? [file, message] : [resource, path];
  return createHash("sha256").update(JSON.stringify([rule, stack, ...subject])).digest("hex").slice(0, 32);
};

import type { PlannedResource } from "../../stack/plan/planned-resource.ts";
import type { Finding } from "../../stack/policy/finding.ts";
import type { Output } from "../output.ts";
import { failOnFindings, findingsIn } from "../review.ts";
import type { PolicyOptions } from "../review-options.ts";
import type { Session, SessionOptions } from "../session.ts";
import { findingLines, findingsSummary } from "../text/findings.ts";
import { readSource, stackOf } from "./stacks.ts";
import { showDiagnostics, withSession } from "./with-session.ts";

/** What a template has, and other YAML and JSON files in a repository have not. */
const TEMPLATE = /^\s*["']?Resources["']?\s*:/m;

/** Says what is wrong with the templates among files, and what policies find in them; nothing when all is well. */
export async function lint(
  output: Output,
  options: SessionOptions,
  request: PolicyOptions & { readonly files: readonly string[] },
): Promise<void> {
  // What is deployed has no say in whether a template is right.
  const apart = { ...options, endpoint: undefined, store: "memory" };
  const resources = await withSession(apart, async (session) => {
    const found: PlannedResource[] = [];
    for (const file of request.files) found.push(...(await lintFile(output, session, file)));
    return found;
  });
  const findings: readonly Finding[] = await findingsIn(resources, request);
  if (findings.length > 0 || output.format !== "text")
    output.answer({ findings }, () =>
      [...findingLines(findings, output.colors, output.width), findingsSummary(findings)].join("\n"),
    );
  failOnFindings(findings, request);
}

async function lintFile(output: Output, session: Session, file: string): Promise<readonly PlannedResource[]> {
  const source = readSource(file);
  if (!TEMPLATE.test(source.text)) return [];
  const { diagnostics } = await session.run("validate", { source });
  if (showDiagnostics(output, diagnostics, source.text)) return [];
  // A parameter that has no value here leaves a template that is valid, and cannot be planned.
  const { resources = [] } = await session.run("inspect", { stack: stackOf({ file, parameter: {} }), source });
  return resources;
}

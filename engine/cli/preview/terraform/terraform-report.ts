import { posix } from "node:path";
import type { TerraformPlan } from "../../../stack/terraform-plan/planned-changes.ts";
import type { FailureCause } from "../../../stack/state/model.ts";
import type { ResultReport, ShownDiagnostic, StepReport } from "../../formats/report.ts";
import { diagnosticsIn, type TerraformDiagnostic, type TerraformMessage } from "./messages.ts";

/** What Terraform says is wrong, as diagnostics; `path` is the folder as people call it. */
export function shownDiagnostics(messages: readonly TerraformMessage[], path: string): ShownDiagnostic[] {
  return diagnosticsIn(messages).map((each): ShownDiagnostic => {
    const { severity, range, address } = each;
    const about = address === undefined ? "" : `${address}: `;
    const message = about + messageOf(each);
    if (!range) return { code: "terraform", severity, message };
    const { start, end, filename } = range;
    const shown = { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
    return { code: "terraform", severity, message, file: posix.join(path, filename), range: shown };
  });
}

/** How the SDK for Go begins what a cloud answered: ids of requests tell nobody anything here. */
const SDK_PREFIX = /https? response error StatusCode: \d+, (?:RequestID: [^,]*, )?(?:HostID: [^,]*, )?(?:api error )?/g;

const textOf = ({ summary, detail }: TerraformDiagnostic): string =>
  [summary, detail].filter(Boolean).join(": ").replaceAll(/\s+/g, " ").trim();

const messageOf = (diagnostic: TerraformDiagnostic): string => textOf(diagnostic).replaceAll(SDK_PREFIX, "");

/** The code that a cloud answered with, where Terraform repeats it. */
function causeOf(diagnostic: TerraformDiagnostic): FailureCause {
  const message = messageOf(diagnostic);
  const [, code = "TerraformError"] = new RegExp(`${SDK_PREFIX.source}(\\w+)`).exec(textOf(diagnostic)) ?? [];
  return { ...(diagnostic.address !== undefined && { logicalId: diagnostic.address }), code, message };
}

/** What became of each resource that was to change. */
export function stepsOfApply({ changes }: TerraformPlan, messages: readonly TerraformMessage[]): StepReport[] {
  const causes = diagnosticsIn(messages).filter(({ severity }) => severity === "error");
  const ended = new Map<string, TerraformMessage>();
  for (const message of messages) {
    const address = message.hook?.resource.addr;
    if (address === undefined || !/^apply_(complete|errored)$/.test(message.type)) continue;
    ended.set(address, message);
  }
  return changes
    .filter(({ action }) => action !== "none")
    .map(({ logicalId, type, action }): StepReport => {
      const message = ended.get(logicalId);
      const status = message === undefined ? "skipped" : message.type === "apply_complete" ? "done" : "failed";
      const cause = causes.find(({ address }) => address === logicalId);
      return { logicalId, type, action, status, ...(status === "failed" && cause && { cause: causeOf(cause) }) };
    });
}

/** Terraform keeps what it did before it failed. */
export function resultOfApply(code: number | null, messages: readonly TerraformMessage[]): ResultReport {
  if (code === 0) return { status: "deployed" };
  const first = diagnosticsIn(messages).find(({ severity }) => severity === "error");
  return { status: "kept", ...(first && { cause: causeOf(first) }) };
}

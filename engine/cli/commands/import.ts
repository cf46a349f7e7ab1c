import { basename, dirname, resolve } from "node:path";
import type { LeftOut } from "../../gateway/terraform-state-file.ts";
import type { ConductOptions } from "../conduct-options.ts";
import { Failure } from "../failure.ts";
import { readGivenFile } from "../given-file.ts";
import type { Output } from "../output.ts";
import type { SessionOptions } from "../session.ts";
import { planText } from "../text/plan.ts";
import { alignColumns } from "../text/table.ts";
import { applyPlan } from "./apply-plan.ts";
import { settling, showDiagnostics, withSession } from "./with-session.ts";

/** As commander gives them. */
export interface ImportOptions {
  readonly from?: "account";
  readonly stack?: string;
}
type ImportRequest = ImportOptions & ConductOptions & { readonly state: string | undefined };

/** Makes a stack of what exists: shows the plan, asks, and changes nothing but the stack's own records. */
export async function importStack(output: Output, options: SessionOptions, request: ImportRequest): Promise<void> {
  const { stack, state } = sourceOf(request);
  await withSession(options, async (session) => {
    const { file, text, left } = await session.run("adoption", { stack, ...(state !== undefined && { state }) });
    if (left.length > 0) output.note(leftText(left));
    const input = { stack, source: { file, text }, resume: request.resume };
    const { plan, diagnostics } = await session.run("plan", input, settling(output));
    if (showDiagnostics(output, diagnostics, text) || !plan)
      return output.format === "text" ? undefined : output.answer({ status: "refused", diagnostics, left }, () => "");
    output.note(planText(plan, output.colors, output.width));
    const question = `Take ${plan.summary.import} resources over into ${stack}?`;
    await applyPlan(output, session, plan, { conduct: request, question, source: text });
    output.note(`Its template: cloudstack export ${stack}`);
  });
}

function sourceOf({ from, stack, state }: ImportRequest): { readonly stack: string; readonly state?: string } {
  if ((state === undefined) === (from === undefined))
    throw new Failure("An import is from one place.", ["Give a terraform.tfstate, or --from account."]);
  if (state === undefined) {
    if (stack === undefined) throw new Failure("An import from the account needs a stack.", ["Add --stack NAME."]);
    return { stack };
  }
  return { stack: stack ?? basename(dirname(resolve(state))), state: readState(state) };
}

const readState = (file: string) =>
  readGivenFile(file, "Give the path of a state; of a remote one: terraform state pull > terraform.tfstate");

const leftText = (left: readonly LeftOut[]): string =>
  ["not taken over:", ...alignColumns(left.map(({ address, reason }) => [address, reason]), "  "), ""].join("\n");

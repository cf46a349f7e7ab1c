import { StoreUnavailable } from "../../kernel/store.ts";
import { ServiceError } from "../../services/errors.ts";
import { StepFailed } from "../../stack/apply/deployment.ts";
import { checkedProperties } from "../../stack/plan/checked-properties.ts";
import { severityOf, type Problem } from "../../stack/diagnostics/diagnostic.ts";
import type { CtyObject } from "../../protocols/terraform/cty-value.ts";
import type { HeldState, ProviderDiagnostic } from "../../protocols/terraform/provider.ts";
import { pathOf, UnusableValue, valuesOf, type Values } from "./form.ts";
import type { Mapping } from "./mapping.ts";
import { ScopeUnknown } from "./session.ts";

export interface Checked {
  /** With defaults, as far as it is known. */
  readonly desired: Values;
  readonly diagnostics: readonly ProviderDiagnostic[];
}

/** A configuration as properties, held against the type; each problem points at its attribute. */
export function checkedConfig({ type, fields }: Mapping, config: CtyObject): Checked {
  const paths: (readonly (string | number)[])[] = [];
  // Problems carry a place in a text; here a place is the number of a path.
  const spanOf = (path: readonly (string | number)[]) => {
    const start = paths.push(path) - 1;
    return { start, end: start };
  };
  try {
    const problems: Problem[] = [];
    const desired = checkedProperties(type, valuesOf(fields, config), spanOf, problems);
    const diagnostics = problems.map(({ code, message, span, hint }): ProviderDiagnostic => ({
      severity: severityOf(code),
      summary: inSentence(message),
      detail: [...(hint === undefined ? [] : [inSentence(hint)]), `More: cloudstack explain ${code}`].join("\n"),
      // Terraform finds the line of an attribute of the resource itself, and none for what is deeper.
      path: pathOf(fields, paths[span?.start ?? -1] ?? []).slice(0, 1),
    }));
    return { desired, diagnostics };
  } catch (problem) {
    if (!(problem instanceof UnusableValue)) throw problem;
    return { desired: {}, diagnostics: [{ severity: "error", summary: problem.message, path: problem.path }] };
  }
}

const inSentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export const isRefused = (diagnostics: readonly ProviderDiagnostic[]): boolean =>
  diagnostics.some(({ severity }) => severity === "error");

/** What is said when a resource of a name is there already. */
const adoptHint = ({ name }: Mapping) =>
  `If it is yours, take it over: terraform import ${name}.NAME ID (or an import block). Otherwise choose another name.`;

/** A service's refusal, told; anything else is a defect and is thrown on. */
export function refusal(mapping: Mapping, what: string, problem: unknown): ProviderDiagnostic[] {
  if (problem instanceof StepFailed)
    return [{ severity: "error", summary: `${what}: ${problem.failure.code}`, detail: problem.failure.message }];
  if (problem instanceof StoreUnavailable)
    return [{ severity: "error", summary: `${what}: the store does not answer`, detail: problem.message }];
  if (!(problem instanceof ServiceError)) throw problem;
  const { code, kind, message } = problem;
  const nameProperty = mapping.type.nameProperty as string | undefined;
  const isNameTaken = kind === "alreadyExists";
  const path = isNameTaken && nameProperty !== undefined ? pathOf(mapping.fields, [nameProperty]) : [];
  const detail = isNameTaken ? `${message}\n${adoptHint(mapping)}` : message;
  return [{ severity: "error", summary: `${what}: ${code}`, detail, path }];
}

/** What needs the provider's scope while that is not known yet is refused, and leaves what there was. */
export async function tellingUnknownScope(before: HeldState, run: () => Promise<HeldState>): Promise<HeldState> {
  try {
    return await run();
  } catch (problem) {
    if (!(problem instanceof ScopeUnknown)) throw problem;
    return { ...before, diagnostics: [{ severity: "error", summary: problem.message }] };
  }
}

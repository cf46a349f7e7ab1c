import { AssemblyProblem } from "../apps/assembly.ts";
import { ServiceError } from "../services/errors.ts";
import { DirectoryInUse } from "../kernel/directory-lock.ts";
import { StoreUnavailable } from "../kernel/store.ts";
import { Failure } from "./failure.ts";
import type { Output } from "./output.ts";
import { type CuredProblem, systemProblem } from "./system-problem.ts";

/** Shows why a command failed: for people as text, for programs as `{"error": ...}`; both on standard error. */
export function reportProblem(output: Output, problem: unknown): void {
  const error = problem instanceof Error ? problem : new Error(String(problem));
  const told = cured(error);
  if (output.format === "json" || output.format === "yaml") {
    const code = error instanceof ServiceError ? error.code : error.name;
    const { message, cure } = told ?? { message: error.message, cure: [] };
    output.problem(JSON.stringify({ error: { code, message, ...(cure.length > 0 && { cure }) } }));
    return;
  }
  const label = output.colors.red("error:");
  if (told) output.problem([`${label} ${told.message}`, ...told.cure.map((line) => `  ${line}`)].join("\n"));
  else if (error instanceof ServiceError) output.problem(`${label} ${error.code}: ${error.message}`);
  else output.problem(`${label} this is a defect of CloudStacks\n${error.stack ?? error.message}`);
}

function cured(error: Error): CuredProblem | undefined {
  if (error instanceof Failure || error instanceof AssemblyProblem) return error;
  if (error instanceof StoreUnavailable || error instanceof DirectoryInUse) return { message: error.message, cure: [] };
  return systemProblem(error);
}

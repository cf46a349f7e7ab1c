import { readWrittenText } from "../platform/files.ts";
import { Failure } from "./failure.ts";
import { systemProblem } from "./system-problem.ts";

/** The text of a file that the user named. Errors: `Failure` that ends with `cure`, or with what is better known */
export function readGivenFile(file: string, cure: string): string {
  try {
    return readWrittenText(file);
  } catch (problem) {
    const told = systemProblem(problem, file);
    if (told === undefined) throw problem;
    const isElsewhere = ["ENOENT", "EISDIR"].includes((problem as NodeJS.ErrnoException).code ?? "");
    throw new Failure(told.message, isElsewhere ? [cure] : told.cure, problem);
  }
}

import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import type { Output } from "../output.ts";
import { openSession, type Session, type SessionOptions } from "../session.ts";
import { diagnosticsText } from "../text/diagnostics.ts";

export async function withSession<T>(options: SessionOptions, run: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(options);
  try {
    return await run(session);
  } finally {
    await session.close();
  }
}

/** Shows diagnostics where people look; true when one is an error. */
export function showDiagnostics(output: Output, diagnostics: readonly Diagnostic[], source: string): boolean {
  const hasError = diagnostics.some((each) => each.severity === "error");
  if (diagnostics.length > 0 && output.format === "text")
    output.problem(diagnosticsText(diagnostics, source, output.colors));
  if (hasError) process.exitCode = 1;
  return hasError;
}

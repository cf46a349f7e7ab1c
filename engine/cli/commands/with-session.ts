import type { Diagnostic } from "../../stack/diagnostics/diagnostic.ts";
import type { CommandEvent } from "../../gateway/commands.ts";
import { systemClock } from "../../platform/clock.ts";
import { EXIT } from "../exit-codes.ts";
import type { Output } from "../output.ts";
import { openSession, type Session, type SessionOptions } from "../session.ts";
import { diagnosticsText } from "../text/diagnostics.ts";
import { createProgress, interruptedText, settledText } from "../text/progress.ts";

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
  if (hasError) process.exitCode = EXIT.failed;
  return hasError;
}

/** Shows what becomes of an earlier deployment that a crash cut off, before the command does its own work. */
export function settling(output: Output): (event: CommandEvent) => void {
  const progress = createProgress(output.colors, {}, output.note);
  return (event) => {
    if ("interrupted" in event) output.note(interruptedText(event.interrupted, systemClock().nowMs()));
    else if ("stackEvent" in event) progress.show(event.stackEvent);
    else if ("settled" in event) output.note(`${settledText(event.settled)}\n`);
  };
}

/**
 * A mistake or a state of the environment that the user can mend: shown as its text and what to do, never as a stack
 * trace.
 */
export class Failure extends Error {
  override name = "Failure";
  /** What to do, one suggestion a line. */
  readonly cure: readonly string[];
  constructor(message: string, cure: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.cure = cure;
  }
}

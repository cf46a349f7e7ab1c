/** A broken promise inside the engine: a defect, never a user's mistake. */
export class InvariantViolation extends Error {
  override name = "InvariantViolation";
}

/** Stops the request when `condition` is false. `why` says why it must hold. */
export function invariant(condition: unknown, why: string): asserts condition {
  if (!condition) throw new InvariantViolation(why);
}

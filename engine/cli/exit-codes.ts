/**
 * What the exit codes of every command mean; docs/exit-codes.md tells the same. They do not change.
 * 0 is that it was done. When several hold, failed comes before findings, and findings before changes.
 */
export const EXIT = {
  /** It could not be done, or was not. */
  failed: 1,
  /** `--detailed-exitcode`: there are changes, or a drift. */
  changes: 2,
  /** Policies found something that fails the check. */
  findings: 3,
  /** Left at once on Ctrl-C (a deployment: on the second): what a shell says of a program that a signal ended. */
  interrupted: 130,
} as const;

/** The signals that end a command in order. */
export const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** What becomes of what was done when a deployment fails; `delete` only for a stack that has nothing yet. */
export const FAILURE_POLICIES = ["rollback", "keep", "delete"] as const;
export type FailurePolicy = (typeof FAILURE_POLICIES)[number];

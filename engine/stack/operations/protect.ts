import type { StackParts } from "../apply/deployment.ts";
import { eventOf, appendEvent } from "../apply/events.ts";
import type { StackEventStatus } from "../apply/stack-event.ts";
import { problem, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { policyFaults, type StackPolicy } from "../plan/stack-policy.ts";
import type { StackQuery } from "../requests.ts";
import { stackRecords, type StackRecord } from "../state/model.ts";
import { refused } from "./refusals.ts";
import { unknownStack } from "./unknown-stack.ts";

/** Nothing when it was done. */
type Diagnostics = readonly Diagnostic[];

/** Changes what is said of a stack, not what it holds; also while it is deployed. */
async function changeStack(
  parts: StackParts,
  { scope, stack }: StackQuery,
  status: StackEventStatus,
  change: (record: StackRecord) => StackRecord,
): Promise<Diagnostics> {
  const { account, region } = scope;
  const event = eventOf({ parts, stack, id: "" }, { status });
  return parts.store.transact(async (tx): Promise<Diagnostics> => {
    const record = await stackRecords.get(tx, account, region, stack);
    if (!record || record.status === "destroyed")
      return refused(unknownStack(stack)).diagnostics;
    stackRecords.put(tx, change(record), account, region, stack);
    appendEvent(tx, { scope, stack }, event);
    return [];
  });
}

/** A protected stack is not destroyed. */
export const protect = (parts: StackParts, query: StackQuery, isProtected: boolean): Promise<Diagnostics> =>
  changeStack(parts, query, isProtected ? "protected" : "unprotected", ({ isProtected: _before, ...rest }) =>
    isProtected ? { ...rest, isProtected } : rest,
  );

/** Undefined takes the policy away. */
export async function setPolicy(
  parts: StackParts,
  query: StackQuery,
  policy: StackPolicy | undefined,
): Promise<Diagnostics> {
  const faults = policy === undefined ? [] : policyFaults(policy);
  if (faults.length > 0)
    return refused(...faults.map((fault) => problem("CS3011", `the policy is not valid: ${fault}`))).diagnostics;
  return changeStack(parts, query, policy ? "policy-set" : "policy-removed", ({ policy: _before, ...rest }) =>
    policy ? { ...rest, policy } : rest,
  );
}

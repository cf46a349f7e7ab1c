import type { Scope } from "../../services/context.ts";
import type { StackParts } from "../apply/deployment.ts";
import { driftReport, type DriftReport } from "../plan/drift.ts";
import { readState } from "../state/read-state.ts";
import { readWatched } from "../watched.ts";
import { readLive } from "./read-live.ts";

/** What was changed outside a stack; undefined when there is no such stack. */
export async function detectDrift(
  parts: StackParts,
  { scope, stack }: { readonly scope: Scope; readonly stack: string },
): Promise<DriftReport | undefined> {
  const { state, live } = await readWatched(parts, async (tx, watched) => {
    const found = await readState(tx, scope, stack);
    return { state: found, live: await readLive(tx, watched, scope, stack, found) };
  });
  if (!state.stack || state.stack.status === "destroyed") return undefined;
  return driftReport(state.stack, state.resources.values(), live, parts.registry);
}

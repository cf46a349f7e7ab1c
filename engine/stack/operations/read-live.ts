import type { Reader } from "../../kernel/store.ts";
import type { Scope } from "../../services/context.ts";
import { resourceContext, type StackParts } from "../apply/deployment.ts";
import type { LiveState } from "../plan/live-state.ts";
import type { RecordedState } from "../state/read-state.ts";

/** What is there of a stack's resources, by logical id; nothing of those whose type this engine does not have. */
export async function readLive(
  tx: Reader,
  parts: StackParts,
  scope: Scope,
  stack: string,
  state: RecordedState,
): Promise<ReadonlyMap<string, LiveState | "gone">> {
  const live = new Map<string, LiveState | "gone">();
  for (const { logicalId, type, id } of state.resources.values()) {
    const registered = parts.registry.get(type);
    if (!registered) continue;
    const ctx = resourceContext({ parts, scope, stack }, registered, logicalId);
    live.set(logicalId, ((await registered.type.handlers.read(tx, id, ctx)) as LiveState | undefined) ?? "gone");
  }
  return live;
}

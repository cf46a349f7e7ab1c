import type { HeldState, ResourceState } from "../../protocols/terraform/provider.ts";
import { ID, type Mapping } from "./mapping.ts";
import { memoryOfImport, readMemory, remembering, writeMemory } from "./memory.ts";
import { readLive, type ProviderSession } from "./session.ts";
import { refreshedCty } from "./shown-state.ts";
import { noteAnswered } from "./unanswered.ts";

/** Looks at a resource again. One that is gone has no state any more. */
export async function readResource(
  session: ProviderSession,
  mapping: Mapping,
  { state, private: kept }: ResourceState,
): Promise<HeldState> {
  const live = await readLive(session, mapping, String(state[ID] ?? ""));
  if (!live) return { state: null };
  await noteAnswered(session, mapping, live.id);
  const memory = readMemory(kept) ?? memoryOfImport(live);
  return {
    state: refreshedCty(mapping, state, memory, live),
    private: writeMemory(remembering(memory, live)),
  };
}

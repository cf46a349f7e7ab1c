import type { EncodedKey, KeyRange } from "../kernel/store.ts";
import type { Engine } from "./engine.ts";

const EVERYTHING: KeyRange = { from: "" as EncodedKey, to: "\xff" as EncodedKey };

/** Deletes every record in one step. Bodies become garbage, which the sweep removes. */
export async function resetState(engine: Engine): Promise<{ readonly reset: true }> {
  await engine.store.transact(async (tx) => tx.clear(EVERYTHING));
  return { reset: true };
}

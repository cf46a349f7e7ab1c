import { linkBodies, unlinkBodies } from "../../kernel/joined-body.ts";
import type { Reader, Transaction } from "../../kernel/store.ts";
import { keys, PART_NUMBER_MAX, parts, type Part } from "./model.ts";

/** The parts that an upload holds, by number. */
export const partsOf = async (tx: Reader, uploadId: string): Promise<Part[]> =>
  (await parts.range(tx, keys.part.range(uploadId), { limit: PART_NUMBER_MAX })).map((entry) => entry.value);

/** Puts a part in its place; one that stood there before is forgotten. */
export async function placePart(tx: Transaction, uploadId: string, part: Part): Promise<void> {
  const owner = keys.part.key(uploadId, part.partNumber);
  const before = await parts.get(tx, uploadId, part.partNumber);
  if (before) unlinkBodies(tx, before.body, owner);
  linkBodies(tx, part.body, owner);
  parts.put(tx, part, uploadId, part.partNumber);
}

/** Lets go of every part of an upload; bodies that its object has taken over are linked by that already. */
export async function forgetParts(tx: Transaction, uploadId: string): Promise<void> {
  for (const part of await partsOf(tx, uploadId)) unlinkBodies(tx, part.body, keys.part.key(uploadId, part.partNumber));
  tx.clear(keys.part.range(uploadId));
}

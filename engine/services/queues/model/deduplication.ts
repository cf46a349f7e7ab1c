import { hash } from "node:crypto";
import type { Transaction } from "../../../kernel/store.ts";
import { deduplication } from "../../deduplication.ts";
import type { Queue } from "./queue.ts";

export const sentMessages = deduplication("queues");

export const scopeOf = (queue: Queue, group: string) => (queue.settings.deduplicationScope === "group" ? group : "");
export const contentDeduplicationId = (body: string) => hash("sha256", body, "hex");

export async function nextSequence(tx: Transaction, queue: Queue): Promise<number> {
  const key = ["queues", "sequence", queue.id];
  const next = ((await tx.get<number>(key)) ?? 0) + 1;
  tx.set(key, next);
  return next;
}

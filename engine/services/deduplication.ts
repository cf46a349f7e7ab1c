import { between } from "../kernel/key.ts";
import type { Key, Reader, Transaction } from "../kernel/store.ts";

/** A message sent again within this time is answered like the first and not sent twice. */
const DEDUPLICATION_WINDOW_MS = 5 * 60 * 1000;
/** Each send takes away this many outlived entries, so that they never pile up and no send pays for all. */
const FORGOTTEN_PER_SEND = 4;

export interface SentBefore {
  readonly messageId: string;
  readonly sequence: number;
  readonly sentAtMs: number;
}

/** What a queue or topic remembers of its last messages, so that it takes none twice. */
export interface Deduplication {
  /** The message that went by this id in this scope within the window. */
  find(tx: Reader, owner: string, scope: string, id: string, nowMs: number): Promise<SentBefore | undefined>;
  remember(tx: Transaction, owner: string, scope: string, id: string, sent: SentBefore): Promise<void>;
}

export function deduplication(service: string): Deduplication {
  const recent = (owner: string, ...more: Key): Key => [service, "recent", owner, ...more];
  const recentByTime = (owner: string, ...more: Key): Key => [service, "recentByTime", owner, ...more];
  return {
    async find(tx, owner, scope, id, nowMs) {
      const known = await tx.get<SentBefore>(recent(owner, scope, id));
      return known && nowMs - known.sentAtMs < DEDUPLICATION_WINDOW_MS ? known : undefined;
    },
    async remember(tx, owner, scope, id, sent) {
      const outlivedMs = sent.sentAtMs - DEDUPLICATION_WINDOW_MS + 1;
      const outlived = between(recentByTime(owner), recentByTime(owner, outlivedMs));
      for (const { key } of await tx.range<true>(outlived, { limit: FORGOTTEN_PER_SEND })) {
        tx.delete(key);
        tx.delete(recent(owner, ...key.slice(4)));
      }
      tx.set(recent(owner, scope, id), sent);
      tx.set(recentByTime(owner, sent.sentAtMs, scope, id), true);
    },
  };
}

import { Type, type Static } from "typebox";
import { after, startingWith } from "../../../kernel/key.ts";
import type { Reader, Transaction } from "../../../kernel/store.ts";
import type { Scope } from "../../context.ts";

/** What left the engine towards somebody no engine can reach (an inbox, a phone), or could not be delivered. */
export const SentMessage = Type.Object({
  protocol: Type.String(),
  to: Type.String(),
  from: Type.Optional(Type.String()),
  subject: Type.Optional(Type.String()),
  body: Type.String(),
  messageId: Type.String(),
  atMs: Type.Integer(),
  topic: Type.Optional(Type.String()),
  /** Why it did not arrive: nobody takes its dead letters. */
  failure: Type.Optional(Type.String()),
});
export type SentMessage = Static<typeof SentMessage>;

const KEPT_MS = 14 * 24 * 60 * 60 * 1000;
/** Each message takes away this many outlived ones. */
const FORGOTTEN_PER_MESSAGE = 4;
const under = ({ account, region }: Scope) => ["topics", "sent", account, region];

export async function recordSent(tx: Transaction, scope: Scope, message: SentMessage): Promise<void> {
  const log = startingWith(under(scope));
  for (const { key, value } of await tx.range<SentMessage>(log, { limit: FORGOTTEN_PER_MESSAGE })) {
    if (value.atMs < message.atMs - KEPT_MS) tx.delete(key);
  }
  tx.append(under(scope), message);
}

/** The oldest first, after the position that a page before ended at. */
export async function listSent(
  tx: Reader,
  scope: Scope,
  { limit, next }: { readonly limit: number; readonly next?: number },
): Promise<{ messages: SentMessage[]; next?: number }> {
  const log = startingWith(under(scope));
  const rest = next === undefined ? log : after(log, [...under(scope), next]);
  const found = await tx.range<SentMessage>(rest, { limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    messages: page.map(({ value }) => value),
    ...(found.length > limit && last && { next: Number(last.key.at(-1)) }),
  };
}

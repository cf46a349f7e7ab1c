import { hash } from "node:crypto";
import { between } from "../../kernel/key.ts";
import type { Transaction } from "../../kernel/store.ts";
import type { OperationContext } from "../context.ts";
import { errors } from "./errors.ts";
import { LIMITS, spaces, tokenRecords } from "./model.ts";

/** One text for one value, whatever the order of its members. Texts carry their length, so that none runs on. */
function canonicalText(value: unknown): string {
  if (typeof value === "string") return `s${value.length}:${value}`;
  if (typeof value !== "object" || value === null) return `${String(value)};`;
  if (value instanceof Uint8Array) return `b${value.byteLength}:${Buffer.from(value).toString("base64")}`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join("")}]`;
  let text = "{";
  for (const name of sortedNames(value)) {
    const member = (value as Record<string, unknown>)[name];
    if (member !== undefined) text += `${name.length}:${name}${canonicalText(member)}`;
  }
  return `${text}}`;
}

/** Most objects here are attribute values, which have one name. */
function sortedNames(value: object): readonly string[] {
  const names = Object.keys(value);
  return names.length > 1 ? names.sort() : names;
}

/** The same for the same request, whatever the order of its members. */
export const digestOf = (request: unknown): string => hash("sha256", canonicalText(request), "base64");

/**
 * True when this very request was done before, as long as its token is good.
 *
 * Tokens are kept by the slot of time that they came in, each as long as a token's life: so a known one is in this slot
 * or the one before, and those of earlier slots go in one stroke, once in each slot.
 * Errors: `IdempotencyTokenReused`
 */
export async function wasDone(
  tx: Transaction,
  token: string,
  requestDigest: string,
  { account, region, clock }: OperationContext,
): Promise<boolean> {
  const nowMs = clock.nowMs();
  const slot = Math.floor(nowMs / LIMITS.tokenLifeMs);
  const known =
    (await tokenRecords.get(tx, account, region, slot, token)) ??
    (await tokenRecords.get(tx, account, region, slot - 1, token));
  if (known && nowMs - known.atMs <= LIMITS.tokenLifeMs) {
    if (known.requestDigest !== requestDigest) throw errors.IdempotencyTokenReused();
    return true;
  }
  const slotKey = spaces.tokenSlot.key(account, region);
  if ((await tx.get<number>(slotKey)) !== slot) {
    tx.set(slotKey, slot);
    tx.clear(between(spaces.token.key(account, region, 0, ""), spaces.token.key(account, region, slot - 1, "")));
  }
  tokenRecords.put(tx, { requestDigest, atMs: nowMs }, account, region, slot, token);
  return false;
}

import { Type } from "typebox";
import { after } from "../../../kernel/key.ts";
import type { Entry, Key, KeyRange, Reader } from "../../../kernel/store.ts";
import { errors } from "../errors.ts";

export const PAGE_MAX = 100;
export const PageInput = { next: Type.Optional(Type.String()) };
export const Next = Type.Optional(Type.String());

/** A page of a range; `next` names the last entry by the last parts of its key. */
export async function pageOf<T>(
  tx: Reader,
  range: KeyRange,
  prefix: Key,
  next: string | undefined,
): Promise<{ readonly entries: Entry<T>[]; readonly next?: string }> {
  const rest = next === undefined ? range : after(range, [...prefix, ...partsFrom(next)]);
  const found = await tx.range<T>(rest, { limit: PAGE_MAX + 1 });
  const entries = found.slice(0, PAGE_MAX);
  const last = entries.at(-1);
  if (found.length <= PAGE_MAX || last === undefined) return { entries };
  return { entries, next: tokenFor(last.key.slice(prefix.length)) };
}

const tokenFor = (parts: Key) => Buffer.from(JSON.stringify(parts)).toString("base64url");

function partsFrom(token: string): Key {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    if (Array.isArray(parts) && parts.every((part) => typeof part === "string")) return parts;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  throw errors.PageTokenInvalid();
}

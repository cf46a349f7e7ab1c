import { errors } from "./errors.ts";
import type { Tag } from "./model.ts";

const KEY_LENGTH_MAX = 128,
  VALUE_LENGTH_MAX = 256;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Throws `TagsTooMany` or `TagsInvalid` when the set breaks a rule. */
export function checkTags(
  tags: readonly Tag[],
  countMax: number,
  what: "Bucket" | "Object" | "Access point" | "Access grants" | "Dashboard",
): void {
  if (tags.length > countMax) throw errors.TagsTooMany({ what, limit: countMax });
  const seen = new Set<string>();
  for (const { key, value } of tags) {
    if (key.length === 0 || key.length > KEY_LENGTH_MAX || !ALLOWED.test(key))
      throw errors.TagsInvalid({ why: "The TagKey you have provided is invalid" });
    if (value.length > VALUE_LENGTH_MAX || !ALLOWED.test(value))
      throw errors.TagsInvalid({ why: "The TagValue you have provided is invalid" });
    if (key.startsWith("aws:")) throw errors.TagsInvalid({ why: "System tags cannot be added/updated by requester" });
    if (seen.has(key)) throw errors.TagsInvalid({ why: "Cannot provide multiple Tags with the same key" });
    seen.add(key);
  }
}

import type { Ids } from "../platform/ids.ts";

/** No hexadecimal id begins so; thus an id tells whether a fork gave it, and which. */
const LETTER = "z";
const DIGITS = 10;
export const FORK_TAG_LENGTH = LETTER.length + DIGITS;

/** What is one fork's and no other's: its name can be given again, this cannot. */
export const newForkTag = (ids: Ids): string => LETTER + ids.hex(DIGITS);

/** Ids that begin with the tag, as long as others. */
export const taggedIds = (ids: Ids, tag: string): Ids => ({
  ...ids,
  hex: (count) => tag + ids.hex(count - tag.length),
});

import { deletesData, replacesData } from "./rules/data-loss.ts";
import { unencrypted, unrecoverable, unversioned } from "./rules/protection.ts";
import { publicAccess, publicAccessBlock } from "./rules/public-access.ts";
import { untagged } from "./rules/tags.ts";
import type { Rule } from "./rule.ts";

/** The rules that every check has. Their names stay what they are: waivers use them. */
export const BUILT_IN_RULES: readonly Rule[] = [
  publicAccess,
  publicAccessBlock,
  unencrypted,
  unversioned,
  unrecoverable,
  deletesData,
  replacesData,
  untagged,
];

import type { Rule } from "../rule.ts";

export const untagged: Rule = {
  name: "untagged",
  severity: "note",
  summary: "A resource without tags or labels.",
  check({ type, tags, after }) {
    if (!after || tags === undefined || Object.keys(tags).length > 0) return undefined;
    return { message: `the ${type} has no tags`, hint: "tag it, or everything in its stack: --tag team=NAME" };
  },
};

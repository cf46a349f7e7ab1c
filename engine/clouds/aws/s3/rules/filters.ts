import { createHash } from "node:crypto";
import { tagsOf } from "../model.ts";
import { badArgument, malformedXml } from "./faults.ts";

interface Tag {
  readonly Key?: string;
  readonly Value?: string;
}
interface FilterWire {
  readonly Prefix?: string;
  readonly Tag?: Tag;
  readonly ObjectSizeGreaterThan?: number;
  readonly ObjectSizeLessThan?: number;
  readonly And?: {
    readonly Prefix?: string;
    readonly Tags?: readonly Tag[];
    readonly ObjectSizeGreaterThan?: number;
    readonly ObjectSizeLessThan?: number;
  };
}

/** Which objects a rule is for: one condition, or several below `And`. */
export function filterOf(rule: { readonly Prefix?: string; readonly Filter?: FilterWire }) {
  const { Filter: filter = {} } = rule;
  if (rule.Prefix !== undefined && rule.Filter !== undefined) throw malformedXml();
  const { And: and, ...alone } = filter;
  if (Object.keys(alone).length + (and ? 1 : 0) > 1) throw malformedXml();
  const all = and ?? filter;
  const tags = and ? and.Tags : filter.Tag && [filter.Tag];
  return {
    prefix: all.Prefix ?? rule.Prefix,
    tags: tags && tagsOf(tags),
    sizeAboveBytes: all.ObjectSizeGreaterThan,
    sizeBelowBytes: all.ObjectSizeLessThan,
  };
}

const ID_LENGTH_MAX = 255;

/** The rules with an id each: S3 gives one to those that have none. */
export function identified<Rule extends { readonly ID?: string }>(rules: readonly Rule[]): (Rule & { ID: string })[] {
  const seen = new Set<string>();
  return rules.map((rule, at) => {
    const ID = rule.ID || createHash("sha256").update(`${at} ${JSON.stringify(rule)}`).digest("base64url");
    if (ID.length > ID_LENGTH_MAX) throw badArgument("ID length should not exceed allowed limit of 255");
    if (seen.has(ID)) throw badArgument("Rule ID must be unique. Found same ID for more than one rule");
    seen.add(ID);
    return { ...rule, ID };
  });
}

/** `Enabled` or `Disabled`, and nothing else. */
export function isEnabled(rule: { readonly Status: string }): boolean {
  if (rule.Status !== "Enabled" && rule.Status !== "Disabled") throw malformedXml();
  return rule.Status === "Enabled";
}

import type { ExportedStack } from "./exported.ts";

/** What is said of a stack and nothing acts on, and a language has no form for: a note where there is something. */
export function leftOut(
  { rules, resources }: ExportedStack,
  language: string,
  written: readonly string[] = [],
): readonly string[] {
  const extras = resources.flatMap(({ logicalId, extras: said }) =>
    said.filter(({ key }) => !written.includes(key)).map(({ key }) => `${key} of ${logicalId}`),
  );
  const all = [...rules.map(({ name }) => `the rule ${name}`), ...extras];
  return all.length === 0 ? [] : [`Left out, with no form in ${language}: ${all.join(", ")}.`];
}

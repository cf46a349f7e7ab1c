import { BUILT_IN_RULES } from "../../stack/policy/built-in.ts";
import type { PolicySet } from "../../stack/policy/check.ts";
import { readPolicyFiles } from "../../stack/policy/policy-file.ts";
import type { Rule } from "../../stack/policy/rule.ts";
import { Failure } from "../failure.ts";
import { settingsFailure } from "../settings-failure.ts";
import { settingsFile, settingsFileIfThere } from "../settings-file.ts";
import { isRuleModule, loadRules } from "./load-rules.ts";

/** Read when it is there and no other is named. */
export const POLICY_FILE = "policy.yaml";

/**
 * The built-in rules and those of the files that are named, or of the folder's `policy.yaml`.
 * Errors: `Failure` for a file that cannot be used
 */
export async function readPolicies(directory: string, files: readonly string[] = []): Promise<PolicySet> {
  const rules: Rule[] = [...BUILT_IN_RULES];
  for (const file of files.filter(isRuleModule)) {
    for (const rule of await loadRules(directory, file)) {
      if (rules.some(({ name }) => name === rule.name))
        throw new Failure(`${file}: there is a rule "${rule.name}" already.`, ["Give it another name."]);
      rules.push(rule);
    }
  }
  const written = files.filter((file) => !isRuleModule(file));
  const sources =
    files.length === 0
      ? [settingsFileIfThere(directory, POLICY_FILE) ?? []].flat()
      : written.map((file) => settingsFile(directory, file, "--policy"));
  const { set, diagnostics } = readPolicyFiles(sources, rules);
  if (diagnostics.length > 0) throw settingsFailure(diagnostics, sources);
  return set;
}

/** The day of a time, in UTC: what waivers are held against. */
export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, "2026-11-21".length);

import { Type } from "typebox";
import { problem, type Diagnostic, type Problem } from "../diagnostics/diagnostic.ts";
import { diagnosticsOf, locator, type Source } from "../diagnostics/source.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { readSettings } from "../template/read-settings.ts";
import { assertionSchema, ruleOf } from "./assertion.ts";
import type { PolicySet } from "./check.ts";
import { FINDING_SEVERITIES } from "./finding.ts";
import type { Rule } from "./rule.ts";
import { DAY } from "./waivers.ts";

const waiver = Type.Object(
  {
    rule: Type.String(),
    resource: Type.Optional(Type.String()),
    stack: Type.Optional(Type.String()),
    reason: Type.String({ minLength: 1 }),
    expires: Type.String({ pattern: DAY }),
  },
  { additionalProperties: false },
);

/** A file of policies: `policy.yaml`. */
export const policyFileSchema = Type.Object(
  {
    severities: Type.Optional(Type.Record(Type.String(), Type.Enum([...FINDING_SEVERITIES, "off"] as const))),
    waivers: Type.Optional(Type.Array(waiver)),
    rules: Type.Optional(Type.Array(assertionSchema)),
  },
  { title: "Policies of CloudStacks", additionalProperties: false },
);

export interface ReadPolicies {
  readonly set: PolicySet;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * What files of policies say, all of them together; later files win. `rules` are those that there are besides: waivers
 * and severities may name them.
 */
export function readPolicyFiles(sources: readonly Source[], rules: readonly Rule[]): ReadPolicies {
  const read = sources.map((source) => ({ source, ...readSettings(policyFileSchema, source) }));
  const valid = read.filter(({ problems }) => problems.length === 0);
  const own = valid.flatMap(({ value }) => (value.rules ?? []).map(ruleOf));
  const names = new Set([...rules, ...own].map(({ name }) => name));
  const taken = new Set(rules.map(({ name }) => name));
  const diagnostics = read.flatMap((each) => {
    const isValid = each.problems.length === 0;
    const named = isValid ? [...repeatedNames(each, taken), ...unknownNames(each, names), ...brokenPatterns(each)] : [];
    return diagnosticsOf([...each.problems, ...named], each.source);
  });
  return {
    diagnostics,
    set: {
      rules: [...rules, ...own],
      severities: Object.assign({}, ...valid.map(({ value }) => value.severities)) as PolicySet["severities"],
      waivers: valid.flatMap(({ value, source, spanOf }) => {
        const locate = locator(source.text);
        return (value.waivers ?? []).map((each, index) => ({
          ...each,
          file: source.file,
          range: locate(spanOf(["waivers", index])),
        }));
      }),
    },
  };
}

type Read = ReturnType<typeof readSettings<typeof policyFileSchema>>;

/** A severity or a waiver of a rule that does not exist would quietly do nothing. */
function unknownNames({ value, spanOf }: Read, names: ReadonlySet<string>): Problem[] {
  const unknown = (name: string, path: readonly (string | number)[], wanted: "key" | "value") =>
    names.has(name) ? [] : [problem("CS1205", `there is no rule "${name}"`, spanOf(path, wanted), hintOf(name, names))];
  return [
    ...Object.keys(value.severities ?? {}).flatMap((name) => unknown(name, ["severities", name], "key")),
    ...(value.waivers ?? []).flatMap(({ rule }, index) => unknown(rule, ["waivers", index, "rule"], "value")),
  ];
}

const hintOf = (name: string, names: ReadonlySet<string>) =>
  didYouMean(name, names) ?? `there is ${[...names].join(", ")}`;

/** Two rules of one name could not be told apart by waivers. */
function repeatedNames({ value, spanOf }: Read, taken: Set<string>): Problem[] {
  return (value.rules ?? []).flatMap(({ name }, index) => {
    const span = spanOf(["rules", index, "name"]);
    if (taken.has(name)) return [problem("CS1004", `there is a rule "${name}" already`, span)];
    taken.add(name);
    return [];
  });
}

function brokenPattern(pattern: string): string | undefined {
  try {
    RegExp(pattern, "u");
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function brokenPatterns({ value, spanOf }: Read): Problem[] {
  return (value.rules ?? []).flatMap((rule, index) =>
    (["when", "require", "forbid"] as const).flatMap((part) =>
      Object.entries(rule[part] ?? {}).flatMap(([path, test]) => {
        if (typeof test !== "object" || test.matches === undefined) return [];
        const why = brokenPattern(test.matches);
        const span = spanOf(["rules", index, part, path, "matches"]);
        return why === undefined ? [] : [problem("CS1206", `"${test.matches}" is no regular expression: ${why}`, span)];
      }),
    ),
  );
}

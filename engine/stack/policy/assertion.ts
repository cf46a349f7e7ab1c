import { Type, type Static } from "typebox";
import type { PlannedResource } from "../plan/planned-resource.ts";
import { ACTIONS } from "../plan/plan.ts";
import { passes, testSchema, testText, valuesAt, type Conditions } from "./conditions.ts";
import { FINDING_SEVERITIES } from "./finding.ts";
import { known, type Known, type Rule, type Violation } from "./rule.ts";
import { matches } from "./waivers.ts";

const conditions = Type.Record(Type.String(), testSchema);
export const RULE_NAME = "^[a-z][a-z0-9-]{0,63}$";

/** A rule as a file of policies has it. */
export const assertionSchema = Type.Object(
  {
    name: Type.String({ pattern: RULE_NAME }),
    summary: Type.Optional(Type.String()),
    severity: Type.Optional(Type.Enum(FINDING_SEVERITIES)),
    on: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1 })])),
    actions: Type.Optional(Type.Array(Type.Enum(ACTIONS), { minItems: 1 })),
    when: Type.Optional(conditions),
    require: Type.Optional(conditions),
    forbid: Type.Optional(conditions),
    tags: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
    message: Type.Optional(Type.String()),
    hint: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);
export type Assertion = Static<typeof assertionSchema>;

/** The rule that an assertion states. */
export function ruleOf(assertion: Assertion): Rule {
  const { name, severity = "error", summary, message, hint } = assertion;
  return {
    name,
    severity,
    summary: summary ?? message ?? `The rule ${name}.`,
    check(resource) {
      const subject = subjectOf(assertion, resource);
      if (!subject || !isMeant(assertion, subject)) return undefined;
      const found = violationsOf(assertion, subject, resource);
      return found.map((each) => ({
        ...each,
        // What cannot be told yet is not what the author has words for.
        message: each.severity === undefined ? (message ?? each.message) : each.message,
        hint: each.hint ?? hint,
      }));
    },
  };
}

type Subject = Known & { readonly properties: unknown };

/** The resource in the words that the rule speaks, if the rule is about it. */
function subjectOf({ on = "*", actions }: Assertion, resource: PlannedResource): Subject | undefined {
  if (actions ? !actions.includes(resource.action) : resource.after === undefined) return undefined;
  const isNamed = (type: string) => [on].flat().some((pattern) => matches(pattern, type));
  const { like, ...own } = resource;
  const isKnownByLike = like !== undefined && !isNamed(resource.type);
  if (!isNamed(isKnownByLike ? like.type : resource.type)) return undefined;
  const found = known(isKnownByLike ? resource : own);
  return { ...found, properties: found.after ?? found.before };
}

const isMeant = ({ when = {} }: Assertion, { properties }: Subject): boolean =>
  Object.entries(when).every(([path, test]) => valuesAt(properties, path).some(({ value }) => passes(test, value)));

function violationsOf(assertion: Assertion, subject: Subject, resource: PlannedResource): Violation[] {
  const { require, forbid, tags, name } = assertion;
  if (!require && !forbid && !tags) return [{ message: `${name}: ${resource.logicalId} must not be there` }];
  return [...broken(require, subject, true), ...broken(forbid, subject, false), ...missingTags(tags, resource)];
}

function broken(conditions: Conditions | undefined, { properties, at }: Subject, mustPass: boolean): Violation[] {
  return Object.entries(conditions ?? {}).flatMap(([written, test]) =>
    valuesAt(properties, written).flatMap(({ path, value }): Violation[] => {
      const passed = passes(test, value);
      if (passed === mustPass) return [];
      if (passed === undefined)
        return [{ path: at(path), severity: "note", message: `${path} is known only after apply and is not checked` }];
      const is = value === undefined ? "is not set" : `is ${JSON.stringify(value)}`;
      const rule = `${mustPass ? "wanted" : "refused"} is what ${testText(test)}`;
      return [{ path: at(path), message: `${path} ${is}; ${rule}` }];
    }),
  );
}

function missingTags(wanted: readonly string[] | undefined, { tags }: PlannedResource): Violation[] {
  if (!wanted || tags === undefined) return [];
  const missing = wanted.filter((key) => !Object.hasOwn(tags, key));
  if (missing.length === 0) return [];
  return [{ message: `it has no ${missing.length === 1 ? "tag" : "tags"} ${missing.join(", ")}` }];
}

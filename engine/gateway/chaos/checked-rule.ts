import { ServiceError } from "../../services/errors.ts";
import { didYouMeanOneOf } from "../../stack/diagnostics/suggestion.ts";
import { EFFECTS, isLike, type RuleInput } from "./rule.ts";
import type { ServiceWords, Vocabulary } from "./vocabulary.ts";

/** A delay that nobody would wait for is a mistake in the unit. */
const DELAY_MS_MAX = 24 * 60 * 60 * 1000;

const invalid = (message: string) => new ServiceError("InvalidChaosRule", "invalidInput", message);

/**
 * A rule that can be kept, with the status of its error.
 * Errors: `InvalidChaosRule` for what cannot be, and for names that nothing has: such a rule would never do anything
 */
export function checkedRule(rule: RuleInput, vocabulary: Vocabulary): RuleInput {
  if (!EFFECTS.includes(rule.effect))
    throw invalid(`There is no effect "${rule.effect}": ${EFFECTS.join(", ")}.`);
  checkNumbers(rule);
  checkParts(rule);
  const words = named(rule, vocabulary);
  return rule.effect === "fail" ? { ...rule, ...errorOf(rule, words) } : rule;
}

function checkNumbers({ probability, seed, skip, count, delayMs }: RuleInput): void {
  if (probability !== undefined && !(probability > 0 && probability <= 1))
    throw invalid(`A probability is above 0 and at most 1, not ${probability}.`);
  for (const [name, value, minimum] of [
    ["seed", seed, 0],
    ["skip", skip, 0],
    ["count", count, 1],
  ] as const)
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= minimum))
      throw invalid(`A ${name} is a whole number from ${minimum}, not ${value}.`);
  if (delayMs !== undefined && !(delayMs > 0 && delayMs <= DELAY_MS_MAX))
    throw invalid(`A delay takes more than nothing and at most a day, not ${delayMs} ms.`);
}

/** What a part of a rule is for. */
const PARTS = [
  ["error", "fail"],
  ["status", "fail"],
  ["delayMs", "delay"],
  ["isAfter", "drop"],
] as const;
const WORDS = { error: "An error", status: "A status", delayMs: "A time", isAfter: "After its work" } as const;

function checkParts(rule: RuleInput): void {
  for (const [part, effect] of PARTS)
    if (rule[part] !== undefined && rule.effect !== effect)
      throw invalid(`${WORDS[part]} belongs to "${effect}", not to "${rule.effect}".`);
  if (rule.effect === "delay" && rule.delayMs === undefined) throw invalid("A delay needs a time: how long.");
  if (rule.seed !== undefined && rule.probability === undefined)
    throw invalid("A seed belongs to a probability: without one every call is disturbed.");
}

/** The services whose operations the rule may be about. */
function named({ cloud, service, operation }: RuleInput, vocabulary: Vocabulary): readonly ServiceWords[] {
  const ofCloud = found(vocabulary, cloud, (words) => [words.cloud], "cloud");
  const ofService = found(ofCloud, service, (words) => [words.service], "service", cloud && ` of ${cloud}`);
  const where = service ?? cloud;
  return found(ofService, operation, (words) => words.operations, "operation", where && ` of ${where}`);
}

function found(
  vocabulary: Vocabulary,
  pattern: string | undefined,
  names: (words: ServiceWords) => readonly string[],
  what: string,
  where = "",
): Vocabulary {
  if (pattern === undefined) return vocabulary;
  const matching = vocabulary.filter((words) => names(words).some((name) => isLike(pattern, name)));
  if (matching.length > 0) return matching;
  const meant = didYouMeanOneOf(pattern, new Set(vocabulary.flatMap(names)));
  throw invalid(`There is no ${what} "${pattern}"${where}${meant === undefined ? "." : `: ${meant}`}`);
}

/** The code as its cloud spells it, and its status. */
function errorOf({ error, status }: RuleInput, words: Vocabulary): Pick<RuleInput, "error" | "status"> {
  if (status !== undefined && !(Number.isInteger(status) && status >= 400 && status <= 599))
    throw invalid(`The status of a failure is from 400 to 599, not ${status}.`);
  if (error === undefined) return {};
  for (const { errors } of words) {
    const known = errors.get(error);
    if (known !== undefined) return { error, status: status ?? known };
  }
  if (status !== undefined) return { error, status };
  const meant = didYouMeanOneOf(error, new Set(words.flatMap(({ errors }) => [...errors.keys()])));
  throw invalid(
    `No service that the rule is about knows the error "${error}"${meant === undefined ? "" : ` (${meant})`}. ` +
      "With a status, any code is taken.",
  );
}

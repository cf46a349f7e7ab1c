import { problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildExpression, type Building } from "../expressions/build.ts";
import { entriesOf, entryOf, shapeName, type SourceEntry, type SourceNode } from "./source-tree.ts";
import type { Assertion, RuleDeclaration } from "./template.ts";

const KEYS = ["RuleCondition", "Assertions"];
const ASSERTION_KEYS = ["Assert", "AssertDescription"];

export function readRule({ key, keySpan, value }: SourceEntry, given: Building): RuleDeclaration | undefined {
  const building: Building = { ...given, inCondition: true, inRules: true };
  const { problems } = building;
  const entries = entriesOf(value, `rule ${key}`, problems);
  checkKeys(entries, KEYS, `rule ${key}`, building);
  const valueOf = (name: string) => entries.find((entry) => entry.key === name)?.value;
  const [condition, assertions] = [valueOf("RuleCondition"), valueOf("Assertions")];
  if (value.kind === "map" && (assertions?.kind !== "list" || assertions.items.length === 0)) {
    problems.push(problem("CS1307", `rule ${key} has no list of Assertions`, assertions?.span ?? keySpan));
  }
  return {
    name: key,
    span: keySpan,
    ...(condition && { condition: buildExpression(condition, building) }),
    assertions: (assertions?.kind === "list" ? assertions.items : []).flatMap((item) =>
      readAssertion(item, key, building),
    ),
  };
}

function readAssertion(item: SourceNode, rule: string, building: Building): Assertion[] {
  const assert = item.kind === "map" ? entryOf(item, "Assert")?.value : undefined;
  if (item.kind !== "map" || !assert) {
    const message = `an assertion of rule ${rule} is {Assert: condition, AssertDescription: text}`;
    building.problems.push(problem("CS1307", message, item.span, item.kind === "map" ? "it has no Assert" : undefined));
    return [];
  }
  checkKeys(item.entries, ASSERTION_KEYS, `an assertion of rule ${rule}`, building);
  const description = entryOf(item, "AssertDescription")?.value;
  if (description && (description.kind !== "scalar" || typeof description.value !== "string")) {
    const message = `the AssertDescription of rule ${rule} is a text, not ${shapeName(description)}`;
    building.problems.push(problem("CS1307", message, description.span));
  }
  return [
    {
      assert: buildExpression(assert, building),
      span: assert.span,
      ...(description?.kind === "scalar" && { description: String(description.value) }),
    },
  ];
}

function checkKeys(entries: readonly SourceEntry[], known: readonly string[], what: string, building: Building): void {
  for (const { key, keySpan } of entries) {
    if (known.includes(key)) continue;
    building.problems.push(problem("CS1307", `unknown key "${key}" of ${what}`, keySpan, didYouMean(key, known)));
  }
}

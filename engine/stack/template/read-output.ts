import { problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildExpression, type Building } from "../expressions/build.ts";
import { readConditionName } from "./read-resource.ts";
import { entriesOf, entryOf, type SourceEntry } from "./source-tree.ts";
import type { OutputDeclaration } from "./template.ts";

const OUTPUT_KEYS = ["Value", "Description", "Export", "Condition"];

export function readOutput(
  { key, keySpan, value }: SourceEntry,
  building: Building,
): OutputDeclaration | undefined {
  const { problems } = building;
  const entries = entriesOf(value, `output ${key}`, problems);
  for (const entry of entries) {
    if (!OUTPUT_KEYS.includes(entry.key)) {
      problems.push(
        problem(
          "CS1003",
          `unknown key "${entry.key}" of output ${key}`,
          entry.keySpan,
          didYouMean(entry.key, OUTPUT_KEYS),
        ),
      );
    }
  }
  const valueOf = (name: string) => entries.find((entry) => entry.key === name)?.value;
  const output = valueOf("Value");
  if (!output) {
    if (value.kind === "map") problems.push(problem("CS1002", `output ${key} has no Value`, keySpan));
    return undefined;
  }
  const exported = valueOf("Export");
  const exportName = exported?.kind === "map" ? entryOf(exported, "Name")?.value : undefined;
  if (exported && !exportName)
    problems.push(problem("CS1002", `the Export of output ${key} is {Name: ...}`, exported.span));
  const description = valueOf("Description");
  const condition = value.kind === "map" ? readConditionName(value, `output ${key}`, problems) : undefined;
  return {
    name: key,
    span: keySpan,
    value: buildExpression(output, building),
    ...(description?.kind === "scalar" && { description: String(description.value) }),
    ...(condition && { condition }),
    ...(exportName && { exportName: buildExpression(exportName, building) }),
  };
}

import { problem, type Problem } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildObject, type Building } from "../expressions/build.ts";
import { entryOf, shapeName, type SourceEntry, type SourceMap } from "./source-tree.ts";
import { DELETION_POLICIES, type DeletionPolicy, type ResourceDeclaration } from "./template.ts";

const KEYS = ["Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"];
const UNSUPPORTED_KEYS = new Set(["CreationPolicy", "UpdatePolicy"]);
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

export function readResource(
  { key, keySpan, value }: SourceEntry,
  building: Building,
): ResourceDeclaration | undefined {
  const { problems } = building;
  if (value.kind !== "map") {
    problems.push(problem("CS1002", `resource ${key} is a map with a Type, not ${shapeName(value)}`, value.span));
    return undefined;
  }
  if (!LOGICAL_ID.test(key)) {
    problems.push(problem("CS1002", `"${key}" cannot name a resource`, keySpan, "use letters and digits only"));
  }
  checkKeys(key, value, problems);
  const type = entryOf(value, "Type")?.value;
  if (type?.kind !== "scalar" || typeof type.value !== "string") {
    problems.push(problem("CS1209", `resource ${key} has no Type`, type?.span ?? keySpan));
    return undefined;
  }
  const properties = entryOf(value, "Properties")?.value;
  const isEmpty = properties === undefined || (properties.kind === "scalar" && properties.value === null);
  if (!isEmpty && properties.kind !== "map") {
    problems.push(
      problem("CS1002", `the Properties of ${key} are a map, not ${shapeName(properties)}`, properties.span),
    );
  }
  const condition = entryOf(value, "Condition")?.value;
  const metadata = entryOf(value, "Metadata")?.value;
  const deletionPolicy = readPolicy(value, "DeletionPolicy", problems);
  return {
    logicalId: key,
    span: keySpan,
    type: type.value,
    typeSpan: type.span,
    properties:
      properties?.kind === "map"
        ? buildObject(properties, building)
        : { kind: "object", entries: [], span: type.span },
    dependsOn: readDependsOn(value, problems),
    ...(condition?.kind === "scalar" && { condition: { name: String(condition.value), span: condition.span } }),
    deletionPolicy: deletionPolicy ?? "Delete",
    updateReplacePolicy: readPolicy(value, "UpdateReplacePolicy", problems) ?? "Delete",
    ...(metadata && { metadata }),
  };
}

function checkKeys(logicalId: string, node: SourceMap, problems: Problem[]): void {
  for (const { key, keySpan } of node.entries) {
    if (KEYS.includes(key)) continue;
    problems.push(
      UNSUPPORTED_KEYS.has(key)
        ? problem("CS1005", `${key} is not supported yet`, keySpan)
        : problem("CS1003", `unknown key "${key}" of resource ${logicalId}`, keySpan, didYouMean(key, KEYS)),
    );
  }
}

function readPolicy(node: SourceMap, name: string, problems: Problem[]): DeletionPolicy | undefined {
  const value = entryOf(node, name)?.value;
  if (!value) return undefined;
  const policy = DELETION_POLICIES.find((each) => value.kind === "scalar" && value.value === each);
  if (policy) return policy;
  problems.push(
    problem(
      "CS1208",
      `${name} cannot be ${value.kind === "scalar" ? `"${String(value.value)}"` : shapeName(value)}`,
      value.span,
      `use one of ${DELETION_POLICIES.join(", ")}`,
    ),
  );
  return undefined;
}

function readDependsOn(node: SourceMap, problems: Problem[]): ResourceDeclaration["dependsOn"] {
  const value = entryOf(node, "DependsOn")?.value;
  if (!value) return [];
  const items = value.kind === "list" ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === "scalar" && typeof item.value === "string") return [{ logicalId: item.value, span: item.span }];
    problems.push(problem("CS1002", "DependsOn is a logical id or a list of them", item.span));
    return [];
  });
}

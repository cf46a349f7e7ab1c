import { problem, type Problem, type Span } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/suggestion.ts";
import { buildObject, type Building } from "../expressions/build.ts";
import { readConductPolicies, readPolicy } from "./read-policies.ts";
import { entryOf, shapeName, type SourceEntry, type SourceMap } from "./source-tree.ts";
import type { ResourceDeclaration } from "./template.ts";

const KEYS = [
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "CreationPolicy",
  "DeletionPolicy",
  "Metadata",
  "UpdatePolicy",
  "UpdateReplacePolicy",
  // Of a custom resource's interface; nothing but its type looks at it.
  "Version",
];
/** Keys of the serverless transform, which is refused as a whole. */
const SERVERLESS_KEYS = new Set(["Connectors", "IgnoreGlobals"]);
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
    problems.push(problem("CS1002", `"${key}" cannot name a resource`, keySpan, "use up to 255 letters and digits"));
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
  const conductPolicies = readConductPolicies(key, value, building);
  const metadata = entryOf(value, "Metadata")?.value;
  const condition = readConditionName(value, `resource ${key}`, problems);
  const deletionPolicy = readPolicy(value, "DeletionPolicy", building);
  const updateReplacePolicy = readPolicy(value, "UpdateReplacePolicy", building);
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
    ...(condition && { condition }),
    deletionPolicy: deletionPolicy?.policy ?? "Delete",
    updateReplacePolicy: updateReplacePolicy?.policy ?? "Delete",
    statedPolicies: [deletionPolicy, updateReplacePolicy].filter((each) => each !== undefined),
    ...(metadata && { metadata }),
    ...(conductPolicies.length > 0 && { conductPolicies }),
  };
}

function checkKeys(logicalId: string, node: SourceMap, problems: Problem[]): void {
  for (const { key, keySpan } of node.entries) {
    if (KEYS.includes(key)) continue;
    problems.push(
      SERVERLESS_KEYS.has(key)
        ? problem("CS1005", `${key} is not supported yet: it comes with the serverless transform (SAM)`, keySpan)
        : problem("CS1003", `unknown key "${key}" of resource ${logicalId}`, keySpan, didYouMean(key, KEYS)),
    );
  }
}

/** The condition that a resource or an output stands under. */
export function readConditionName(
  node: SourceMap,
  what: string,
  problems: Problem[],
): { readonly name: string; readonly span: Span } | undefined {
  const value = entryOf(node, "Condition")?.value;
  if (!value) return undefined;
  if (value.kind === "scalar" && typeof value.value === "string") return { name: value.value, span: value.span };
  problems.push(problem("CS1002", `the Condition of ${what} is the name of one, not ${shapeName(value)}`, value.span));
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
